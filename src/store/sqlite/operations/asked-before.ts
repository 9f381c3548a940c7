import { DELETING_STATES, type Deletion, type Recreatable } from '../../../kernel/circumstances.ts';
import type { Asker } from '../../../kernel/draft.ts';
import type { Asked } from '../../../kernel/quotas.ts';
import { askedWindow, DELETIONS, deletionIn, EVER, HARMLESS, isOver } from '../../story/windows.ts';
import type { Connection } from '../connection.ts';
import { readRows, rowsWhere } from '../ticket-rows.ts';

const harmless = HARMLESS.map((effect) => `'${effect}'`).join(', ');

/**
 * Counted in indexes: of the tickets of the last hour (by their worst effect, which comes first), and of those that
 * wait.
 */
export function askedBefore(connection: Connection, { agent, operator }: Asker, call: string): Asked {
  const { since, at } = askedWindow(connection.clock());
  const count = (where: string, ...values: string[]) =>
    connection.get<{ n: number }>(`SELECT count(*) AS n FROM ticket WHERE ${where}`, ...values)?.n ?? 0;
  return {
    destructive_last_hour: count(
      `agent = ? AND operator = ? AND created_at > ? AND created_at <= ? AND worst NOT IN (${harmless}) AND environment <> 'sandbox'
        AND state <> 'refused' AND NOT (state = 'pending' AND call = ?)`,
      agent,
      operator,
      since,
      at,
      call,
    ),
    // One that is over its time waits for nobody, whether or not it was swept.
    pending: count(
      `agent = ? AND operator = ? AND state = 'pending' AND expires_at > ? AND call <> ?`,
      agent,
      operator,
      at,
      call,
    ),
  };
}

const member = (name: 'account' | 'region' | 'lifecycle.kind') =>
  `CASE WHEN json_valid(plan) THEN plan ->> '$.${name}' END`;

/**
 * One that waits is decisive whatever else there was; then one that may be under way; then what was done within a day.
 */
export function deletionOf(connection: Connection, of: Recreatable, askedUntil: string = EVER): Deletion | undefined {
  const now = connection.clock();
  for (const state of DELETING_STATES) {
    const rows = rowsWhere(
      connection,
      `deletes = ? AND state = ? AND ${member('lifecycle.kind')} = ? AND ${member('account')} = ? AND ${member('region')} = ?
        AND created_at <= ? ORDER BY n DESC`,
      [of.name, state, of.kind, of.account, of.region, askedUntil],
      DELETIONS,
    );
    for (const row of rows) {
      const read = isOver(state) ? readRows(connection, row) : { row, entries: [] };
      const deletion = deletionIn(read, state, now);
      if (deletion) return deletion;
    }
  }
  return undefined;
}
