import { judge } from '../../audit/believe.ts';
import { planProblem } from '../../audit/trail.ts';
import type { TicketDraft } from '../../kernel/draft.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { LONGEST_PLAN } from '../../kernel/longest.ts';
import { decide, type TicketId } from '../../kernel/ticket.ts';
import type { Opening } from '../opening.ts';
import type { Caller } from './ending.ts';
import { demandGrounds, type GroundsNow, weighsAgain } from './grounds.ts';
import { conflict, Draft, draftText, type Row, readDraft, type TicketRows, ticketOf } from './row.ts';
import { type Mover, moved, nextState, reached, type Told } from './step.ts';

const VERDICTS = { approved: 'allow', pending: 'hold', refused: 'refuse' } as const;

/** An opening that was checked while nobody waited for the write lock. Only `prepareOpening` makes one. */
export interface Prepared {
  readonly opening: Opening;
  readonly draft: string;
  readonly by: Mover;
}

/** @throws internal */
export function prepareOpening(caller: Caller, opening: Opening): Prepared {
  requireOwnDraft(caller, opening.draft);
  const { length } = opening.plan.bytes;
  if (length > LONGEST_PLAN)
    throw new HoldshortError(
      'planning_failed',
      `the plan takes ${length} bytes, and at most ${LONGEST_PLAN} are kept`,
      'ask for less at once',
    );
  const problem = planProblem(opening.id, opening.draft, opening.plan);
  if (problem !== undefined)
    throw new HoldshortError('internal', `a ticket can't be opened: ${problem}`, 'report this as a defect');
  return { opening, draft: draftText(opening.draft), by: moverOf(caller) };
}

/** → `planning` @throws conflict where the id is taken */
export function planningStarted(known: Row | undefined, caller: Caller, id: TicketId, draft: TicketDraft): Told {
  requireOwnDraft(caller, draft);
  if (known) throw conflict(known, 'its id is taken');
  const after: Row = { ...NEW, id, state: 'planning', draft: draftText(draft), plan: null, digest: null };
  return { after, entries: [reached(after, { ...moverOf(caller), detail: { draft: { ...draft } } })] };
}

/** Does the ticket of the same call that hasn't run still wait? Then it is the answer, and nothing is opened. */
export function stillWaits(waiting: Row, at: string): boolean {
  const { expires_at } = readDraft(waiting);
  return !('next' in decide({ state: waiting.state, expires_at }, { kind: 'expire' }, at));
}

/**
 * The attacker has an agent's login, and writes a row under another one's call: what the log doesn't vouch for is no
 * answer to it.
 */
export function isAnswer(waiting: TicketRows, at: string): boolean {
  return stillWaits(waiting.row, at) && judge(ticketOf(waiting)).kind === 'believed';
}

/** One that is over its time, or nobody's, ends here, or nobody could ask again until it was swept. */
export function overtaken(waiting: Row, { by }: Prepared): Told {
  return moved(waiting, 'expired', by);
}

/** Planning ended in a call that waits already: this ticket ends, the other one is the answer. */
export function superseded(planning: Row, other: Row, { by }: Prepared, at: string): Told {
  const refusal = {
    code: 'conflict',
    message: `the same call already waits as ticket ${other.id}`,
    recovery: `wait for ${other.id}`,
  } as const;
  return moved(planning, nextState(planning, { kind: 'withdraw' }, at), { ...by, refusal });
}

/**
 * The ticket as its plan makes it: new, or the one that was `planning`.
 * @param news how many there are now; with more than the call was weighed with, `now` is what to weigh it against
 * @throws MovedOn
 * @throws conflict
 */
export function opened(
  planning: Row | undefined,
  prepared: Prepared,
  { news, now }: { readonly news: number; readonly now: GroundsNow | undefined },
  at: string,
): Told {
  const { opening, draft } = prepared;
  if (weighsAgain(opening, news)) {
    if (!now) throw new HoldshortError('internal', 'what the call rests on was not read', 'report this as a defect');
    demandGrounds(opening.grounds, now);
  }
  if (!planning) return openedNew(prepared);
  const state = plannedState(planning, opening, draft, at);
  return { before: planning, ...planned(prepared, { ...planning, state, entries: planning.entries + 1 }) };
}

/** The ticket as its plan makes it, where there was none, and what it rests on is as it was weighed. */
export function openedNew(prepared: Prepared): Told {
  const { id, state } = prepared.opening;
  return planned(prepared, { ...NEW, id, state });
}

function planned({ opening, draft, by }: Prepared, row: Omit<Row, 'draft' | 'plan' | 'digest'>): Told {
  const { plan, call, refusal, environment, detail } = opening;
  const after: Row = { ...row, draft, plan: plan.bytes, digest: plan.digest };
  const about = { ticket: row.id, tool: opening.draft.tool, environment };
  return { after, call, entries: [reached(after, { ...by, refusal, detail, about })] };
}

const NEW = { entries: 1, claim_owner: null, claim_epoch: 0, claim_until: null } as const;

/** `planning` → what the plan led to. Its expiry depends on the environment, which only the plan tells. */
function plannedState(row: Row, { draft, state }: Opening, text: string, at: string): Row['state'] {
  const { expires_at } = draft;
  if (draftText({ ...readDraft(row), expires_at }) !== text) throw conflict(row, 'it is another call');
  return nextState(row, { kind: 'planned', verdict: VERDICTS[state] }, at);
}

function moverOf({ agent, session }: Caller): Mover {
  return { actor: `agent:${agent}`, session };
}

function requireOwnDraft({ agent, operator }: Caller, draft: TicketDraft): void {
  if (Draft.safeParse(draft).success && draft.agent === agent && draft.operator === operator) return;
  throw new HoldshortError(
    'internal',
    `agent ${agent} of ${operator} can't open this ticket`,
    'report this as a defect',
  );
}
