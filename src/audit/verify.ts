import type { AuditStore, StoredEntry } from './log.ts';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, leafHash, peakRanges, rootOf } from './merkle.ts';
import { type LogProblem, type Problems, problemList } from './problems.ts';
import { type TicketHistory, ticketHistory } from './ticket-history.ts';

export type Verification =
  | { readonly ok: true; readonly size: number; readonly root: string }
  | { readonly ok: false; readonly size: number; readonly problems: readonly LogProblem[]; readonly more: number };

const PAGE = 1000;

/** What has been read so far. */
interface Reading {
  readonly problems: Problems;
  readonly tickets: TicketHistory;
  next: number;
  at: string;
  /** No entry is missing so far. After a gap no tree can come out, so none is built any further. */
  whole: boolean;
  fromTexts: Frontier;
  fromLeaves: Frontier;
}

/**
 * Reads the whole log and everything that it vouches for. Each entry is hashed anew from its exact stored text, so a changed byte is
 * found whatever it changed; the tree finds what was left out, put in or moved; the tickets' rows must say what the log says.
 * It works while others write: what they add meanwhile is read too. Memory grows with the number of tickets, not of entries.
 *
 * What it can't know is whether the whole database, log included, is an older or another one: that takes an anchor outside.
 */
export async function verifyLog(audit: AuditStore): Promise<Verification> {
  const problems = problemList();
  const reading: Reading = {
    problems,
    tickets: ticketHistory(problems),
    next: 1,
    at: '',
    whole: true,
    fromTexts: EMPTY_FRONTIER,
    fromLeaves: EMPTY_FRONTIER,
  };
  const before = await audit.head();
  await readTo(audit, reading, before.size);
  // The rows are of some moment between the two heads. A row may say what any entry of that time says.
  reading.tickets.mark();
  const rows = await audit.ticketRows();
  const head = await audit.head();
  if (head.size < before.size)
    problems.add({
      code: 'log_shrank',
      message: `the log shrank from ${before.size} to ${head.size} entries meanwhile`,
    });
  await readTo(audit, reading, head.size);
  compareTree(reading, head);
  await lookBeyond(audit, reading, head.size);
  reading.tickets.compare(rows);
  const { list, more } = problems.found();
  if (list.length > 0) return { ok: false, size: head.size, problems: list, more };
  return { ok: true, size: head.size, root: Buffer.from(rootOf(reading.fromTexts)).toString('hex') };
}

async function readTo(audit: AuditStore, reading: Reading, size: number): Promise<void> {
  while (reading.next <= size) {
    const page = await audit.entries(reading.next, Math.min(PAGE, size - reading.next + 1));
    for (const entry of page) if (entry.seq <= size) readEntry(reading, entry);
    const last = page.at(-1)?.seq;
    if (last === undefined || last >= size) break;
  }
  if (reading.next > size) return;
  reading.whole = false;
  reading.problems.add({
    seq: reading.next,
    code: 'entry_missing',
    message: `${entries(reading.next, size)} missing at the end: the tree has ${size} entries`,
  });
  reading.next = size + 1;
}

function readEntry(reading: Reading, stored: StoredEntry): void {
  const { seq, text, leaf } = stored;
  const { problems } = reading;
  if (seq !== reading.next) {
    reading.whole = false;
    problems.add({ seq: reading.next, code: 'entry_missing', message: `${entries(reading.next, seq - 1)} missing` });
  }
  reading.next = seq + 1;
  const hash = leafHash(text);
  const unaltered = Buffer.compare(hash, leaf) === 0;
  if (!unaltered)
    problems.add({ seq, code: 'entry_altered', message: `entry ${seq} was altered: its text does not give its hash` });
  if (reading.whole) grow(reading, hash, leaf, unaltered);
  const entry = parse(text);
  if (!entry) {
    problems.add({ seq, code: 'entry_unreadable', message: `entry ${seq} is not a log entry` });
    return;
  }
  if (entry.seq !== seq)
    problems.add({ seq, code: 'entry_moved', message: `entry ${seq} calls itself entry ${entry.seq}` });
  if (entry.at < reading.at)
    problems.add({ seq, code: 'time_went_back', message: `entry ${seq} is older than the one before it` });
  reading.at = entry.at;
  reading.tickets.read(seq, entry);
}

/** Two trees only once they differ: of the texts as they are now, and of the hashes that stand beside them. */
function grow(reading: Reading, hash: Uint8Array, leaf: Uint8Array, unaltered: boolean): void {
  const same = reading.fromTexts === reading.fromLeaves && unaltered;
  reading.fromTexts = appendLeaf(reading.fromTexts, hash);
  reading.fromLeaves = same ? reading.fromTexts : appendLeaf(reading.fromLeaves, leaf);
}

/** Where every entry gives its own hash and the tree still differs, text and hash were rewritten together: the peaks say where. */
function compareTree(reading: Reading, head: { size: number; frontier: readonly Uint8Array[] }): void {
  const { problems, fromTexts, fromLeaves } = reading;
  const ranges = peakRanges(head.size);
  if (head.frontier.length !== ranges.length) {
    problems.add({ code: 'tree_altered', message: `the stored tree has no shape for ${head.size} entries` });
    return;
  }
  for (const [index, { from, to }] of ranges.entries()) {
    // Before a gap, the smaller tree has the same peaks: its size begins with the same bits.
    if (to > fromTexts.size) return;
    const stored = head.frontier[index] ?? new Uint8Array();
    const texts = fromTexts.peaks[index] ?? new Uint8Array();
    const leaves = fromLeaves.peaks[index] ?? new Uint8Array();
    if (Buffer.compare(stored, texts) === 0 || Buffer.compare(stored, leaves) === 0) continue;
    const where = from === to ? `entry ${from}` : `an entry from ${from} to ${to}`;
    problems.add({
      seq: from,
      code: 'tree_altered',
      message: `${where} was rewritten together with its hash, or the tree was`,
    });
  }
}

/** Entries that the tree doesn't count. Others may have added some since; then the tree has grown too. */
async function lookBeyond(audit: AuditStore, { problems }: Reading, size: number): Promise<void> {
  const [beyond] = await audit.entries(size + 1, 1);
  if (!beyond || (await audit.head()).size >= beyond.seq) return;
  problems.add({
    seq: beyond.seq,
    code: 'entry_beyond',
    message: `entry ${beyond.seq} is not in the tree, which has ${size} entries: it was put in, or the tree was cut`,
  });
}

function entries(from: number, to: number): string {
  return from === to ? `entry ${from} is` : `entries ${from} to ${to} are`;
}

export interface ParsedEntry {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly ticket?: unknown;
  readonly detail: { readonly [key: string]: unknown };
}

function parse(text: string): ParsedEntry | undefined {
  try {
    const entry: ParsedEntry = JSON.parse(text);
    const { at, type, detail } = entry;
    const readable =
      typeof at === 'string' && typeof type === 'string' && typeof detail === 'object' && detail !== null;
    return readable ? entry : undefined;
  } catch {
    return undefined;
  }
}
