import { HoldshortError } from '../../kernel/errors.ts';
import { readPlan, stepsLeft } from '../../kernel/plan.ts';
import { readStatement, type Signed, type StatementOf } from '../../kernel/statement.ts';
import type { Command } from '../../kernel/ticket.ts';
import type { ApproverStore, StoredTicket } from '../port.ts';
import { conflict, expiryOf, type Row, type TicketRows, ticketOf } from './row.ts';
import { aboutTicket, entered, moved, nextState, type Told } from './step.ts';

type Decision = Parameters<ApproverStore['recordDecision']>[0];
type Kind = StatementOf<'decision'>['decision'];

/** Does it take an approval back, or say no? Neither may end in `approved`. */
export function onlyStops({ signed, to }: Pick<Decision, 'signed' | 'to'>): boolean {
  const statement = readStatement(signed);
  return statement?.kind === 'decision' && statement.decision !== 'approve' && to !== 'approved';
}

/**
 * The numbered entry that holds the statement and its signature (the only place where they are), and the step that it
 * leads to.
 * @throws conflict
 * @throws wrong_digest
 * @throws expired
 * @throws tampered
 */
export function decided(rows: TicketRows, decision: Decision, at: string): Told {
  const { expected, signed, to, actor, refusal, detail } = decision;
  const { row } = rows;
  const ticket = ticketOf(rows);
  const weighed = ticket.decisions.length;
  if (row.state !== expected.state || weighed !== expected.decisions)
    throw conflict(row, `it has ${weighed} decisions, not ${expected.decisions} in ${expected.state}`);
  const kind = requireAbout(row, signed);
  const command: Command = to === 'denied' ? { kind: 'deny' } : { kind: 'approve', permitted: to === 'approved' };
  // A second approval, or one taken back, may also reach a ticket that is approved but not claimed yet.
  const stays = to === undefined && (row.state === 'approved' || kind !== 'approve');
  if (stays && row.state !== 'pending' && row.state !== 'approved' && !goesOn(ticket, kind))
    throw conflict(row, 'it is decided');
  const next = stays ? row.state : nextState(row, command, at, expiryOf(row));
  const about = aboutTicket(row);
  const noted = entered(row, { type: 'decision.recorded', actor, detail: { ...detail, ...signed } }, about);
  if (next === row.state) return noted;
  const { after, entries } = moved(noted.after, next, { actor, refusal, detail, about });
  return { before: row, after, entries: [...noted.entries, ...entries] };
}

/** A ticket that is carried out in several steps can be stopped between them: as long as one is left. */
function goesOn({ id, state, plan, intent }: StoredTicket, kind: Kind): boolean {
  if (state !== 'executing' || kind === 'approve') return false;
  return plan !== undefined && stepsLeft(readPlan(plan, id), intent?.step ?? 1) > 0;
}

/** Says nothing about the signature; a decision about another plan would only be in the way here. */
function requireAbout(row: Row, signed: Signed): Kind {
  const statement = readStatement(signed);
  if (statement?.kind !== 'decision' || statement.ticket !== row.id || statement.digest !== row.digest)
    throw new HoldshortError(
      'wrong_digest',
      `the decision is not about ticket ${row.id} with digest ${row.digest}`,
      'look at the ticket again and decide on what it shows now',
    );
  return statement.decision;
}
