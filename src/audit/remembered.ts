import { asciiJson } from '../kernel/plan.ts';
import type { RecordedDecision } from '../kernel/statement.ts';
import { mayFollow, TICKET_STATES, type TicketState } from '../kernel/ticket.ts';
import type { StoredEntry } from './log.ts';
import { leafHash } from './merkle.ts';
import { isStatementEvent } from './statement-events.ts';
import { parseStored } from './stored-json.ts';
import { stateOf } from './ticket-log.ts';
import { startsTicket } from './trail.ts';

/** What a gate has to remember of one entry, so that nobody can take it out of the database again. */
export interface Remembered {
  readonly leaf: Uint8Array;
  /** ISO 8601 */
  readonly at: string;
  /** Its type, where it is one of the signed statements that stand by themselves. */
  readonly statement?: string;
  /** The ticket that it is a decision about. */
  readonly decision?: string;
  readonly step?: { readonly ticket: string; readonly state: TicketState; readonly digest?: string };
}

/**
 * Reads an entry from nothing but its number and its text. The attacker writes the database: indexes, generated
 * columns, counters and the stored hash are theirs, and so is the text until it was seen once. A text has one reading:
 * where a member is given twice, SQLite takes the first and JavaScript the last.
 * @returns undefined for what isn't entry number `seq`
 */
export function remember(seq: number, stored: StoredEntry | undefined): Remembered | undefined {
  const entry = stored?.seq === seq ? entryOf(stored.text) : undefined;
  if (!stored || entry?.seq !== seq) return undefined;
  const { at, type, ticket, detail } = entry;
  if (typeof at !== 'string' || typeof type !== 'string' || !isObject(detail)) return undefined;
  const leaf = leafHash(stored.text);
  if (isStatementEvent(type)) return { leaf, at, statement: type };
  if (typeof ticket !== 'string') return { leaf, at };
  if (type === 'decision.recorded') return { leaf, at, decision: ticket };
  const state = stateOf(type);
  if (!state) return { leaf, at };
  const { digest } = detail;
  return { leaf, at, step: { ticket, state, ...(typeof digest === 'string' && { digest }) } };
}

/** The statement that an entry records; of a decision, the login that came with it too. */
export function recordedIn({ seq, text }: StoredEntry): RecordedDecision | undefined {
  const { at, detail } = entryOf(text) ?? {};
  if (!isObject(detail) || typeof at !== 'string') return undefined;
  const { statement, signature, login } = detail;
  if (typeof statement !== 'string' || typeof signature !== 'string') return undefined;
  return { statement, signature, seq, at, ...(typeof login === 'string' && { login }) };
}

/**
 * Where a ticket has got to after a step. One that doesn't follow is an attacker's, who appends entries so that a
 * ticket begins again: that ticket never runs.
 */
export function stateAfter(before: string | undefined, next: TicketState): TicketState | 'impossible' {
  const known = TICKET_STATES.find((state) => state === before);
  const follows = before === undefined ? startsTicket(next) : known !== undefined && mayFollow(known, next);
  return follows ? next : 'impossible';
}

/** An entry's members, if its text is the one that we would write for them. */
function entryOf(text: string): { readonly [member: string]: unknown } | undefined {
  try {
    const entry = parseStored(text);
    return isObject(entry) && asciiJson(entry) === text ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
