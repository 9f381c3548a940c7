import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Lifecycle } from '../../../src/kernel/lifecycle.ts';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Readers } from '../../define.ts';
import type { Stack } from '../../ports/cloudformation.ts';
import { notFound, wrongState } from '../../refusing.ts';

/** The stack by name or ARN. @throws not_found; an ARN of another account or region is `invalid_input` */
export async function existingStack(nameOrArn: string, readers: Readers): Promise<Stack> {
  const stack = await findStack(nameOrArn, readers);
  if (stack) return stack;
  throw notFound(
    `there is no stack ${nameOrArn} in ${readers.caller.account} ${readers.caller.region}`,
    'list stacks with cloudformation_list_stacks; check `region`',
  );
}

export async function findStack(nameOrArn: string, { cloudformation, caller }: Readers): Promise<Stack | undefined> {
  const [, , , region, account] = nameOrArn.split(':');
  if (region !== undefined && (region !== caller.region || account !== caller.account)) {
    throw new HoldshortError(
      'invalid_input',
      `${nameOrArn} is not in account ${caller.account}, region ${caller.region}`,
      `pass the stack's own region as \`region\`; other accounts can't be reached from here`,
    );
  }
  return await cloudformation.stack(nameOrArn);
}

/** The stack that a stored plan is about: its ARN. */
export function stackIdOf({ targets: [stack] }: Pick<PlanRecord, 'targets'>): string {
  if (stack) return stack.id;
  throw new HoldshortError('internal', 'nothing was sent: the plan names no stack', 'report this as a bug');
}

/** @param tags as AWS has them now */
export function stackTarget(stack: Stack, tags: Readonly<Record<string, string>>): Target {
  return {
    id: stack.stack_id,
    type: 'AWS::CloudFormation::Stack',
    name: stack.stack_name,
    stack_name: stack.stack_name,
    tags: { ...tags },
  };
}

/** A stack that is made again has the name of the one before it, and another ARN. */
export function stackLifecycle({ stack_name }: Stack, event: Lifecycle['event']): Lifecycle {
  return { kind: 'stack', name: stack_name, event };
}

export function refuseDeleted({ stack_name, stack_status }: Stack): void {
  if (!stack_status.startsWith('DELETE_') || stack_status === 'DELETE_FAILED') return;
  throw wrongState(`stack ${stack_name} is ${stack_status}`, 'nothing to do: look with cloudformation_list_stacks');
}

/** What AWS only does for the stack around it. */
export function refuseNested({ stack_name, parent_id }: Stack, why: string): void {
  if (parent_id === undefined) return;
  throw wrongState(`stack ${stack_name} is nested in ${parent_id}: ${why}`, 'ask for the stack around it');
}

/** Refuses a stack that isn't in one of the states that an operation is for. */
export function demandState({ stack_name, stack_status }: Stack, states: readonly string[], what: string): void {
  if (states.includes(stack_status)) return;
  const recovery = stack_status.endsWith('_IN_PROGRESS')
    ? 'wait until it is done, then look at the stack again'
    : "look at the stack's events with cloudformation_describe_stack_events; perhaps nothing is left to do";
  throw wrongState(`stack ${stack_name} is ${stack_status}: ${what} only in ${states.join(' or ')}`, recovery);
}
