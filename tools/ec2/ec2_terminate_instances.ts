import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { type Caller, defineChangeTool } from '../define.ts';
import { InstanceIds, Reason, Region } from '../fields.ts';
import type { Instance } from '../ports/ec2-instances.ts';
import { type Examined, examine, guardOf } from './instance-guard.ts';
import { instanceArn, instanceTarget, ownersOf } from './instance-target.ts';
import { idsOf, observeInstances } from './observe-instances.ts';

export default defineChangeTool({
  name: 'ec2_terminate_instances',
  title: 'Terminate instances',
  description:
    'Propose terminating EC2 instances for good, with the volumes that go along. A person usually has to approve: you get a ticket; follow it with ticket_wait.',
  toolset: 'ec2',
  action: 'ec2:TerminateInstances',
  reads: ['ec2:DescribeInstances', 'ec2:DescribeInstanceAttribute'],
  effects: ['delete', 'modify'],
  refusals: {
    not_found: 'an instance does not exist',
    protected: 'termination protection is on; a person lifts it outside this server',
    wrong_state: 'an instance is terminated already',
  },
  input: z.strictObject({ instance_ids: InstanceIds, region: Region.optional(), reason: Reason }),

  record: ({ instance_ids }) => ({ instance_ids: [...instance_ids].sort() }),

  async plan({ instance_ids }, readers) {
    const examined = await examine(instance_ids, readers, refuseState);
    for (const one of examined) refuseProtected(one);
    const impact = examined.flatMap((one) => linesOf(one, readers.caller));
    const volumes = impact.filter((line) => line.type === 'AWS::EC2::Volume' && line.effect === 'delete').length;
    return {
      summary: `terminate ${examined.length} instance${examined.length === 1 ? '' : 's'}${volumes === 0 ? '' : ` and delete ${volumes} volume${volumes === 1 ? '' : 's'}`}`,
      targets: examined.map(({ instance }) => instanceTarget(instance, readers.caller)),
      impact: [...impact].sort((a, b) => Number(a.effect !== 'delete') - Number(b.effect !== 'delete')),
      guard: guardOf(examined),
    };
  },

  async execute(plan, { ec2 }) {
    await ec2.terminateInstances(idsOf(plan));
  },

  // `shutting-down` can't be stopped any more and ends in `terminated`.
  observe: (plan, readers, attempt) =>
    observeInstances(plan, readers, attempt, {
      verb: 'terminated',
      under_way: [],
      done: ['shutting-down', 'terminated'],
    }),
});

function refuseState({ instance_id, state }: Instance): void {
  if (state !== 'terminated' && state !== 'shutting-down') return;
  throw new HoldshortError('wrong_state', `${instance_id} is ${state} already`, 'leave it out');
}

function refuseProtected({ instance: { instance_id }, protection }: Examined): void {
  if (!protection.disable_api_termination) return;
  throw new HoldshortError(
    'protected',
    `termination protection is on for ${instance_id}`,
    'a person turns it off outside this server, if the instance is really to go; or leave it out',
  );
}

function linesOf({ instance }: Examined, caller: Caller): Impact[] {
  const { instance_id, instance_type, state, root_device_type } = instance;
  const store = root_device_type === 'instance-store' ? '; its root is on an instance store, which is lost' : '';
  const line: Impact = {
    resource: instanceArn(instance_id, caller),
    type: 'AWS::EC2::Instance',
    effect: 'delete',
    detail: `${instance_type}, ${state}${store}${ownersOf(instance)}`,
    recoverable: false,
  };
  const volumes = instance.block_devices.map(
    ({ volume_id, device_name, delete_on_termination }): Impact => ({
      resource: volume_id,
      type: 'AWS::EC2::Volume',
      effect: delete_on_termination ? 'delete' : 'modify',
      detail: delete_on_termination
        ? `${device_name} of ${instance_id}: deleted with it`
        : `${device_name} of ${instance_id}: detached, stays`,
      recoverable: !delete_on_termination,
    }),
  );
  return [line, ...volumes];
}
