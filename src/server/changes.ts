import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeSetRef, ChangeTool, Readers } from '../../tools/define.ts';
import { schemaDigestOf } from '../../tools/schema.ts';
import type { Json } from '../kernel/digest.ts';
import { effectsOf } from '../kernel/effects.ts';
import { environmentOf, subjectsOf } from '../kernel/environment.ts';
import { HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';
import { callDigest, type PlanRecord, sealPlan } from '../kernel/plan.ts';
import { isTerminal, type TicketId, type TicketState, ticketIdFrom } from '../kernel/ticket.ts';
import { questionOf } from '../policy/question.ts';
import type { StoredTicket, TicketDraft } from '../store/port.ts';
import type { ServerContext } from './context.ts';
import { waitFor } from './wait.ts';

/** A client waits 60 s by default; a call answers within 45. Planning gets the first part, the outcome of what policy allows the rest. */
const PLANNING_MS = 30_000;
const ANSWER_MS = 42_000;

/**
 * A change call: plan it, ask policy, make it a ticket. Nothing in AWS changes here but a change set that planning needs. Returns the
 * ticket as it is when the time for an answer is over or there is nothing more to wait for.
 * @throws HoldshortError when there is no ticket: planning refused, or could not be done
 */
export async function propose(
  context: ServerContext,
  tool: ChangeTool,
  input: Record<string, Json> & { reason: string; region?: string },
): Promise<StoredTicket> {
  const startedAt = performance.now();
  const { store } = context;
  const id = ticketIdFrom(context.newTicketBytes());
  const region = input.region ?? (await context.aws.defaultRegion());
  const createdAt = store.now();
  const draft: TicketDraft = {
    agent: context.agent,
    operator: context.operator,
    session: context.session,
    tool: tool.name,
    region,
    reason: input.reason,
    created_at: createdAt,
    // Until there is a plan there is no environment, and so the strictest one's time.
    expires_at: later(createdAt, context.expireAfterMs('production')),
  };
  const planned = planAndOpen(context, tool, input, id, draft);
  const first = await Promise.race([planned, sleep(PLANNING_MS, undefined, { ref: false })]);
  if (!first) return await keepPlanning(context, id, draft, planned);
  if (first.id !== id) await recordRepeat(context, tool.name, first, input.reason);
  if (first.state !== 'approved') return first;
  return await waitFor(
    store,
    first.id,
    (state) => isTerminal(state) || state === 'unknown',
    ANSWER_MS - (performance.now() - startedAt),
  );
}

/** The same call waits already. The log shows that it was made again, and what reason was given this time. */
async function recordRepeat(
  { store, agent, session }: ServerContext,
  tool: string,
  ticket: StoredTicket,
  reason: string,
) {
  await store.append({
    type: 'call.completed',
    actor: `agent:${agent}`,
    session,
    ticket: ticket.id,
    tool,
    outcome: 'pending_approval',
    detail: { repeated: true, reason },
  });
}

/** AWS is slow: the ticket becomes visible as `planning`, and planning goes on behind the answer. */
async function keepPlanning(
  context: ServerContext,
  id: TicketId,
  draft: TicketDraft,
  planned: Promise<StoredTicket>,
): Promise<StoredTicket> {
  const { store, log } = context;
  const waiting = await store.startPlanning(id, draft).catch((error) => {
    // Planning ended in the same moment.
    if (error instanceof HoldshortError && error.code === 'conflict') return undefined;
    throw error;
  });
  if (!waiting) return await planned;
  planned
    .then(
      async (ticket) => {
        if (ticket.id !== id)
          await store.refusePlanning(id, {
            code: 'conflict',
            message: `the same call already waits as ${ticket.id}`,
            recovery: `use ${ticket.id}`,
          });
      },
      (error) => store.refusePlanning(id, refusalFor(error)),
    )
    .catch((error) => log.error({ err: error, ticket: id }, 'the end of planning could not be recorded'));
  return waiting;
}

function refusalFor(error: unknown): Refusal {
  return error instanceof HoldshortError
    ? refusalOf(error)
    : { code: 'internal', message: 'planning failed', recovery: "see the server's log on stderr" };
}

async function planAndOpen(
  context: ServerContext,
  tool: ChangeTool,
  input: Record<string, Json> & { reason: string },
  id: TicketId,
  draft: TicketDraft,
): Promise<StoredTicket> {
  const readers = await context.aws.readers(draft.region);
  let prepared = false;
  try {
    const stored = tool.record(input, context.hideSecret, readers);
    let changeSet: ChangeSetRef | undefined;
    if (tool.prepare) {
      const planners = await context.aws.planners(draft.region);
      const announce = async (residue: { region: string; stack_name: string; change_set_name: string }) => {
        await context.store.announceResidue(
          { ticket: id, tool: tool.name, residue: { ...residue } },
          {
            type: 'aws.requested',
            actor: `agent:${context.agent}`,
            session: context.session,
            ticket: id,
            tool: tool.name,
            detail: { request: 'CreateChangeSet', ...residue },
          },
        );
        prepared = true;
      };
      changeSet = await tool.prepare(input, { ticket: id, readers, planners, announce });
    }
    const { ticket, existing } = await open(context, tool, id, draft, stored, readers, changeSet);
    if (existing && prepared) await context.store.abandonResidue(id);
    return ticket;
  } catch (error) {
    if (prepared) await context.store.abandonResidue(id);
    throw error;
  }
}

async function open(
  context: ServerContext,
  tool: ChangeTool,
  id: TicketId,
  draft: TicketDraft,
  stored: Readonly<Record<string, Json | undefined>>,
  readers: Readers,
  changeSet: ChangeSetRef | undefined,
) {
  const { caller } = readers;
  const planned = await tool.plan(stored, readers, changeSet);
  const effects = effectsOf(planned.impact);
  const environment = environmentOf(context.rules, subjectsOf({ ...caller, targets: planned.targets }));
  const policy = await context.policy();
  const base = {
    agent: draft.agent,
    operator: draft.operator,
    tool: tool.name,
    account: caller.account,
    region: caller.region,
    environment,
    effects: [...effects],
    impact: [...planned.impact],
  };
  const requirement = policy.requirement(questionOf(base));
  const created = { ...draft, expires_at: later(draft.created_at, context.expireAfterMs(environment)) };
  const plan: PlanRecord = {
    format: 'holdshort/plan/v1',
    ticket: id,
    created_at: created.created_at,
    expires_at: created.expires_at,
    session: draft.session,
    tool_schema: schemaDigestOf(tool),
    arguments: defined(stored),
    caller_arn: caller.arn,
    summary: planned.summary,
    targets: [...planned.targets],
    guard: planned.guard,
    ...(changeSet ? { change_set: changeSet } : {}),
    policy: policy.digest,
    // Where nothing would make policy permit it, the record shows the most that could have been asked, and the ticket is refused.
    requirement: requirement ?? { approvals: 9, assurance: 'hardware', operator_may_approve: false },
    reason: draft.reason,
    software: context.software,
    ...base,
  };
  const refusal: Refusal | undefined = requirement
    ? undefined
    : {
        code: 'policy_forbids',
        message: `policy permits ${tool.name} with these effects in ${environment} to nobody, whoever approves`,
        recovery: 'ask your operator; `holdshort policy explain` names the policy',
      };
  return await context.store.openTicket({
    id,
    draft: created,
    plan: sealPlan(plan),
    call: callDigest({
      agent: draft.agent,
      tool: tool.name,
      account: caller.account,
      region: caller.region,
      arguments: plan.arguments,
      guard: planned.guard,
    }),
    state: stateFor(requirement?.approvals),
    environment,
    ...(refusal ? { refusal } : {}),
    detail: {
      effects: plan.effects,
      summary: plan.summary,
      requirement: requirement ?? null,
      targets: plan.targets.map((target) => target.id),
    },
  });
}

function stateFor(approvals: number | undefined): Extract<TicketState, 'refused' | 'approved' | 'pending'> {
  if (approvals === undefined) return 'refused';
  return approvals === 0 ? 'approved' : 'pending';
}

function defined(stored: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(stored).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
