import { DELETING_STATES, type Deletion, type Recreatable } from '../../../kernel/circumstances.ts';
import type { Asker } from '../../../kernel/draft.ts';
import { asciiJson } from '../../../kernel/plan.ts';
import type { Asked } from '../../../kernel/quotas.ts';
import { type Subject, signsOf } from '../../../kernel/same-subject.ts';
import { UNSETTLED_STATES, type Unsettled } from '../../../kernel/unsettled.ts';
import type { AgentStore, CallFor, Denial, Grounds } from '../../port.ts';
import type { GroundsNow } from '../../story/grounds.ts';
import {
  askedWindow,
  asksForSame,
  DELETIONS,
  DENIALS,
  deletionIn,
  denialIn,
  EVER,
  HARMLESS,
  isOver,
  UNSETTLED,
  unsettledIn,
} from '../../story/windows.ts';
import type { Reader } from '../reader.ts';
import { findRow, planlessRows, readRows, rowsWhere } from '../ticket-rows.ts';

const harmless = HARMLESS.map((effect) => `'${effect}'`).join(', ');
const unsettledStates = UNSETTLED_STATES.map((state) => `'${state}'`).join(', ');

export async function newsOf(db: Reader): Promise<number> {
  return (await db.get<{ news: number }>('SELECT news FROM holdshort.tree'))?.news ?? 0;
}

/** What a call is weighed against, as it is now. */
export async function groundsNow(db: Reader, asker: Asker, call: string, grounds: Grounds): Promise<GroundsNow> {
  const { subject, deletion } = grounds;
  const [asked, unsettled, denial, deleting] = await Promise.all([
    askedBefore(db, asker, call),
    unsettledAbout(db, subject),
    deniedBefore(db, subject),
    deletion && deletionOf(db, deletion.of),
  ]);
  return { asked, unsettled, denial, deletion: deleting };
}

const ASKED = `SELECT
  (SELECT count(*) FROM holdshort.ticket WHERE agent = $1 AND operator = $5 AND created_at > $3 AND created_at <= $4 AND worst NOT IN (${harmless})
    AND environment <> 'sandbox' AND state <> 'refused' AND NOT (state = 'pending' AND call = $2)) AS destructive_last_hour,
  (SELECT count(*) FROM holdshort.ticket WHERE agent = $1 AND operator = $5 AND state = 'pending' AND expires_at > $4 AND call <> $2) AS pending`;

/**
 * By their worst effect, which comes first. One that is over its time waits for nobody, whether or not it was swept.
 */
export async function askedBefore(db: Reader, { agent, operator }: Asker, call: string): Promise<Asked> {
  const { since, at } = askedWindow(db.now);
  return (await db.get<Asked>(ASKED, agent, call, since, at, operator)) ?? { destructive_last_hour: 0, pending: 0 };
}

/**
 * One that waits is decisive whatever else there was; then one that may be under way; then what was done within a day.
 */
export async function deletionOf(db: Reader, of: Recreatable, askedUntil?: string): Promise<Deletion | undefined> {
  for (const state of DELETING_STATES) {
    const where =
      'deletes = $1 AND state = $2 AND kind = $3 AND account = $4 AND region = $5 AND created_at <= $6 ORDER BY n DESC';
    const values = [of.name, state, of.kind, of.account, of.region, askedUntil ?? EVER];
    const rows = await planlessRows(db, where, values, DELETIONS);
    for (const row of rows) {
      const read = isOver(state) ? await readRows(db, row) : { row, entries: [] };
      const deletion = deletionIn(read, state, db.now);
      if (deletion) return deletion;
    }
  }
  return undefined;
}

/**
 * The index is on the first line's very expression. The attacker has an agent's login, writes the same call over and
 * over, and has executors end it: only what a person has decided is looked for, of which no agent's login writes.
 */
const SAME = `state IN ('denied', 'failed') AND asked_for = holdshort.asked_for($1, holdshort.readable($2))
  AND EXISTS (SELECT 1 FROM holdshort.entry WHERE entry.ticket = holdshort.ticket.id AND entry.type = 'decision.recorded')
  ORDER BY n DESC`;

/**
 * The newest denial by a person, within the last hour, of the same tool, arguments and targets in the same account and
 * region. The plan of what an executor ended isn't read: anyone with an agent's login may have written it.
 */
export async function deniedBefore(db: Reader, asked: CallFor): Promise<Denial | undefined> {
  for (const row of await planlessRows(db, SAME, [asked.tool, asciiJson(asked.arguments)], DENIALS)) {
    const denial = denialIn(await readRows(db, row), db.now);
    const whole = denial && (await findRow(db, row.id));
    if (whole && asksForSame(whole, asked)) return denial;
  }
  return undefined;
}

const BY_TOOL = 'tool = $1';
const BY_NAMES = 'EXISTS (SELECT 1 FROM unnest($1::text[]) AS name WHERE strpos(plan, name) > 0)';

/** The tickets, of whatever agent, that are about the same as this call and aren't settled; oldest first. */
export async function unsettledAbout(db: Reader, call: Subject): Promise<readonly Unsettled[]> {
  const signs = signsOf(call);
  const [sign, value] = 'tool' in signs ? [BY_TOOL, signs.tool] : [BY_NAMES, signs.names];
  const where = `${sign} AND state IN (${unsettledStates}) AND account = $2 AND region = $3 ORDER BY n`;
  const rows = await rowsWhere(db, where, [value, call.account, call.region], UNSETTLED);
  return rows.flatMap((row) => unsettledIn(row, call) ?? []);
}

/** What agents ask before they open a ticket, and executors before they begin it. */
export function aboutOthers(
  read: <T>(operation: (db: Reader) => Promise<T>) => Promise<T>,
): Pick<AgentStore, 'unsettled' | 'deletion'> {
  return {
    unsettled: (call) => read((db) => unsettledAbout(db, call)),
    deletion: (of, askedUntil) => read((db) => deletionOf(db, of, askedUntil)),
  };
}
