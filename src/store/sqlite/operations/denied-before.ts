import { stableJson } from '../../../kernel/digest.ts';
import { asciiJson, PlanRecord } from '../../../kernel/plan.ts';
import type { CallFor, Denial } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { type Row, readTicket, rowsWhere } from '../ticket-rows.ts';

const HOUR_MS = 3_600_000;

/** Of what was asked for in exactly these words and denied, the newest few are all that can have been denied lately. */
const NEWEST = 20;

/* The index is on these very expressions. What was denied between two of its requests ended as `failed`. */
const SAME = `state IN ('denied', 'failed')
  AND CASE WHEN json_valid(plan) THEN plan ->> '$.tool' END = ?
  AND CASE WHEN json_valid(plan) THEN plan -> '$.arguments' END = json(?)
  ORDER BY n DESC`;

/**
 * The newest denial by a person, within the last hour, of the same tool, arguments and targets in the same account and
 * region.
 */
export function deniedBefore(connection: Connection, asked: CallFor): Denial | undefined {
  const since = connection.clock() - HOUR_MS;
  for (const row of rowsWhere(connection, SAME, [asked.tool, asciiJson(asked.arguments)], NEWEST)) {
    if (!isSame(row, asked)) continue;
    const { id, refusal, finished_at } = readTicket(connection, row);
    // The recheck also ends tickets as denied: what an executor found is no person's no.
    if (refusal?.code !== 'denied' || finished_at === undefined || Date.parse(finished_at) <= since) continue;
    return { ticket: id, refusal, at: finished_at, until: new Date(Date.parse(finished_at) + HOUR_MS).toISOString() };
  }
  return undefined;
}

function isSame({ plan }: Row, { account, region, targets }: CallFor): boolean {
  const record = PlanRecord.safeParse(JSON.parse(plan ?? 'null')).data;
  if (record?.account !== account || record.region !== region) return false;
  return stableJson(record.targets.map(({ id }) => id)) === stableJson([...targets]);
}
