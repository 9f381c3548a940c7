import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { InstanceIds, Reason, Region } from '../fields.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { EXAMINE_READS, examine, guardOf, InstancesGuard } from './instances/guard.ts';
import { observeInstances } from './instances/observe.ts';
import { START } from './instances/stopping.ts';
import { instanceArn, instanceTarget, ownersOf } from './instances/target.ts';
import { keysOfDisks, onThings } from './permits.ts';

export default defineChangeTool({
  name: 'ec2_start_instances',
  title: 'Start instances',
  description: 'Start stopped EC2 instances. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:StartInstances',
  reads: EXAMINE_READS,
  effects: ['modify'],
  refusals: { not_found: 'an instance does not exist', wrong_state: 'an instance is not stopped' },
  input: z.strictObject({ instance_ids: InstanceIds, region: Region.optional(), reason: Reason }),
  log: { instance_ids: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ instance_ids: z.array(z.string()) }),
  guard: InstancesGuard,
  record: ({ instance_ids }) => ({ instance_ids: [...instance_ids].sort() }),

  async plan({ instance_ids }, readers) {
    const examined = await examine(instance_ids, readers, ({ instance_id, state }) => {
      if (state === 'stopped') return;
      throw wrongState(`${instance_id} is ${state}, not stopped`, 'leave it out, or wait');
    });
    return {
      summary: `start ${examined.length} instance${examined.length === 1 ? '' : 's'}`,
      targets: examined.map(({ instance }) => instanceTarget(instance, readers.caller)),
      impact: examined.map(({ instance, spot }) => ({
        resource: instanceArn(instance.instance_id, readers.caller),
        type: 'AWS::EC2::Instance',
        effect: 'modify' as const,
        detail: `${instance.instance_type}${spot ? ' Spot' : ''}: starts, and costs from then on${ownersOf(instance)}`,
        recoverable: true,
      })),
      guard: guardOf(examined),
    };
  },

  permits(plan) {
    const place = placeOf(plan);
    const { permissions } = onThings('ec2:StartInstances', plan.arguments.instance_ids, place);
    return { permissions: [...permissions, ...keysOfDisks(place)] };
  },

  async execute(plan, { ec2 }) {
    await ec2.startInstances(plan.arguments.instance_ids);
  },

  observe: (plan, readers, attempt) =>
    observeInstances(plan.arguments.instance_ids, plan.guard, readers, attempt, START),
});
