import type { Accepted } from '../kernel/accepted.ts';
import type { Pinned, Recovery } from '../kernel/pinned.ts';
import { asciiJson } from '../kernel/plan.ts';
import type { AuditStore, StoredEntry } from './log.ts';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, leafHash, peakRanges, rootOf } from './merkle.ts';
import { parseEntry } from './parsed-entry.ts';
import { type LogProblem, type Problems, problemList } from './problems.ts';
import { type SignatureCheck, signatureCheck } from './signature-check.ts';
import { type TicketHistory, ticketHistory } from './ticket-history.ts';

export type Verification =
  | (Said & { readonly ok: true; readonly root: string; readonly unknown: readonly string[] })
  | (Said & { readonly ok: false; readonly problems: readonly LogProblem[]; readonly more: number });

interface Said {
  readonly size: number;
  /**
   * Those who put another key in the place of one that proved more. It is nothing wrong by itself, and the first thing
   * to look at.
   */
  readonly recoveries: readonly Recovery[];
  /** Those who went on from a log that doesn't continue what was seen of it: the same holds. */
  readonly accepted: readonly Accepted[];
}

/** What this installation keeps outside the database. */
export interface Outside {
  /** Undefined where it can't be read. */
  readonly pinned: Pinned | undefined;
  /** How far the log was seen here; undefined where that can't be read. */
  readonly seen: (Frontier & { readonly log_id?: string }) | undefined;
}

const PAGE = 200;

const NOTHING_PINNED: Pinned = { rootKeyId: undefined, recoveries: new Set() };

/** What has been read so far. */
interface Reading {
  readonly problems: Problems;
  readonly tickets: TicketHistory;
  readonly signatures: SignatureCheck;
  readonly seen: Frontier | undefined;
  next: number;
  at: string;
  /** No entry is missing so far. After a gap no tree can come out, so none is built any further. */
  whole: boolean;
  fromTexts: Frontier;
  fromLeaves: Frontier;
}

/**
 * Reads the whole log and everything that it vouches for, all of one moment. Each entry is hashed again from its exact
 * stored text, so a changed byte is found whatever it changed; the tree finds what was left out, put in or moved;
 * signatures are followed back to the pinned first key; the tickets' rows, the counters and the schema must say what
 * the log says. Pages are read one by one, and what is to be known of each ticket is put away in a file (`Standings`):
 * memory grows with none of them.
 *
 * What it can't know, it says: whether the log goes back to before what was seen here, where that can't be read.
 */
export async function verifyLog(audit: AuditStore, outside: Outside): Promise<Verification> {
  const problems = problemList();
  const reading: Reading = {
    problems,
    tickets: ticketHistory(problems, audit.standings),
    signatures: signatureCheck(problems, outside.pinned ?? NOTHING_PINNED),
    seen: outside.seen,
    next: 1,
    at: '',
    whole: true,
    fromTexts: EMPTY_FRONTIER,
    fromLeaves: EMPTY_FRONTIER,
  };
  const head = await audit.head();
  const { log_id = head.log_id } = outside.seen ?? {};
  if (log_id !== head.log_id)
    problems.add({ code: 'database', message: `the log calls itself ${head.log_id}, and was seen here as ${log_id}` });
  compareSeen(reading);
  await readTo(audit, reading, head.size);
  compareTree(reading, head);
  await lookBeyond(audit, reading, head.size);
  if (outside.seen && outside.seen.size > reading.fromTexts.size && reading.whole)
    problems.add({
      code: 'log_shrank',
      message: `the log has ${head.size} entries, but ${outside.seen.size} were seen here: it was cut, or an older copy was put back`,
    });
  reading.signatures.end();
  for (let rows = await audit.ticketRows(0, PAGE); rows.length > 0; ) {
    for (const row of rows) reading.signatures.compare(row, reading.tickets.compare(row));
    rows = await audit.ticketRows(rows.at(-1)?.n ?? 0, PAGE);
  }
  reading.tickets.end();
  for (const message of await audit.faults()) problems.add({ code: 'database', message });
  const { list, more } = problems.found();
  const { signatures } = reading;
  const said = { size: head.size, recoveries: signatures.recoveries(), accepted: signatures.accepted() };
  if (list.length > 0) return { ok: false, ...said, problems: list, more };
  return { ok: true, ...said, root: rootText(reading.fromTexts), unknown: unknownTo(outside, reading) };
}

function rootText(frontier: Frontier): string {
  return Buffer.from(rootOf(frontier)).toString('hex');
}

function unknownTo({ pinned, seen }: Outside, { signatures }: Reading): readonly string[] {
  return [
    ...(seen
      ? ['whether it was rewritten whole, or an older copy put back, before it was first seen here']
      : [
          'whether it was rewritten whole, or is an older copy: what was seen of it (keys/head.db) can not be read here',
        ]),
    'whether what agents and executors are said to have done was done by them: nobody signs that',
    ...(signatures.logins() > 0
      ? [
          `whether the issuer signed the logins that came with decisions (${signatures.logins()}): its keys are not asked for here (executors ask for them before they run anything)`,
        ]
      : []),
    ...(pinned?.rootKeyId === undefined && signatures.some()
      ? ['whether people signed what they are said to: the pinned first key (keys/root.json) can not be read here']
      : []),
  ];
}

function compareSeen({ seen, fromTexts, problems }: Reading): void {
  if (seen?.size !== fromTexts.size || seen.size === 0) return;
  if (rootText(seen) !== rootText(fromTexts))
    problems.add({
      code: 'not_as_seen',
      message: `the first ${seen.size} entries are not those that were seen here: the log was rewritten`,
    });
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
  if (reading.whole) {
    grow(reading, hash, leaf, unaltered);
    compareSeen(reading);
  }
  const entry = parseEntry(text);
  if (!entry) {
    problems.add({ seq, code: 'entry_unreadable', message: `entry ${seq} is not a log entry` });
    return;
  }
  if (entry.seq !== seq)
    problems.add({ seq, code: 'entry_moved', message: `entry ${seq} calls itself entry ${entry.seq}` });
  if (asciiJson(entry) !== text)
    problems.add({
      seq,
      code: 'entry_rewritten',
      message: `entry ${seq} is not written as we write: it can be read in two ways`,
    });
  if (entry.at < reading.at)
    problems.add({ seq, code: 'time_went_back', message: `entry ${seq} is older than the one before it` });
  reading.at = entry.at;
  reading.tickets.read(seq, entry);
  reading.signatures.read(seq, entry);
}

/** There are two trees only once they differ: one of the texts as they are now, one of the hashes beside them. */
function grow(reading: Reading, hash: Uint8Array, leaf: Uint8Array, unaltered: boolean): void {
  const same = reading.fromTexts === reading.fromLeaves && unaltered;
  reading.fromTexts = appendLeaf(reading.fromTexts, hash);
  reading.fromLeaves = same ? reading.fromTexts : appendLeaf(reading.fromLeaves, leaf);
}

/**
 * Where every entry gives its own hash and the tree still differs, text and hash were rewritten together: the peaks say
 * where.
 */
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

/** Entries that the tree doesn't count. */
async function lookBeyond(audit: AuditStore, { problems }: Reading, size: number): Promise<void> {
  const [beyond] = await audit.entries(size + 1, 1);
  if (!beyond) return;
  problems.add({
    seq: beyond.seq,
    code: 'entry_beyond',
    message: `entry ${beyond.seq} is not in the tree, which has ${size} entries: it was put in, or the tree was cut`,
  });
}

function entries(from: number, to: number): string {
  return from === to ? `entry ${from} is` : `entries ${from} to ${to} are`;
}
