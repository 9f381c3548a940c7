import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { InstanceIds, Reason, Region } from '../fields.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { EXAMINE_READS, examine, guardOf } from './instances/guard.ts';
import { LOAD_BALANCERS } from './instances/losses.ts';
import { observeReboot } from './instances/observe-reboot.ts';
import { instanceArn, instanceTarget, ownersOf } from './instances/target.ts';
import { onThings } from './permits.ts';

export default defineChangeTool({
  name: 'ec2_reboot_instances',
  title: 'Reboot instances',
  description: 'Reboot running EC2 instances; addresses and instance-store data stay. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:RebootInstances',
  reads: EXAMINE_READS,
  effects: ['disrupt'],
  refusals: { not_found: 'an instance does not exist', wrong_state: 'an instance is not running' },
  input: z.strictObject({ instance_ids: InstanceIds, region: Region.optional(), reason: Reason }),
  log: { instance_ids: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ instance_ids: z.array(z.string()) }),
  record: ({ instance_ids }) => ({ instance_ids: [...instance_ids].sort() }),

  async plan({ instance_ids }, readers) {
    const examined = await examine(instance_ids, readers, ({ instance_id, state }) => {
      if (state === 'running') return;
      throw wrongState(`${instance_id} is ${state}, not running`, 'leave it out, or wait');
    });
    return {
      summary: `reboot ${examined.length} instance${examined.length === 1 ? '' : 's'}`,
      targets: examined.map(({ instance }) => instanceTarget(instance, readers.caller)),
      impact: examined.map(({ instance }) => ({
        resource: instanceArn(instance.instance_id, readers.caller),
        type: 'AWS::EC2::Instance',
        effect: 'disrupt' as const,
        // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-reboot.html
        detail: `${instance.instance_type}: restarts; what is in memory is lost, and unwritten data too if it does not shut down within minutes${LOAD_BALANCERS}${ownersOf(instance)}`,
        recoverable: true,
      })),
      guard: guardOf(examined),
    };
  },

  permits: (plan) => onThings('ec2:RebootInstances', plan.arguments.instance_ids, placeOf(plan)),

  async execute(plan, { ec2 }) {
    await ec2.rebootInstances(plan.arguments.instance_ids);
  },

  observe: (plan, readers) => observeReboot(plan.arguments.instance_ids, readers),
});
