import type { StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import type { Glass } from '../kernel/break-glass.ts';
import { isDestructive } from '../kernel/effects.ts';
import type { Tally } from '../kernel/requirement.ts';
import { actionOf } from '../kernel/tool-name.ts';
import type { PolicyQuestion } from './engine.ts';

type CedarRequest = Omit<StatefulAuthorizationCall, 'preparsedSchemaName' | 'preparsedPolicySetId' | 'validateRequest'>;

/** A question in Cedar's terms. A change that names no effect can't be classified, so it counts as the worst. */
export function requestOf(question: PolicyQuestion, tally: Tally, glass: Glass): CedarRequest {
  const { allowed, freeze, asked, quota } = question;
  const effects = question.effects.length > 0 ? question.effects : (['unknown'] as const);
  const principal = { type: 'Agent', id: question.agent };
  return {
    principal,
    action: { type: 'Action', id: actionOf(question.tool) },
    resource: { type: 'Environment', id: question.environment },
    context: {
      account: question.account,
      region: question.region,
      effects: effects.map((id) => ({ __entity: { type: 'Effect', id } })),
      destructive: effects.some(isDestructive),
      resources: question.resources,
      delete_and_recreate: question.delete_and_recreate,
      unsettled: question.unsettled,
      snapshot_first: question.snapshot_first,
      restores: question.restores,
      rehearsed: question.rehearsed,
      rehearsal_failed: question.rehearsal_failed,
      undo: { __entity: { type: 'Undo', id: question.undo } },
      allowed: { ...allowed },
      freeze: { active: freeze.active, names: [...freeze.names], reason: freeze.reason, until: freeze.until },
      asked: { ...asked },
      quota: { ...quota },
      break_glass: {
        client: [...glass.client],
        key: [...glass.key],
        presence: [...glass.presence],
        hardware: [...glass.hardware],
      },
      approvals: { all: { ...tally.all }, without_operator: { ...tally.without_operator } },
    },
    entities: [{ uid: principal, attrs: { operator: question.operator }, parents: [] }],
  };
}
