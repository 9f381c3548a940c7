import type { Target } from '../../../src/kernel/target.ts';
import type { Caller } from '../../define.ts';
import type { Instance } from '../../ports/ec2-instances.ts';

/** AWS reserves the prefix `aws:`, so that nobody else can write these tags. */
const STACK_NAME_TAG = 'aws:cloudformation:stack-name';
const GROUP_NAME_TAG = 'aws:autoscaling:groupName';

export function instanceArn(id: string, { arn, region, account }: Caller): string {
  return `arn:${arn.split(':')[1] ?? 'aws'}:ec2:${region}:${account}:instance/${id}`;
}

export function instanceTarget(instance: Instance, caller: Caller): Target {
  const stack = owningStack(instance);
  return {
    id: instanceArn(instance.instance_id, caller),
    type: 'AWS::EC2::Instance',
    name: instance.instance_id,
    ...(stack === undefined ? {} : { stack_name: stack }),
    tags: { ...instance.tags },
  };
}

/** The stack that says by its tag that the resource is its own. */
export function owningStack({ tags }: Pick<Instance, 'tags'>): string | undefined {
  return Object.hasOwn(tags, STACK_NAME_TAG) ? tags[STACK_NAME_TAG] : undefined;
}

/**
 * The Auto Scaling group that the instance is a member of: it terminates members that stop, as unhealthy, and launches
 * others.
 */
export function scalingGroup({ tags }: Pick<Instance, 'tags'>): string | undefined {
  return Object.hasOwn(tags, GROUP_NAME_TAG) ? tags[GROUP_NAME_TAG] : undefined;
}

/**
 * What a person should know about who else has a say over the instance; empty when nobody does.
 * @param drift does the change make the instance another than its stack says?
 */
export function ownersOf(instance: Instance, drift = false): string {
  const stack = owningStack(instance);
  const group = scalingGroup(instance);
  return [
    ...(stack === undefined ? [] : [`; belongs to stack ${stack}, which isn't told${drift ? ': it drifts' : ''}`]),
    ...(group === undefined ? [] : [`; the Auto Scaling group ${group} may replace it`]),
  ].join('');
}
