import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeTool } from '../../tools/define.ts';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import { carriesMask } from '../../tools/ports/masks.ts';
import type { Json } from '../kernel/digest.ts';
import { HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';
import { isTerminal, ticketIdFrom } from '../kernel/ticket.ts';
import type { Restores } from '../kernel/undo.ts';
import type { StoredTicket } from '../store/port.ts';
import type { PlacedContext, ServerContext } from './context.ts';
import { later, type Proposal, planAndOpen } from './planning.ts';
import { refuseRepeated } from './repeated.ts';
import { waitFor } from './wait.ts';

/**
 * A client waits 60 s by default; a call answers within 45. Planning gets the first part, the outcome of what policy
 * allows the rest.
 */
const PLANNING_MS = 30_000;
const ANSWER_MS = 42_000;

/** What a change tool's own schema parsed. */
export type Asked = Record<string, Json> & { readonly reason: string; readonly region?: string };

/** Of a call that comes from a recovery kit. */
export interface FromKit {
  /**
   * What of it the caller wrote. The attacker is an agent that guesses what is in the kit: a refusal of what repeats it
   * would tell which guess was right.
   */
  readonly said: Asked;
  readonly restores: Restores;
}

/**
 * A change call: plan it, ask policy, make it a ticket. Nothing in AWS changes here but what planning must make for
 * itself. Returns the ticket as it is when the time for an answer is over or there is nothing more to wait for.
 * @throws HoldshortError when there is no ticket: planning refused, or could not be done
 */
export async function propose(
  context: PlacedContext,
  tool: ChangeTool,
  given: Asked,
  kept?: FromKit,
): Promise<StoredTicket> {
  const startedAt = performance.now();
  // Everyone who may look reads the reason.
  const input = { ...given, reason: hideCredentials(given.reason) };
  const { store } = context;
  refuseMasks(tool, input);
  await refuseRepeated(context, tool, kept?.said ?? input);
  const proposal = { ...(await proposalOf(context, tool, input)), restores: kept?.restores };
  const planned = context.telemetry.span('planning', { tool: tool.name, region: proposal.draft.region }, async () => {
    const ticket = await planAndOpen(context, proposal);
    context.telemetry.tell({ ticket: ticket.id, state: ticket.state });
    return ticket;
  });
  const first = await Promise.race([
    planned,
    sleep(PLANNING_MS - (performance.now() - startedAt), undefined, { ref: false }),
  ]);
  if (!first) return await keepPlanning(context, proposal, planned);
  if (first.id !== proposal.id) await recordRepeat(context, tool.name, first, input.reason);
  if (first.state !== 'approved') return first;
  const ended = ({ state }: StoredTicket) => isTerminal(state) || state === 'unknown';
  try {
    return await waitFor(store, first.id, ended, ANSWER_MS - (performance.now() - startedAt));
  } catch (error) {
    // It may be running: an answer that it failed would have the agent ask for it once more.
    context.log.error({ err: error, ticket: first.id }, 'the outcome could not be waited for');
    return first;
  }
}

/** What a read tool masked is no value: it would overwrite the secret that it stands for. */
function refuseMasks({ takes_masks = [] }: ChangeTool, input: Readonly<Record<string, Json>>): void {
  // The reason is for people, and changes nothing.
  const taken = new Set([...takes_masks, 'reason']);
  const masked = Object.keys(input).find((name) => !taken.has(name) && carriesMask(input[name]));
  if (masked === undefined) return;
  throw new HoldshortError(
    'invalid_input',
    `${masked} has a mask in it, which stands for a secret and is none`,
    'leave out what was shown to you hidden; a person sets it, or it stays as it is',
  );
}

async function proposalOf(context: PlacedContext, tool: ChangeTool, input: Asked): Promise<Proposal> {
  const createdAt = await context.store.now();
  const { expireAfterMs } = await context.rules();
  return {
    id: ticketIdFrom(context.newTicketBytes()),
    tool,
    input,
    draft: {
      agent: context.agent,
      operator: context.operator,
      session: context.session,
      tool: tool.name,
      region: input.region ?? (await context.aws.defaultRegion()),
      reason: input.reason,
      created_at: createdAt,
      // Until there is a plan there is no environment: the strictest one's time counts.
      expires_at: later(createdAt, expireAfterMs('production')),
    },
    given_up: new AbortController(),
  };
}

/** AWS is slow: the ticket becomes visible as `planning`, and planning goes on behind the answer. */
async function keepPlanning(
  { store, log }: ServerContext,
  { id, draft, given_up }: Proposal,
  planned: Promise<StoredTicket>,
): Promise<StoredTicket> {
  try {
    const waiting = await store.startPlanning(id, draft);
    planned
      .catch((error) => store.refusePlanning(id, refusalFor(error)))
      .catch((error) => log.error({ err: error, ticket: id }, 'the end of planning could not be recorded'));
    return waiting;
  } catch (error) {
    // Planning ended in the same moment.
    if (error instanceof HoldshortError && error.code === 'conflict') return await planned;
    // The agent is told that nothing was changed; so nothing may come of it.
    given_up.abort(error);
    planned.catch(() => undefined);
    throw error;
  }
}

/** The same call waits already. The log shows that it was made again, and what reason was given this time. */
async function recordRepeat(
  { store, agent, session }: ServerContext,
  tool: string,
  ticket: StoredTicket,
  reason: string,
): Promise<void> {
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

function refusalFor(error: unknown): Refusal {
  return error instanceof HoldshortError
    ? refusalOf(error)
    : { code: 'internal', message: 'planning failed', recovery: "see the server's log on stderr" };
}
