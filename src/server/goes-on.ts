import type { ChangeTool, Planned } from '../../tools/define.ts';
import { type Permits, sessionSeconds } from '../../tools/session/permits.ts';
import type { GoesOn } from '../kernel/goes-on.ts';
import type { PlanRecord } from '../kernel/plan.ts';

/** What the session of each of the change's requests may do. */
export function permitsOf(tool: ChangeTool, plan: PlanRecord): readonly Permits[] {
  return (plan.steps ?? [undefined]).map((_, at) => tool.permits(plan, plan.steps ? { step: at + 1 } : {}));
}

/**
 * As whom AWS goes on when it has answered; undefined where it is done then.
 * @param perRequest each request gets a session of its own
 */
export function goesOnOf(
  permits: readonly Permits[],
  { service_role }: Pick<Planned, 'service_role'>,
  perRequest: boolean,
): GoesOn | undefined {
  const going = permits.find(({ goes_on }) => goes_on);
  if (!going) return undefined;
  if (service_role !== undefined) return { as: 'service_role', role_arn: service_role };
  return perRequest ? { as: 'session', seconds: sessionSeconds(going) } : { as: 'executor' };
}
