import { EVENT_TYPES } from '../audit/events.ts';
import type { AuditStore, LogReading, StoredEntry } from '../audit/log.ts';
import { leafHash } from '../audit/merkle.ts';
import { parseStored } from '../audit/stored-json.ts';
import { type Outside, type Verification, verifyLog } from '../audit/verify.ts';
import { acceptedText } from '../kernel/accepted.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { recoveryText } from '../kernel/pinned.ts';
import { boundedText, quotedName, safeText } from '../kernel/safe-text.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { hanging } from '../present/wrap.ts';

export interface ListOptions {
  /** How many of the newest entries that fit; 1 to 10,000. */
  readonly limit?: number | undefined;
  /** An id, or its beginning, with or without `tkt_`. */
  readonly ticket?: string | undefined;
  readonly type?: string | undefined;
  /** Columns of the screen that it is for; without one, no line is wrapped. */
  readonly width?: number | undefined;
}

const PAGE = 1000;

/** The newest entries that fit, newest last. @throws usage */
export async function auditList(audit: LogReading, options: ListOptions): Promise<CommandResult> {
  const { limit = 50, type, width = Number.POSITIVE_INFINITY } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new HoldshortError('usage', `${limit} is no number of entries`, 'give a --limit from 1 to 10000');
  if (type !== undefined && ![...EVENT_TYPES.keys()].some((known) => known === type))
    throw new HoldshortError(
      'usage',
      `there is no event type '${type}'`,
      `one of: ${[...EVENT_TYPES.keys()].join(' ')}`,
    );
  const ticket = options.ticket === undefined ? undefined : `tkt_${options.ticket.replace(/^tkt_/, '')}`;
  const found: Line[] = [];
  for (let to = (await audit.head()).size; to > 0 && found.length < limit; to -= PAGE) {
    const from = Math.max(1, to - PAGE + 1);
    const page = (await audit.entries(from, to - from + 1)).filter(({ seq }) => seq <= to).map(lineOf);
    const fitting = page.filter(
      (line) => (type === undefined || line.type === type) && (ticket === undefined || line.ticket.startsWith(ticket)),
    );
    found.unshift(...fitting.slice(-(limit - found.length)));
  }
  const text =
    found.length === 0 ? 'no entries' : [HEADING, ...found].flatMap((line) => hanging(print(line), width)).join('\n');
  return { data: found.map(({ entry }) => entry), text, exit: EXIT.done };
}

/**
 * One entry, whole.
 * @param width columns, as in a list
 * @throws not_found
 */
export async function auditShow(
  audit: LogReading,
  seq: number,
  width = Number.POSITIVE_INFINITY,
): Promise<CommandResult> {
  const [stored] = Number.isSafeInteger(seq) && seq > 0 ? await audit.entries(seq, 1) : [];
  if (stored?.seq !== seq)
    throw new HoldshortError('not_found', `there is no entry ${seq}`, 'see `holdshort audit list` for those that are');
  const stored_leaf = Buffer.from(stored.leaf).toString('hex');
  const leaf = Buffer.from(leafHash(stored.text)).toString('hex');
  const { entry } = lineOf(stored);
  const intact = leaf === stored_leaf;
  // Whether it can be believed comes first: what follows is as long as others made it.
  const text = [
    `leaf hash ${leaf}`,
    intact ? 'the same as stored' : `ALTERED: ${stored_leaf} is stored`,
    '',
    ...JSON.stringify(entry, null, 2)
      .split('\n')
      .flatMap((line) => hanging(safeText(line), width)),
  ].join('\n');
  return { data: { entry, leaf, stored_leaf, intact }, text, exit: intact ? EXIT.done : EXIT.unverified };
}

/** Exit 5 when anything is wrong. */
export async function auditVerify(audit: AuditStore, outside: Outside): Promise<CommandResult> {
  const verification = await verifyLog(audit, outside);
  const { size } = verification;
  const replaced = [...verification.recoveries.map(recoveryText), ...verification.accepted.map(acceptedText)];
  const count = size === 1 ? '1 entry' : `${size} entries`;
  if (verification.ok) {
    // What it can't know is in the same breath: a person reads one line.
    const text = `${count}, nothing wrong found; not known: ${verification.unknown.join('; ')}\nroot ${verification.root}`;
    const data = { ...verification, ...replacedData(verification) };
    return { data, text: [text, ...replaced].join('\n'), exit: EXIT.done };
  }
  const { problems, more } = verification;
  const text = [
    `the log does not verify (${count})`,
    ...problems.map(({ message }) => `  ${safeText(message)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...replaced,
    'Keep a copy of the state folder as it is. Nothing that rests on these entries can be believed.',
  ].join('\n');
  return {
    data: {
      ok: false,
      size,
      problems: problems.map((problem) => ({ ...problem })),
      more,
      ...replacedData(verification),
    },
    text,
    exit: EXIT.unverified,
  };
}

/** Keys and logs that took the place of others. */
function replacedData({ recoveries, accepted }: Verification) {
  return {
    recoveries: recoveries.map(({ lost, ...recovery }) => ({ ...recovery, lost: [...lost] })),
    accepted: accepted.map((one) => ({ ...one })),
  };
}

interface Line {
  readonly seq: string;
  readonly at: string;
  readonly type: string;
  readonly ticket: string;
  readonly actor: string;
  readonly rest: readonly string[];
  readonly entry: Json;
}

const HEADING: Line = {
  seq: 'seq',
  at: 'at (UTC)',
  type: 'type',
  ticket: 'ticket',
  actor: 'actor',
  rest: [],
  entry: null,
};

function lineOf(stored: StoredEntry): Line {
  let entry: { [key: string]: Json };
  try {
    entry = parseStored(stored.text) as { [key: string]: Json };
  } catch {
    // Still worth a line: someone made it unreadable.
    entry = { seq: stored.seq, type: 'unreadable', text: stored.text };
  }
  const member = (name: string) => (typeof entry[name] === 'string' ? entry[name] : '');
  return {
    seq: String(stored.seq),
    at: member('at').slice(0, 19).replace('T', ' '),
    type: member('type'),
    ticket: member('ticket'),
    actor: member('actor'),
    rest: [member('tool'), member('outcome'), decisionIn(entry.detail)].filter((word) => word !== ''),
    entry,
  };
}

/** Of `decision.recorded` and its like: approve, deny, withdraw. */
function decisionIn(detail: Json | undefined): string {
  const decision = typeof detail === 'object' && detail !== null && 'decision' in detail ? detail.decision : '';
  return typeof decision === 'string' ? decision : '';
}

/**
 * Columns for 100 characters; the ticket's beginning is enough to name it. An agent names tools that don't exist as it
 * likes.
 */
function print({ seq, at, type, ticket, actor, rest }: Line): string {
  const member = (text: string) => (text === '' ? '' : quotedName(text, 60, sha256));
  return [
    seq.padStart(5),
    boundedText(at, 60, sha256).padEnd(19),
    member(type).padEnd(18),
    member(ticket.replace(/^tkt_/, '').slice(0, 8)).padEnd(8),
    member(actor).padEnd(15),
    ...rest.map(member),
  ]
    .join(' ')
    .trimEnd();
}
