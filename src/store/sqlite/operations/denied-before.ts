import { asciiJson } from '../../../kernel/plan.ts';
import type { CallFor, Denial } from '../../port.ts';
import { asksForSame, DENIALS, denialIn } from '../../story/windows.ts';
import type { Connection } from '../connection.ts';
import { readRows, rowsWhere } from '../ticket-rows.ts';

/* The index is on these very expressions. */
const SAME = `state IN ('denied', 'failed')
  AND CASE WHEN json_valid(plan) THEN plan ->> '$.tool' END = ?
  AND CASE WHEN json_valid(plan) THEN plan -> '$.arguments' END = json(?)
  ORDER BY n DESC`;

/**
 * The newest denial by a person, within the last hour, of the same tool, arguments and targets in the same account and
 * region.
 */
export function deniedBefore(connection: Connection, asked: CallFor): Denial | undefined {
  const now = connection.clock();
  for (const row of rowsWhere(connection, SAME, [asked.tool, asciiJson(asked.arguments)], DENIALS)) {
    const denial = asksForSame(row, asked) ? denialIn(readRows(connection, row), now) : undefined;
    if (denial) return denial;
  }
  return undefined;
}
