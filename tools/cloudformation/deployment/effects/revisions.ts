import { stableJson } from '../../../../src/kernel/digest.ts';
import type { ResourceChange, ResourcePolicies, TemplateFacts } from '../../../ports/cloudformation.ts';
import { jsonPointer } from '../../../ports/json-pointer.ts';
import type { TypeKnowledge } from '../../knowledge/language.ts';
import { type Finding, finding } from './finding.ts';

type Revision = NonNullable<TypeKnowledge['revision']>;

/** What is known beside the change. */
interface Beside {
  readonly before: ResourcePolicies | undefined;
  readonly added: ReadonlySet<string>;
  readonly resources?: TemplateFacts['resources'];
}

/**
 * What the removal of a numbered state does. Others call a function's version, or start a task, by its number: it isn't
 * there any more, and no other one ever gets it. Where another state of the same takes its place, they are as with one
 * that CloudFormation replaces.
 */
export function revisionGone(change: ResourceChange, revision: Revision, beside: Beside): Finding {
  if (change.policy_action === 'Retain') return finding('modify', 'this numbered state stays, out of the stack');
  if (revision === true) return finding('modify', 'this numbered state goes, which nothing needs any more');
  if (isFollowed(change, revision.of, beside)) return finding('modify', 'another numbered state takes its place');
  const why = 'this numbered state goes, for all who name it by its number, which no other one gets';
  return { effect: 'disrupt', why, recoverable: false };
}

/** Does the same change set make another one, of the same thing of the template's own? */
function isFollowed({ type }: ResourceChange, of: string, { before, added, resources = {} }: Beside): boolean {
  const place = jsonPointer([of]);
  const owners = before?.own_values?.get(place) ?? [];
  return (
    owners.length > 0 &&
    [...added].some((id) => {
      const other = resources[id];
      return other?.type === type && stableJson(other.own_values?.get(place) ?? []) === stableJson(owners);
    })
  );
}
