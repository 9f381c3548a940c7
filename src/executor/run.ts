import { randomBytes } from 'node:crypto';
import type { Attempt, ChangeTool } from '../../tools/define.ts';
import type { Sender } from '../aws/index.ts';
import type { Json } from '../kernel/digest.ts';
import type { PlanRecord } from '../kernel/plan.ts';
import { requestTokenFrom } from '../kernel/ticket.ts';
import type { Attendance } from './attendance.ts';
import type { RecheckContext } from './context.ts';
import type { Again } from './proven.ts';
import type { Go } from './recheck.ts';
import { stepAction } from './steps.ts';

/** What a run needs all the way. */
export interface Run {
  readonly attendance: Attendance;
  readonly context: RecheckContext;
  readonly plan: PlanRecord;
  readonly tool: ChangeTool;
  /** Does its story say that it waits? */
  readonly heldUp: boolean;
  /** Of a request that another process sent, or that is `unknown`. */
  readonly again?: Again;
}

export async function newAttempt({ store }: RecheckContext, { session }: Sender, step?: number): Promise<Attempt> {
  return {
    token: requestTokenFrom(randomBytes(20)),
    intended_at: await store.now(),
    ...(session ? { session } : {}),
    ...(step === undefined ? {} : { step }),
  };
}

export function wireOf({ attendance, context: { executed, telemetry }, plan, tool }: Run, attempt: Attempt) {
  const { claim, holds, keptBy, stopping } = attendance;
  return { claim, holds, keptBy, stopping, executed, telemetry, plan, tool, attempt };
}

/** What the log says beside an intent: which request, on what, and on whose word. */
export function intentOf({ plan, tool, clearance }: Go, { step }: Attempt): { readonly [key: string]: Json } {
  return {
    action: stepAction(plan, step) ?? tool.action,
    targets: plan.targets.map((target) => target.id),
    approvals: clearance.counted.approvals.map((approval) => ({ ...approval, groups: [...approval.groups] })),
    ...(clearance.cleared && clearance.broken_by.length > 0 ? { broken_by: [...clearance.broken_by] } : {}),
  };
}
