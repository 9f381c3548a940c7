import type { Subject } from '../../../kernel/same-subject.ts';
import { UNSETTLED_STATES, type Unsettled } from '../../../kernel/unsettled.ts';
import { UNSETTLED, unsettledIn } from '../../story/windows.ts';
import type { Connection } from '../connection.ts';
import { rowsWhere } from '../ticket-rows.ts';

const STATES = UNSETTLED_STATES.map((state) => `'${state}'`).join(', ');
const member = (name: 'account' | 'region') => `CASE WHEN json_valid(plan) THEN plan ->> '$.${name}' END`;

/** The tickets, of whatever agent, that are about the same as this call and aren't settled; oldest first. */
export function unsettledAbout(connection: Connection, call: Subject): readonly Unsettled[] {
  const where = `state IN (${STATES}) AND ${member('account')} = ? AND ${member('region')} = ? ORDER BY n`;
  const rows = rowsWhere(connection, where, [call.account, call.region], UNSETTLED);
  return rows.flatMap((row) => unsettledIn(row, call) ?? []);
}
