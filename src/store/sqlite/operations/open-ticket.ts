import { checkTrail } from '../../../audit/trail.ts';
import { HoldshortError } from '../../../kernel/errors.ts';
import { type Command, decide, type TicketId } from '../../../kernel/ticket.ts';
import type { Opening, StoredTicket, TicketDraft } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type Writing, writeLog } from '../log-writer.ts';
import { conflict, logStep, moveTicket, nextState, type Step } from '../moves.ts';
import { Draft, findRow, type Row, readDraft, readTicket, rowOf, rowsWhere } from '../ticket-rows.ts';
import { demandGrounds } from './grounds.ts';

interface Caller {
  readonly agent: string;
  readonly session: string;
}

const VERDICTS = { approved: 'allow', pending: 'hold', refused: 'refuse' } as const;

export function openTicket(connection: Connection, caller: Caller, opening: Opening) {
  const { id, call, refusal, state } = opening;
  requireOwnDraft(caller, opening.draft);
  const by = stepBy(caller);
  return writeLog(connection, (writing): { readonly ticket: StoredTicket; readonly existing: boolean } => {
    const planning = findRow(connection, id);
    const pending = state === 'pending' ? pendingCall(writing, caller.agent, call, by) : undefined;
    if (pending) {
      if (planning) supersede(writing, planning, pending.id, by);
      return { ticket: readTicket(connection, pending), existing: true };
    }
    // What is refused stays so, whatever more was asked since.
    if (state !== 'refused') demandGrounds(connection, caller.agent, call, opening.grounds);
    const step: Step = { ...by, refusal, detail: opening.detail };
    const row = planning ? planned(writing, planning, opening) : insert(connection, opening);
    logStep(writing, row, { ...step, environment: opening.environment });
    const ticket = readTicket(connection, row);
    const verdict = checkTrail(ticket);
    if (!verdict.ok)
      throw new HoldshortError('internal', `a ticket can't be opened: ${verdict.problem}`, 'report this as a defect');
    return { ticket, existing: false };
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

function insert(connection: Connection, { id, draft, plan, call, state }: Opening): Row {
  connection.run(
    'INSERT INTO ticket (id, state, draft, plan, digest, call, entries) VALUES (?, ?, ?, ?, ?, ?, 1)',
    id,
    state,
    draftText(draft),
    plan.bytes,
    plan.digest,
    call,
  );
  return rowOf(connection, id);
}

/** `planning` → what the plan led to. Its expiry depends on the environment, which only the plan tells. */
function planned({ connection, at }: Writing, row: Row, { id, draft, plan, call, state }: Opening): Row {
  const { expires_at } = draft;
  if (draftText({ ...readDraft(row), expires_at }) !== draftText(draft)) throw conflict(row, 'it is another call');
  const command: Command = { kind: 'planned', verdict: VERDICTS[state] };
  const { changes } = connection.run(
    `UPDATE ticket SET state = ?, draft = ?, plan = ?, digest = ?, call = ?, entries = entries + 1
      WHERE id = ? AND state = 'planning' AND entries = ?`,
    nextState(row, command, at),
    draftText(draft),
    plan.bytes,
    plan.digest,
    call,
    id,
    row.entries,
  );
  if (changes !== 1) throw conflict(row, 'it changed meanwhile');
  return rowOf(connection, id);
}

/** The pending ticket of the same call. One that is over its time ends here, or nobody could ask again until it was swept. */
function pendingCall(writing: Writing, agent: string, call: string, by: Step): Row | undefined {
  const { connection, at } = writing;
  const [row] = rowsWhere(connection, `call = ? AND state = 'pending' AND +agent = ?`, [call, agent], 1);
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

/** Members in one order, so that the same draft is the same text. */
function draftText({ agent, operator, session, tool, region, reason, created_at, expires_at }: TicketDraft): string {
  return JSON.stringify({ agent, operator, session, tool, region, reason, created_at, expires_at });
}
