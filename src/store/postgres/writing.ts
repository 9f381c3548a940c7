import { type AuditEvent, entryRest } from '../../audit/entry.ts';
import type { StoredEntry } from '../../audit/log.ts';
import { stateOf } from '../../audit/ticket-log.ts';
import type { NoticeKind } from '../../kernel/notice.ts';
import type { Purpose } from '../story/log.ts';
import { recipientsOf } from '../story/outbox.ts';
import type { Row } from '../story/row.ts';
import type { Entry, Told } from '../story/step.ts';
import type { Reader, Value } from './reader.ts';

/** Who wants to be told of such a step. */
export type Recipients = (kind: NoticeKind) => readonly string[];

/** A transaction that holds the log's lock. What was read in it stays so until it commits, claims excepted. */
export interface Writing extends Reader, Writes {
  /** ISO 8601 UTC; never before the newest entry. */
  readonly at: string;
  /** How many signed statements the log holds. */
  readonly statements: number;
  readonly news: number;
}

/** How much the log holds. */
export interface LogCounts {
  readonly size: number;
  /** Signed statements. */
  readonly statements: number;
  /** Entries that are numbered among a ticket's or the statements. */
  readonly news: number;
}

interface Writes {
  /** What the story says of tickets: all of it or nothing. Gives the new entries. */
  tell(...told: readonly Told[]): Promise<readonly StoredEntry[]>;
  /** An entry of no ticket's. */
  log(entry: Entry): Promise<StoredEntry>;
  run(sql: string, ...values: Value[]): Promise<number>;
}

const WRITE = 'SELECT seq, text, leaf FROM holdshort.write_steps($1, $2)';

interface Server {
  query(query: {
    name: string;
    text: string;
    values: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

type Stamped = (event: AuditEvent) => AuditEvent;

/** What `write_steps` is told of tickets, and of an entry of none. */
export function stepsOf(told: readonly (Told | Entry)[], recipients: Recipients, stamped: Stamped): readonly object[] {
  const written = ({ event, tells }: Entry, before?: string) => ({
    rest: entryRest(stamped(event)),
    ...(before !== undefined && stateOf(event.type) && { moves: before }),
    recipients: recipientsOf(tells, recipients),
  });
  return told.map((one) =>
    'event' in one
      ? { entries: [written(one)] }
      : { told: rowOf(one), entries: one.entries.map((entry) => written(entry, one.before?.state ?? 'new')) },
  );
}

export function writesOn(
  client: Server,
  { purpose, stamped, all }: { purpose: Purpose; stamped: Stamped } & Pick<Reader, 'all'>,
  recipients: Recipients,
): Writes & { after<Counts extends LogCounts>(before: Counts): Counts } {
  const wrote = { size: 0, statements: 0, news: 0 };
  const count = ({ event: { detail } }: Entry) => {
    const { ticket_seq, statement_seq } = detail;
    wrote.size += 1;
    if (statement_seq !== undefined) wrote.statements += 1;
    if (ticket_seq !== undefined || statement_seq !== undefined) wrote.news += 1;
  };
  const write = async (...told: readonly (Told | Entry)[]): Promise<readonly StoredEntry[]> => {
    for (const one of told) for (const entry of 'event' in one ? [one] : one.entries) count(entry);
    const values = [purpose, JSON.stringify(stepsOf(told, recipients, stamped))];
    return (await client.query({ name: 'write', text: WRITE, values })).rows as StoredEntry[];
  };
  return {
    after: (before) => ({
      ...before,
      size: before.size + wrote.size,
      statements: before.statements + wrote.statements,
      news: before.news + wrote.news,
    }),
    tell: write,
    async log(entry) {
      const [stored] = await write(entry);
      if (!stored) throw new Error('the log gave no entry');
      return stored;
    },
    run: async (sql, ...values) =>
      (await all(`WITH changed AS (${sql} RETURNING 1) SELECT 1 FROM changed`, ...values)).length,
  };
}

/** What the row was and is, as far as it changes. */
function rowOf({ before, after, call, usedUp }: Told): object {
  const { id, state, entries, draft, plan, digest, claim_until } = after;
  const planned = !before || call !== undefined;
  const kept = before && claim_until !== null && claim_until !== before.claim_until;
  return {
    id,
    ...(before && { before: standing(before) }),
    after: { state, entries, ...(planned && { draft, plan, digest }) },
    ...(call !== undefined && { call }),
    ...(kept && { kept_until: claim_until }),
    ...(usedUp && { used_up: true }),
  };
}

function standing({ state, entries, claim_epoch }: Row): object {
  return { state, entries, epoch: claim_epoch };
}
