import { z } from 'zod';
import type { Json } from '../kernel/digest.ts';
import type { Refusal, RefusalCode } from '../kernel/errors.ts';
import { Rehearsal, type Rehearsed, shownOf } from '../kernel/rehearsal.ts';
import type { Recorded, RecordedDecision } from '../kernel/statement.ts';
import { isTerminal, TICKET_STATES, type TicketState } from '../kernel/ticket.ts';
import { Kept } from '../kernel/undo.ts';
import type { Waiting } from '../kernel/waiting.ts';
import type { StoredEntry } from './log.ts';
import { leafHash } from './merkle.ts';
import { parseStored } from './stored-json.ts';

/** One step of a ticket, as the log has it. */
export interface TrailStep {
  readonly seq: number;
  readonly at: string;
  readonly state: TicketState;
  readonly actor: string;
  readonly digest?: string;
}

export interface Intent {
  readonly token: string;
  /** ISO 8601 */
  readonly intended_at: string;
  /** The date in its signature (ISO 8601), by the clock of the host that sends it. */
  readonly signed_at?: string | undefined;
  /** Which of the plan's steps, from 1; absent where the change is one request. */
  readonly step?: number | undefined;
  /** What the steps before it made, of those that make something: ARNs, in the steps' order. */
  readonly made?: readonly string[] | undefined;
  /** In which the request is sent, where it is an execution role's: its access key id, and its end (ISO 8601). */
  readonly session?: { readonly access_key: string; readonly ends_at: string } | undefined;
  /** What was kept of what it changes. */
  readonly kit?: Kept | undefined;
}

/** What the log tells of one ticket. */
export interface TicketLog {
  readonly trail: readonly TrailStep[];
  readonly decisions: readonly RecordedDecision[];
  readonly resolution?: Recorded;
  readonly intact: boolean;
  /** The newest, where the change takes several requests. */
  readonly intent?: Intent;
  /** The recovery kit that was made before the first request that changes something. */
  readonly kit?: Kept;
  readonly result?: Json;
  readonly refusal?: Refusal;
  readonly waiting?: Waiting;
  readonly finished_at?: string;
  /** The newest one that a person had made. */
  readonly rehearsed?: Rehearsed;
}

/** What came out of `JSON.parse` needs no second look: a result may have thousands of lines. */
const ParsedJson = z.custom<Json>(() => true);
const Code = z.string().transform((code) => code as RefusalCode);

/** What a request's entry says of it. */
export const LoggedIntent = z.object({
  token: z.string(),
  intended_at: z.string(),
  signed_at: z.string().optional(),
  step: z.int().positive().optional(),
  made: z.array(z.string()).optional(),
  session: z.object({ access_key: z.string(), ends_at: z.string() }).optional(),
  kit: Kept.optional(),
});

const Entry = z.object({
  seq: z.number(),
  at: z.string(),
  type: z.string(),
  actor: z.string(),
  detail: z.object({
    ticket_seq: z.number(),
    digest: z.string().optional(),
    statement: z.string().optional(),
    signature: z.string().optional(),
    login: z.string().optional(),
    intent: LoggedIntent.optional(),
    result: ParsedJson.optional(),
    rehearsal: ParsedJson.optional(),
    claimed: z.string().optional(),
    refusal: z.object({ code: Code, message: z.string(), recovery: z.string() }).optional(),
  }),
});

/** The state that an event type moves a ticket to; undefined for every other type. */
export function stateOf(type: string): TicketState | undefined {
  return type.startsWith('ticket.') ? TICKET_STATES.find((state) => type === `ticket.${state}`) : undefined;
}

/**
 * Puts a ticket's story together from its numbered entries. The attacker can write to the database: an entry that is
 * missing, altered, moved or out of place makes `intact` false, and whatever can still be read is given for people to
 * look at.
 * @param entries by `ticket_seq`
 * @param count how many there must be, from the ticket's row
 */
export function readTicketLog(entries: readonly StoredEntry[], count: number): TicketLog {
  const trail: TrailStep[] = [];
  const decisions: RecordedDecision[] = [];
  let known: Pick<TicketLog, 'intent' | 'kit' | 'result' | 'resolution' | 'rehearsed'> = {};
  let ending: Pick<TicketLog, 'refusal' | 'finished_at' | 'waiting'> = {};
  let intact = entries.length === count;
  let previous = 0;
  for (const [index, stored] of entries.entries()) {
    const entry = parseEntry(stored);
    if (!isUnaltered(stored) || entry?.seq !== stored.seq || stored.seq <= previous) intact = false;
    previous = stored.seq;
    if (entry?.detail.ticket_seq !== index + 1) intact = false;
    if (!entry) continue;
    const { seq, at, actor, type, detail } = entry;
    const { statement, signature, login, digest, intent, result, refusal } = detail;
    if (type === 'rehearsal.recorded') known = { ...known, ...rehearsedIn(known.rehearsed, at, detail) };
    if (type === 'decision.recorded' && statement !== undefined && signature !== undefined)
      decisions.push({ statement, signature, login, seq, at });
    if (type === 'execution.waiting' && refusal)
      ending = { ...ending, waiting: waitingOn(refusal, at, ending.waiting) };
    if (type === 'execution.observed' && result !== undefined) known = { ...known, result };
    if (type === 'execution.step' && intent) known = { ...known, intent };
    if (type === 'execution.step' || type === 'execution.resumed') ending = {};
    if (intent?.kit) known = { ...known, kit: intent.kit };
    const state = stateOf(type);
    if (!state) continue;
    trail.push({ seq, at, state, actor, ...(digest === undefined ? {} : { digest }) });
    if (state === 'resolved') {
      // What was known of the outcome stays what the executor found: the signer's copy of it proves nothing.
      if (statement !== undefined && signature !== undefined)
        known = { ...known, resolution: { statement, signature, seq } };
    } else known = { ...known, ...(intent && { intent }), ...(result !== undefined && { result }) };
    // What was unknown and then succeeded has nothing left to refuse.
    ending = { ...(refusal && { refusal }), ...(isTerminal(state) && { finished_at: at }) };
  }
  return { trail, decisions, intact, ...known, ...ending };
}

/** One in a form that isn't ours any more is not shown. */
function rehearsedIn(
  before: Rehearsed | undefined,
  at: string,
  { rehearsal, claimed = 'someone' }: { readonly rehearsal?: Json | undefined; readonly claimed?: string | undefined },
): Pick<TicketLog, 'rehearsed'> {
  const read = Rehearsal.safeParse(rehearsal);
  return read.success ? { rehearsed: shownOf(before, { at, claimed, rehearsal: read.data }) } : {};
}

/** The same kind of reason, told in other words, is still the same wait. */
function waitingOn(refusal: Refusal, at: string, before: Waiting | undefined): Waiting {
  return { since: before?.refusal.code === refusal.code ? before.since : at, refusal };
}

/** Does the text still give the leaf hash that was stored beside it? */
export function isUnaltered({ text, leaf }: StoredEntry): boolean {
  return Buffer.compare(leafHash(text), leaf) === 0;
}

function parseEntry({ text }: StoredEntry) {
  try {
    return Entry.safeParse(parseStored(text)).data;
  } catch {
    return undefined;
  }
}
