import { digestOf } from '../../../src/kernel/digest.ts';
import { EFFECTS, type Effect } from '../../../src/kernel/effects.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import type { Planned } from '../../define.ts';
import type { Stack } from '../../ports/cloudformation.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { stackLifecycle, stackTarget } from '../stack/target.ts';

/** The IAM actions that planning and observing a rollback use, beside what names its resources. */
export const ROLLBACK_READS = [
  'cloudformation:DescribeStacks',
  'cloudformation:DescribeStackEvents',
  'cloudformation:GetTemplate',
] as const;

/** What going back to an older template can do to a resource. */
export const ROLLBACK_EFFECTS: readonly Effect[] = ['disrupt', 'weaken', 'replace', 'delete', 'unknown'];

/** A plan that takes a stack back: a line for the stack itself, then one for each resource, worst first. */
export function planRollback(rollback: {
  readonly stack: Stack;
  readonly summary: string;
  readonly effect: Effect;
  readonly detail: string;
  readonly lines: readonly Impact[];
}): Planned {
  const { stack, summary, effect, detail, lines } = rollback;
  const impact = [
    {
      resource: stack.stack_id,
      type: NESTED_STACK,
      effect,
      detail,
      recoverable: effect === 'disrupt',
    },
    ...[...lines].sort((a, b) => EFFECTS.indexOf(b.effect) - EFFECTS.indexOf(a.effect)),
  ];
  return {
    summary,
    targets: [stackTarget(stack, stack.tags)],
    impact,
    // A stack that this deletes and that is made again is deleted and recreated, as by any other tool.
    ...(effect === 'delete' && { lifecycle: stackLifecycle(stack, 'delete') }),
    service_role: stack.role_arn,
    guard: {
      stack_id: stack.stack_id,
      stack_status: stack.stack_status,
      last_updated_time: stack.last_updated_time ?? null,
      resources: lines.length,
      resources_digest: digestOf(
        'holdshort/guard/v1',
        lines.map((line) => `${line.resource} ${line.detail}`).join('\n'),
      ),
    },
  };
}
