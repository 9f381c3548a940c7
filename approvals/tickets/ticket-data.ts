import type { Believed } from '../../src/audit/believe.ts';
import { mayArriveUntil } from '../../src/kernel/arrival.ts';
import type { Json } from '../../src/kernel/digest.ts';
import { evidenceOf, resolutionIn } from '../../src/kernel/resolution.ts';
import type { ShortageText } from '../../src/policy/shortage-text.ts';
import { type Desk, typedHere } from '../desk.ts';
import { isListedTicket, type Listed } from '../render/list.ts';
import type { Assessment } from './assess.ts';

/** A listed ticket for programs (`--json`, the companion): the facts of its plan, or what is wrong with it. */
export function ticketData(one: Listed, desk: Pick<Desk, 'command'>): { readonly [key: string]: Json | undefined } {
  if (!isListedTicket(one)) return { id: one.altered, state: 'tampered', problem: one.problem };
  const { ticket, shortage } = one;
  const { plan } = ticket;
  return {
    id: ticket.id,
    state: ticket.state,
    tool: plan?.tool ?? ticket.draft.tool,
    agent: plan?.agent ?? ticket.draft.agent,
    operator: plan?.operator ?? ticket.draft.operator,
    ...(plan?.identity && { identity: { ...plan.identity } }),
    created_at: plan?.created_at ?? ticket.draft.created_at,
    expires_at: plan?.expires_at ?? ticket.draft.expires_at,
    ...(plan && {
      environment: plan.environment,
      account: plan.account,
      ...(plan.account_name && { account_name: plan.account_name }),
      region: plan.region,
      summary: plan.summary,
      effects: plan.effects,
      targets: plan.targets.map(({ name, id }) => ({ name, id })),
      requirement: plan.requirement,
    }),
    digest: ticket.plan && ticket.digest,
    finished_at: ticket.finished_at,
    waiting: waitingData(ticket),
    progress: ticket.progress && { ...ticket.progress },
    resolution: resolutionData(ticket),
    ...(shortage && { cannot_be_approved: shortageData({ shortage }, desk) }),
    refusal: ticket.refusal && { ...ticket.refusal },
  };
}

/** Why an approved ticket doesn't run, and since when. */
function waitingData({ waiting }: Pick<Believed, 'waiting'>): Json | undefined {
  return waiting && { since: waiting.since, ...waiting.refusal };
}

/** A person's word on what became of it, in place of AWS's evidence. */
function resolutionData({ resolution }: Pick<Believed, 'resolution'>): Json | undefined {
  const word = resolutionIn(resolution);
  return word && { ...word };
}

/** A reviewed ticket for programs: the whole plan as it was hashed, and what was made of its decisions. */
export function reviewData(assessment: Assessment): { readonly [key: string]: Json | undefined } {
  const { ticket, plan, counted, glass } = assessment;
  return {
    ticket: {
      id: ticket.id,
      state: assessment.state,
      digest: assessment.digest,
      created_at: plan.created_at,
      expires_at: plan.expires_at,
      requirement: plan.requirement,
      decisions: [
        ...counted.denials.map(({ by, signed_at, assurance, reason }) => ({
          decision: 'deny',
          by,
          assurance,
          reason,
          at: signed_at,
        })),
        ...counted.approvals.map(({ person, assurance }) => ({
          decision: 'approve',
          by: person,
          assurance,
          ...(counted.glass.some((one) => one.person === person) ? { break_glass: true } : {}),
        })),
      ],
      glass_broken: glass.broken.map(({ by, signed_at, assurance, reason, expires_at }) => ({
        by,
        at: signed_at,
        assurance,
        reason,
        expires_at,
      })),
      reviewed_by: glass.reviewedBy ?? null,
      missing: assessment.missing ?? null,
      cannot_be_approved: shortageData(assessment, assessment),
      warnings: assessment.warnings,
      finished_at: ticket.finished_at,
      waiting: waitingData(ticket),
      progress: ticket.progress && { ...ticket.progress },
      resolution: resolutionData(ticket),
      rehearsed: ticket.rehearsed && { ...ticket.rehearsed },
      // What `tickets resolve --seen` takes: the digest of `result`.
      seen: ticket.state === 'unknown' ? evidenceOf(ticket.result) : undefined,
      // From when on `--as-not-happened` counts.
      may_arrive_until: ticket.state === 'unknown' ? mayArriveUntil(ticket.intent) : undefined,
    },
    // The stored bytes as a value: every member is JSON already, zod's optional members only type it otherwise.
    plan: JSON.parse(ticket.bytes) as Json,
    result: ticket.result,
    refusal: ticket.refusal && { ...ticket.refusal },
  };
}

/** Why nobody can let it run as things are, and the way out; null where someone can. */
export function shortageData(
  { shortage }: { readonly shortage?: ShortageText | undefined },
  { command }: Pick<Desk, 'command'>,
) {
  return shortage ? { message: shortage.message, recovery: typedHere({ command }, shortage.recovery) } : null;
}
