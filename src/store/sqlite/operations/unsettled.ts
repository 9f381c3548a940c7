import { type Subject, signsOf } from '../../../kernel/same-subject.ts';
import { UNSETTLED_STATES, type Unsettled } from '../../../kernel/unsettled.ts';
import { UNSETTLED, unsettledIn } from '../../story/windows.ts';
import type { Connection } from '../connection.ts';
import { rowsWhere } from '../ticket-rows.ts';

const STATES = UNSETTLED_STATES.map((state) => `'${state}'`).join(', ');
const member = (name: 'account' | 'region') => `CASE WHEN json_valid(plan) THEN plan ->> '$.${name}' END`;

/** The tickets, of whatever agent, that are about the same as this call and aren't settled; oldest first. */
export function unsettledAbout(connection: Connection, call: Subject): readonly Unsettled[] {
  const signs = signsOf(call);
  const [sign, value] =
    'tool' in signs
      ? ['tool = ?', signs.tool]
      : ['EXISTS (SELECT 1 FROM json_each(?) AS name WHERE instr(plan, name.value) > 0)', JSON.stringify(signs.names)];
  // In this order: hundreds may be under way, and only of those that name the same the plan is taken apart.
  const where = `state IN (${STATES}) AND CASE WHEN ${sign} THEN ${member('account')} = ? AND ${member('region')} = ? END
    ORDER BY n`;
  const rows = rowsWhere(connection, where, [value, call.account, call.region], UNSETTLED);
  return rows.flatMap((row) => unsettledIn(row, call) ?? []);
}
