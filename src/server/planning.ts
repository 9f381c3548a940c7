import type { ChangeTool, Planned, Readers, Residue } from '../../tools/define.ts';
import { schemaDigestOf } from '../../tools/schema.ts';
import type { Permits } from '../../tools/session/permits.ts';
import { sessionPolicy } from '../../tools/session/policy.ts';
import type { Json } from '../kernel/digest.ts';
import type { TicketDraft } from '../kernel/draft.ts';
import { effectsOf } from '../kernel/effects.ts';
import { MovedOn, type Refusal } from '../kernel/errors.ts';
import { type Made, type PlanRecord, sealPlan } from '../kernel/plan.ts';
import type { Rehearsal } from '../kernel/rehearsal.ts';
import type { TicketId, TicketState } from '../kernel/ticket.ts';
import type { Restores } from '../kernel/undo.ts';
import { refusalBy } from '../policy/refusal.ts';
import { fitting } from '../present/presentable.ts';
import type { Opening, StoredTicket } from '../store/port.ts';
import type { PlacedContext, ServerContext } from './context.ts';
import { refuseDenied } from './denied-before.ts';
import { goesOnOf, permitsOf } from './goes-on.ts';
import { demandKnown, demandLogin } from './login.ts';
import { plannedAsAsked } from './snapshots-asked.ts';
import { weigh } from './weighing.ts';

/** One change call on its way to becoming a ticket. */
export interface Proposal {
  readonly id: TicketId;
  readonly tool: ChangeTool;
  /** What the tool's own schema parsed. */
  readonly input: Record<string, Json> & { readonly reason: string };
  readonly draft: TicketDraft;
  /** Where it brings back what another ticket changed. */
  readonly restores?: Restores | undefined;
  /** Aborted when nothing may come of it any more: the caller was told so. */
  readonly given_up: AbortController;
}

/** Longer than AWS may take to make what planning needs, and short enough that no plan is read for ever. */
const PLANNING_LIMIT_MS = 15 * 60_000;

/** When as many calls as this come at the same moment, each gets its turn. */
const WEIGHINGS = 100;

/**
 * The room in the entry that opens a ticket for its targets, and again for its impact. The whole plan is in the ticket.
 */
const ENTRY_BYTES = 8 * 1024;

/** Plans and opens the ticket. What planning made in AWS is given up for removal when no ticket comes of it. */
export async function planAndOpen(context: PlacedContext, proposal: Proposal): Promise<StoredTicket> {
  const { id, tool, input, draft } = proposal;
  const over = AbortSignal.any([proposal.given_up.signal, AbortSignal.timeout(PLANNING_LIMIT_MS)]);
  const readers = await context.aws.readers(draft.region, over);
  let announced = false;
  const announce = async (residue: Residue) => {
    await announceResidue(context, proposal, residue);
    announced = true;
  };
  try {
    const recorded = tool.record(input, context.hideSecret, readers);
    const rules = await context.rules();
    const { macros, compareLive = true } = rules;
    const planners = tool.prepare && (await context.aws.planners(draft.region, over));
    const made =
      planners && (await tool.prepare?.(input, { ticket: id, readers, planners, macros, compareLive, announce }));
    const { restores } = proposal;
    const asked = await plannedAsAsked(context, tool, {
      stored: recorded,
      readers,
      made,
      restores,
    });
    const material = { ...asked, readers, made };
    const rehearsal = input.rehearse === true ? await rehearsed(context, proposal, material) : undefined;
    const { ticket, existing } = await weighAndOpen(context, proposal, { ...material, rehearsal });
    if (existing && announced) await context.store.abandonResidue(id);
    return ticket;
  } catch (error) {
    if (announced) await context.store.abandonResidue(id);
    throw error;
  }
}

/**
 * What AWS said stays good. What the store said is read again where something came in between; of several calls at
 * once, one always gets through.
 */
async function weighAndOpen(context: PlacedContext, proposal: Proposal, material: Material) {
  for (let left = WEIGHINGS; ; left -= 1) {
    const opening = await openingOf(context, proposal, material);
    await refuseDenied(context, opening.grounds.subject);
    proposal.given_up.signal.throwIfAborted();
    try {
      return await context.store.openTicket(opening);
    } catch (error) {
      if (!(error instanceof MovedOn) || left === 0) throw error;
    }
  }
}

async function announceResidue(
  { store, agent, session }: ServerContext,
  { id, tool }: Proposal,
  residue: Residue,
): Promise<void> {
  await store.announceResidue(
    { ticket: id, tool: tool.name, residue: { ...residue } },
    {
      type: 'aws.requested',
      actor: `agent:${agent}`,
      session,
      ticket: id,
      tool: tool.name,
      detail: { request: tool.makes?.request, ...residue },
    },
  );
}

interface Material {
  readonly stored: Record<string, Json>;
  readonly readers: Readers;
  readonly made: Made | undefined;
  readonly planned: Planned;
  /** Where the call asked for one. */
  readonly rehearsal?: Rehearsal | undefined;
}

