import type { AuditEvent } from '../../audit/entry.ts';
import type { Json } from '../../kernel/digest.ts';
import { HoldshortError, type Refusal } from '../../kernel/errors.ts';
import { NOTICE_KINDS, type NoticeKind, noticeKindOf } from '../../kernel/notice.ts';
import { type Command, decide, isTerminal, type TicketState } from '../../kernel/ticket.ts';
import { conflict, type Row, readDraft } from './row.ts';

/** A log entry, and which recipients are told of it: in the same transaction, so that neither is without the other. */
export interface Entry {
  readonly event: AuditEvent;
  readonly tells: readonly NoticeKind[];
}

/** What is to be written of one ticket: all of it, or nothing. */
export interface Told {
  /** As it was read: where the stored row is another by now, it is a `conflict`. Absent where the ticket is new. */
  readonly before?: Row;
  readonly after: Row;
  /** The `callDigest`, where the ticket gets its plan by this. */
  readonly call?: string;
  readonly entries: readonly Entry[];
  /** Executing used up what planning had made in AWS: there is no residue any more. */
  readonly usedUp?: boolean;
}

/** Who moves a ticket on, and what is said of it. */
export interface Mover {
  readonly actor: string;
  readonly session?: string;
  /** Where it is at hand; otherwise the ticket's row is asked. */
  readonly about?: About;
  readonly refusal?: Refusal | undefined;
  readonly detail?: { readonly [key: string]: Json | undefined };
}

type About = Pick<AuditEvent, 'ticket' | 'tool' | 'environment'>;

/**
 * The kernel's answer, or the error that says why not.
 * @throws expired
 * @throws conflict
 */
export function nextState(row: Row, command: Command, at: string, expiresAt = readDraft(row).expires_at): TicketState {
  const verdict = decide({ state: row.state, expires_at: expiresAt }, command, at);
  if ('next' in verdict) return verdict.next;
  if (verdict.refused === 'expired')
    throw new HoldshortError('expired', `ticket ${row.id} expired at ${expiresAt}`, 'let the agent ask again');
  throw conflict(row, `it can't be ${command.kind} now`);
}

/** Moves a ticket on. One whose story is over is nobody's to run. */
export function moved(before: Row, to: TicketState, mover: Mover): Told {
  const unclaimed = isTerminal(to) ? { claim_owner: null, claim_until: null } : {};
  const after: Row = { ...before, ...unclaimed, state: to, entries: before.entries + 1 };
  return { before, after, entries: [reached(after, mover)] };
}

/** The numbered entry of the state that a ticket has just reached. */
export function reached(row: Row, { actor, session, about, refusal, detail }: Mover): Entry {
  const executed = row.state === 'succeeded' || row.state === 'failed' || row.state === 'unknown';
  const ended = executed || isTerminal(row.state);
  const kind = noticeKindOf(row.state, actor);
  return {
    event: {
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
    },
    // Of broken glass everyone is told, whatever else they want to hear of.
    tells: detail?.break_glass === true ? NOTICE_KINDS : kind === undefined ? [] : [kind],
  };
}

/** A numbered entry about a ticket that stays in its state. */
export function entered(
  before: Row,
  event: Pick<AuditEvent, 'type' | 'actor' | 'outcome' | 'detail'>,
  about: About = aboutTicket(before),
): Told {
  const after = { ...before, entries: before.entries + 1 };
  const numbered = { ...event, ...about, detail: { ...event.detail, ticket_seq: after.entries } };
  return { before, after, entries: [{ event: numbered, tells: [] }] };
}

export function aboutTicket(row: Row): About {
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
