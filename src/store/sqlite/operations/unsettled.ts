import { PlanRecord as Plan, type PlanRecord } from '../../../kernel/plan.ts';
import { isAboutTheSame, type Subject } from '../../../kernel/same-subject.ts';
import { UNSETTLED_STATES, type Unsettled } from '../../../kernel/unsettled.ts';
import type { Connection } from '../connection.ts';
import { rowsWhere } from '../ticket-rows.ts';

const MOST = 10_000;
const STATES = UNSETTLED_STATES.map((state) => `'${state}'`).join(', ');
const member = (name: 'account' | 'region') => `CASE WHEN json_valid(plan) THEN plan ->> '$.${name}' END`;

/** The tickets, of whatever agent, that are about the same as this call and aren't settled; oldest first. */
export function unsettledAbout(connection: Connection, call: Subject): readonly Unsettled[] {
  const rows = rowsWhere(
    connection,
    `state IN (${STATES}) AND ${member('account')} = ? AND ${member('region')} = ? ORDER BY n`,
    [call.account, call.region],
    MOST,
  );
  return rows.flatMap(({ id, state: stored, plan }) => {
    const record: PlanRecord | undefined = Plan.safeParse(JSON.parse(plan ?? 'null')).data;
    const state = UNSETTLED_STATES.find((known) => known === stored);
    if (!record || !state || !isAboutTheSame(call, { ...record, state })) return [];
    const { agent, tool, created_at: at } = record;
    return [{ ticket: id, agent, tool, state, at }];
  });
}
