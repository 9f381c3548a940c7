import { DELETING_STATES, type Deletion, RECREATION_MS } from '../../../kernel/circumstances.ts';
import { EFFECTS, isDestructive } from '../../../kernel/effects.ts';
import type { Asked } from '../../../kernel/quotas.ts';
import type { StackName } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type Row, readDraft, readTicket, rowsWhere } from '../ticket-rows.ts';

const HOUR_MS = 3_600_000;

/** The tool whose tickets delete stacks. */
const DELETES = 'cloudformation_delete_stack';

/** A stack is deleted once for each time that it was made: the newest few are all that can have ended lately. */
const DELETIONS = 50;

const harmless = EFFECTS.filter((effect) => !isDestructive(effect))
  .map((effect) => `'${effect}'`)
  .join(', ');

/**
 * Counted in indexes: of the tickets of the last hour (by their worst effect, which comes first), and of those that
 * wait.
 */
export function askedBefore(connection: Connection, agent: string, call: string): Asked {
  const now = connection.clock();
  const at = new Date(now).toISOString();
  const count = (where: string, ...values: string[]) =>
    connection.get<{ n: number }>(`SELECT count(*) AS n FROM ticket WHERE ${where}`, ...values)?.n ?? 0;
  return {
    destructive_last_hour: count(
      `agent = ? AND created_at > ? AND worst NOT IN (${harmless}) AND environment <> 'sandbox'
        AND state <> 'refused' AND NOT (state = 'pending' AND call = ?)`,
      agent,
      new Date(now - HOUR_MS).toISOString(),
      call,
    ),
    // One that is over its time waits for nobody, whether or not it was swept.
    pending: count(`agent = ? AND state = 'pending' AND expires_at > ? AND call <> ?`, agent, at, call),
  };
}

const member = (name: 'account' | 'region') => `CASE WHEN json_valid(plan) THEN plan ->> '$.${name}' END`;

/**
 * One that waits is decisive whatever else there was; then one that may be under way; then what was done within a day.
 */
export function deletionOf(connection: Connection, stack: StackName): Deletion | undefined {
  for (const state of DELETING_STATES) {
    const rows = rowsWhere(
      connection,
      `stack = ? AND tool = '${DELETES}' AND state = ? AND ${member('account')} = ? AND ${member('region')} = ? ORDER BY n DESC`,
      [stack.stack_name, state, stack.account, stack.region],
      DELETIONS,
    );
    for (const row of rows) {
      const deletion = deletionIn(connection, row, state);
      if (deletion) return deletion;
    }
  }
  return undefined;
}

function deletionIn(connection: Connection, row: Row, state: Deletion['state']): Deletion | undefined {
  const { agent, created_at, expires_at } = readDraft(row);
  const now = connection.clock();
  const deletion = { ticket: row.id, agent, state };
  if (state === 'succeeded') {
    const { finished_at } = readTicket(connection, row);
    const lately = finished_at !== undefined && Date.parse(finished_at) > now - RECREATION_MS;
    return lately ? { ...deletion, at: finished_at } : undefined;
  }
  const waits = state === 'pending' || state === 'approved';
  return waits && Date.parse(expires_at) <= now ? undefined : { ...deletion, at: created_at };
}
