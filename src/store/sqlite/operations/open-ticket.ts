import { planProblem } from '../../../audit/trail.ts';
import { HoldshortError } from '../../../kernel/errors.ts';
import { type Command, decide, type TicketId } from '../../../kernel/ticket.ts';
import type { TicketDraft } from '../../draft.ts';
import type { Opening, StoredTicket } from '../../port.ts';
import { demandGrounds, weighsAgain } from '../../story/grounds.ts';
import { conflict, Draft, draftText, type Row, readDraft, type TicketRows } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { type Writing, writeLog } from '../log-writer.ts';
import { logStep, moveTicket, nextState, type Step } from '../moves.ts';
import { COLUMNS, findRow, newRows, readRows, readTicket, rowOf, rowWhere } from '../ticket-rows.ts';
import { groundsNow, newsOf } from './grounds.ts';

interface Caller {
  readonly agent: string;
  readonly session: string;
}

const VERDICTS = { approved: 'allow', pending: 'hold', refused: 'refuse' } as const;

/** What can be made and checked of an opening while nobody waits for the write lock. */
export interface Prepared {
  readonly opening: Opening;
  readonly draft: string;
  readonly by: Step;
}

export function prepareOpening(caller: Caller, opening: Opening): Prepared {
  requireOwnDraft(caller, opening.draft);
  const problem = planProblem(opening.id, opening.draft, opening.plan);
  if (problem !== undefined)
    throw new HoldshortError('internal', `a ticket can't be opened: ${problem}`, 'report this as a defect');
  return { opening, draft: draftText(opening.draft), by: stepBy(caller) };
}

/** The rows of the ticket that was opened, or of the one that waits already: to be read when the lock is free again. */
export function openTicket(
  connection: Connection,
  { opening, draft, by }: Prepared,
): TicketRows & { readonly existing: boolean } {
  const { id, call, refusal, state, environment } = opening;
  const { agent, tool } = opening.draft;
  return writeLog(connection, (writing) => {
    const planning = findRow(connection, id);
    const pending = state === 'pending' ? pendingCall(writing, agent, call, by) : undefined;
    if (pending) {
      if (planning) supersede(writing, planning, pending.id, by);
      return { ...readRows(connection, pending), existing: true };
    }
    if (weighsAgain(opening, newsOf(connection)))
      demandGrounds(opening.grounds, groundsNow(connection, agent, call, opening.grounds));
    const row = planning ? planned(writing, planning, opening, draft) : insert(connection, opening, draft);
    logStep(writing, row, { ...by, refusal, detail: opening.detail, about: { ticket: id, tool, environment } });
    return { ...(planning ? readRows : newRows)(connection, row), existing: false };
  });
}

export function startPlanning(connection: Connection, caller: Caller, id: TicketId, draft: TicketDraft): StoredTicket {
  requireOwnDraft(caller, draft);
  return writeLog(connection, (writing) => {
    const known = findRow(connection, id);
    if (known) throw conflict(known, 'its id is taken');
    connection.run(`INSERT INTO ticket (id, state, draft, entries) VALUES (?, 'planning', ?, 1)`, id, draftText(draft));
    const row = rowOf(connection, id);
    logStep(writing, row, { ...stepBy(caller), detail: { draft: { ...draft } } });
    return readTicket(connection, row);
  });
}

function insert(connection: Connection, { id, plan, call, state }: Opening, draft: string): Row {
  const row = connection.get<Row>(
    `INSERT INTO ticket (id, state, draft, plan, digest, call, entries) VALUES (?, ?, ?, ?, ?, ?, 1) RETURNING ${COLUMNS}`,
    id,
    state,
    draft,
    plan.bytes,
    plan.digest,
    call,
  );
  return row ?? rowOf(connection, id);
}

/** `planning` → what the plan led to. Its expiry depends on the environment, which only the plan tells. */
function planned({ connection, at }: Writing, row: Row, { id, draft, plan, call, state }: Opening, text: string): Row {
  const { expires_at } = draft;
  if (draftText({ ...readDraft(row), expires_at }) !== text) throw conflict(row, 'it is another call');
  const command: Command = { kind: 'planned', verdict: VERDICTS[state] };
  const moved = connection.get<Row>(
    `UPDATE ticket SET state = ?, draft = ?, plan = ?, digest = ?, call = ?, entries = entries + 1
      WHERE id = ? AND state = 'planning' AND entries = ? RETURNING ${COLUMNS}`,
    nextState(row, command, at),
    text,
    plan.bytes,
    plan.digest,
    call,
    id,
    row.entries,
  );
  if (!moved) throw conflict(row, 'it changed meanwhile');
  return moved;
}

/**
 * The pending ticket of the same call. One that is over its time ends here, or nobody could ask again until it was
 * swept.
 */
function pendingCall(writing: Writing, agent: string, call: string, by: Step): Row | undefined {
  const { connection, at } = writing;
  const row = rowWhere(connection, `call = ? AND state = 'pending' AND +agent = ?`, [call, agent]);
  if (!row) return undefined;
  const { expires_at } = readDraft(row);
  if (!('next' in decide({ state: row.state, expires_at }, { kind: 'expire' }, at))) return row;
  moveTicket(writing, row, 'expired', by);
  return undefined;
}

/** Planning ended in a call that waits already: this ticket ends, the other one is the answer. */
function supersede(writing: Writing, row: Row, other: string, by: Step): void {
  const refusal = {
    code: 'conflict',
    message: `the same call already waits as ticket ${other}`,
    recovery: `wait for ${other}`,
  } as const;
  moveTicket(writing, row, nextState(row, { kind: 'withdraw' }, writing.at), { ...by, refusal });
}

function stepBy({ agent, session }: Caller): Step {
  return { actor: `agent:${agent}`, session };
}

function requireOwnDraft({ agent }: Caller, draft: TicketDraft): void {
  if (Draft.safeParse(draft).success && draft.agent === agent) return;
  throw new HoldshortError('internal', `agent ${agent} can't open this ticket`, 'report this as a defect');
}
