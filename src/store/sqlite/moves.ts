import type { AuditEvent } from '../../audit/entry.ts';
import type { Json } from '../../kernel/digest.ts';
import { HoldshortError, type Refusal } from '../../kernel/errors.ts';
import { type Command, decide, isTerminal, type TicketState } from '../../kernel/ticket.ts';
import { conflict, type Row, readDraft } from '../story/row.ts';
import type { Writing } from './log-writer.ts';
import { announce } from './outbox.ts';

/** What an operation adds to a ticket's story. */
export interface Step {
  readonly actor: string;
  readonly session?: string;
  /** Where the code that moves the ticket has it at hand; otherwise the ticket's row is asked. */
  readonly about?: ReturnType<typeof aboutTicket>;
  readonly refusal?: Refusal | undefined;
  readonly detail?: { readonly [key: string]: Json | undefined };
}

/** The kernel's answer, or the error that says why not. */
export function nextState(row: Row, command: Command, at: string, expiresAt = readDraft(row).expires_at): TicketState {
  const verdict = decide({ state: row.state, expires_at: expiresAt }, command, at);
  if ('next' in verdict) return verdict.next;
  if (verdict.refused === 'expired')
    throw new HoldshortError('expired', `ticket ${row.id} expired at ${expiresAt}`, 'let the agent ask again');
  throw conflict(row, `it can't be ${command.kind} now`);
}

/**
 * Moves a ticket on, if it is still as it was read, and logs the step. A ticket whose story is over is nobody's to run.
 */
export function moveTicket(writing: Writing, row: Row, to: TicketState, step: Step): Row {
  const { connection } = writing;
  const { changes } = connection.run(
    `UPDATE ticket SET state = ?, entries = entries + 1
      ${isTerminal(to) ? ', claim_owner = NULL, claim_until = NULL' : ''}
      WHERE id = ? AND state = ? AND entries = ? AND claim_epoch = ?`,
    to,
    row.id,
    row.state,
    row.entries,
    row.claim_epoch,
  );
  if (changes !== 1) throw conflict(row, 'it changed meanwhile');
  const moved = { ...row, state: to, entries: row.entries + 1 };
  logStep(writing, moved, step);
  return moved;
}

/** The numbered log entry of the state that a ticket has just reached. */
export function logStep(writing: Writing, row: Row, { actor, session, about, refusal, detail }: Step): void {
  const ended = isTerminal(row.state) || row.state === 'unknown';
  const executed = row.state === 'succeeded' || row.state === 'failed' || row.state === 'unknown';
  const seq = writing.log({
    type: `ticket.${row.state}`,
    actor,
    session,
    ...(about ?? aboutTicket(row)),
    outcome: ended ? (executed ? row.state : (refusal?.code ?? row.state)) : undefined,
    detail: {
      ...detail,
      refusal: refusal && { ...refusal },
      digest: row.digest ?? undefined,
      ticket_seq: row.entries,
    },
  });
  announce(writing, row, { actor, seq, loud: detail?.break_glass === true });
}

/** A numbered entry about a ticket that stays in its state, if it is still as it was read. */
export function addEntry(
  writing: Writing,
  row: Row,
  event: Pick<AuditEvent, 'type' | 'actor' | 'outcome' | 'detail'>,
): Row {
  const { changes } = writing.connection.run(
    'UPDATE ticket SET entries = entries + 1 WHERE id = ? AND state = ? AND entries = ?',
    row.id,
    row.state,
    row.entries,
  );
  if (changes !== 1) throw conflict(row, 'it changed meanwhile');
  const entries = row.entries + 1;
  writing.log({ ...event, ...aboutTicket(row), detail: { ...event.detail, ticket_seq: entries } });
  return { ...row, entries };
}

export function aboutTicket(row: Row): Pick<AuditEvent, 'ticket' | 'tool' | 'environment'> {
  return { ticket: row.id, tool: readDraft(row).tool, environment: environmentOf(row) };
}

function environmentOf({ plan }: Row): string | undefined {
  if (plan === null) return undefined;
  try {
    const { environment } = JSON.parse(plan);
    return typeof environment === 'string' ? environment : undefined;
  } catch {
    // Not JSON any more: anyone who looks at the ticket finds that its digest doesn't match.
    return undefined;
  }
}
