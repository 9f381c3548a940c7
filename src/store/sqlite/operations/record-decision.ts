import { HoldshortError } from '../../../kernel/errors.ts';
import { readPlan, stepsLeft } from '../../../kernel/plan.ts';
import { readStatement, type Signed } from '../../../kernel/statement.ts';
import type { Command } from '../../../kernel/ticket.ts';
import type { ApproverStore, StoredTicket } from '../../port.ts';
import { conflict, expiryOf, type Row } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { type Writing, writeLog } from '../log-writer.ts';
import { addEntry, moveTicket, nextState } from '../moves.ts';
import { readTicket, rowOf } from '../ticket-rows.ts';

type Decision = Parameters<ApproverStore['recordDecision']>[0];

export function recordDecision(connection: Connection, decision: Decision): StoredTicket {
  const { ticket: id, expected, signed, to, actor, refusal, detail } = decision;
  const statement = readStatement(signed);
  // Taking an approval back, or saying no. Neither may end in `approved`.
  const stops = statement?.kind === 'decision' && statement.decision !== 'approve' && to !== 'approved';
  return writeLog(
    connection,
    (writing) => {
      const row = rowOf(connection, id);
      const weighed = readTicket(connection, row).decisions.length;
      if (row.state !== expected.state || weighed !== expected.decisions)
        throw conflict(row, `it has ${weighed} decisions, not ${expected.decisions} in ${expected.state}`);
      const kind = requireAbout(row, signed);
      const command: Command = to === 'denied' ? { kind: 'deny' } : { kind: 'approve', permitted: to === 'approved' };
      // A second approval, or one taken back, may also reach a ticket that is approved but not claimed yet.
      const stays = to === undefined && (row.state === 'approved' || kind !== 'approve');
      if (stays && row.state !== 'pending' && row.state !== 'approved' && !goesOn(connection, row, kind))
        throw conflict(row, 'it is decided');
      const next = stays ? row.state : nextState(row, command, writing.at, expiryOf(row));
      const noted = note(writing, row, decision);
      return readTicket(
        connection,
        next === row.state ? noted : moveTicket(writing, noted, next, { actor, refusal, detail }),
      );
    },
    stops ? 'stops' : 'opens',
  );
}

/**
 * A ticket that is carried out in several steps can be stopped between them: in the same transaction, whether one is
 * left.
 */
function goesOn(connection: Connection, row: Row, kind: ReturnType<typeof requireAbout>): boolean {
  if (row.state !== 'executing' || kind === 'approve') return false;
  const { plan, intent } = readTicket(connection, row);
  return plan !== undefined && stepsLeft(readPlan(plan, row.id), intent?.step ?? 1) > 0;
}

/** The numbered entry that holds the statement and its signature: the only place where they are. */
function note(writing: Writing, row: Row, { signed, actor, detail }: Decision): Row {
  return addEntry(writing, row, { type: 'decision.recorded', actor, detail: { ...detail, ...signed } });
}

/** Says nothing about the signature; a decision about another plan would only be in the way here. */
function requireAbout(row: Row, signed: Signed): 'approve' | 'deny' | 'withdraw' {
  const statement = readStatement(signed);
  if (statement?.kind !== 'decision' || statement.ticket !== row.id || statement.digest !== row.digest)
    throw new HoldshortError(
      'wrong_digest',
      `the decision is not about ticket ${row.id} with digest ${row.digest}`,
      'look at the ticket again and decide on what it shows now',
    );
  return statement.decision;
}