/** What is planned, played on a copy: what people and policy get to know of it beside the plan. */
async function rehearsed(
  { rehearse }: ServerContext,
  { id, tool }: Proposal,
  { stored, made, planned, readers: { caller } }: Material,
): Promise<Rehearsal> {
  const { account, region } = caller;
  return await rehearse({
    ticket: id,
    tool: tool.name,
    arguments: stored,
    account,
    region,
    guard: planned.guard,
    targets: [...planned.targets],
    impact: [...planned.impact],
    ...(planned.lifecycle ? { lifecycle: planned.lifecycle } : {}),
    ...(planned.undo ? { undo: planned.undo } : {}),
    ...(made ? { made } : {}),
  });
}

/** Asks policy, and writes the plan down. */
async function openingOf(
  context: PlacedContext,
  { id, tool, draft, restores }: Proposal,
  material: Material,
): Promise<Opening> {
  const { stored, made, readers, rehearsal } = material;
  const { account, region, arn } = readers.caller;
  // It may have been said otherwise while this was planned.
  await demandLogin(context);
  const weighed = await weigh(context, tool, stored, material.planned, { account, region }, { restores, rehearsal });
  const { planned, call, circumstances, grounds, environment, rules, policy, requirement } = weighed;
  demandKnown(context, requirement, (tally) => policy.permits(weighed.question, tally));
  const { agent, operator, session, created_at, reason } = draft;
  const created = { ...draft, expires_at: later(created_at, rules.expireAfterMs(environment)) };
  const unsent: PlanRecord = {
    format: 'holdshort/plan/v1',
    ticket: id,
    created_at,
    expires_at: created.expires_at,
    agent,
    operator,
    session,
    ...(context.identity ? { identity: { ...context.identity } } : {}),
    tool: tool.name,
    tool_schema: schemaDigestOf(tool),
    arguments: stored,
    account,
    ...(context.account ? { account_name: context.account.name } : {}),
    region,
    caller_arn: arn,
    environment,
    summary: planned.summary,
    targets: [...planned.targets],
    effects: [...effectsOf(planned.impact)],
    impact: [...planned.impact],
    ...(planned.steps ? { steps: [...planned.steps] } : {}),
    ...(planned.lifecycle ? { lifecycle: planned.lifecycle } : {}),
    ...(planned.undo ? { undo: planned.undo } : {}),
    ...(planned.snapshot_first ? { snapshot_first: planned.snapshot_first } : {}),
    ...(restores ? { restores } : {}),
    ...(rehearsal ? { rehearsal } : {}),
    guard: planned.guard,
    circumstances,
    ...(made ? { made } : {}),
    policy: policy.digest,
    // Where nothing would make policy permit it, the record shows the most that could have been asked, and the ticket
    // is refused.
    requirement: requirement ?? { approvals: 9, assurance: 'hardware', operator_may_approve: false },
    reason,
    software: context.software,
  };
  const permits = permitsOf(tool, unsent);
  if (context.aws.perRequest) demandSessions(permits);
  const goes_on = goesOnOf(permits, planned, context.aws.perRequest);
  const plan: PlanRecord = { ...unsent, ...(goes_on ? { goes_on } : {}) };
  return {
    id,
    draft: created,
    plan: sealPlan(plan),
    call,
    state: stateFor(requirement?.approvals),
    environment,
    grounds,
    ...(requirement ? {} : { refusal: withWhy(refusalBy(policy, weighed.question), rehearsal) }),
    detail: {
      effects: plan.effects,
      summary: plan.summary,
      requirement: requirement ?? null,
      reason,
      ...(plan.identity ? { identity: plan.identity } : {}),
      ...(rehearsal ? { rehearsal: shortOf(rehearsal) } : {}),
      ...(plan.steps ? { steps: plan.steps.map(({ tool: sends }) => sends) } : {}),
      ...bounded(
        'targets',
        plan.targets.map((target) => target.id),
      ),
      ...bounded(
        'impact',
        plan.impact.map(({ effect, type, resource }) => ({ effect, type, resource })),
      ),
    },
  };
}

/** Policy may ask for a rehearsal: who asked for one, and got none, must see that asking again is no way on. */
function withWhy(refusal: Refusal, rehearsal: Rehearsal | undefined): Refusal {
  if (!rehearsal || rehearsal.carried_through) return refusal;
  return { ...refusal, message: `${refusal.message}; its rehearsal was not carried through: ${rehearsal.why}` };
}

/** The whole is in the plan. */
function shortOf(rehearsal: Rehearsal): Json {
  if (!rehearsal.carried_through) return { carried_through: false };
  const { change, way_back, failed, not_back } = rehearsal;
  const ends = { change: change.ended, way_back: way_back?.ended ?? null };
  return { carried_through: true, ...ends, failed: failed.length, not_back: not_back.length };
}

/** As many as an entry has room for, and how many more there are. */
function bounded(name: string, all: readonly Json[]): { readonly [key: string]: Json } {
  const shown = fitting(all, ENTRY_BYTES);
  return {
    [name]: [...shown],
    ...(shown.length < all.length ? { [`${name}_left_out`]: all.length - shown.length } : {}),
  };
}

function stateFor(approvals: number | undefined): Extract<TicketState, 'refused' | 'approved' | 'pending'> {
  if (approvals === undefined) return 'refused';
  return approvals === 0 ? 'approved' : 'pending';
}

/** @param at ISO 8601 */
export function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

/**
 * Nobody decides what couldn't be sent: each request's session has to have room for what it needs.
 * @throws invalid_input
 */
function demandSessions(permits: readonly Permits[]): void {
  for (const one of permits) sessionPolicy(one);
}
