import { z } from 'zod';
import type { Impact } from '../../src/kernel/plan.ts';
import { type Caller, defineChangeTool } from '../define.ts';
import { InstanceIds, Reason, Region } from '../fields.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { EXAMINE_READS, type Examined, examine, guardOf, InstancesGuard } from './instances/guard.ts';
import { addressLoss, LOAD_BALANCERS, storeLoss } from './instances/losses.ts';
import { observeInstances } from './instances/observe.ts';
import { refuseProtected, refuseState, STOP, stopEffect } from './instances/stopping.ts';
import { instanceArn, instanceTarget, ownersOf } from './instances/target.ts';
import { onThings } from './permits.ts';
import { startAgain, stoppedLost } from './undo/instances-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_stop_instances',
  title: 'Stop instances',
  description: 'Stop (or hibernate) running EC2 instances; their EBS volumes stay. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:StopInstances',
  reads: EXAMINE_READS,
  effects: ['disrupt', 'replace'],
  refusals: {
    not_found: 'an instance does not exist',
    protected: 'stop protection is on; a person lifts it outside this server',
    wrong_state:
      'an instance is not running, can only be terminated (root on an instance store, one-time Spot request), or can not hibernate',
  },
  input: z.strictObject({
    instance_ids: InstanceIds,
    force: z.boolean().default(false).describe('Without a clean shutdown; may lose data'),
    hibernate: z.boolean().default(false),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { instance_ids: 'shown', force: 'shown', hibernate: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ instance_ids: z.array(z.string()), force: z.boolean(), hibernate: z.boolean() }),
  guard: InstancesGuard,
  record: ({ instance_ids, force, hibernate }) => ({ instance_ids: [...instance_ids].sort(), force, hibernate }),

  async plan({ instance_ids, force, hibernate }, readers) {
    const examined = await examine(instance_ids, readers, refuseState);
    for (const one of examined) {
      refuseProtected(one);
      refuseSpot(one, hibernate);
    }
    const impact = examined.map((one) => lineOf(one, { force, hibernate }, readers.caller));
    const guard = guardOf(examined);
    const how = `${force ? 'force-' : ''}${hibernate ? 'hibernate' : 'stop'}`;
    return {
      summary: `${how} ${examined.length} instance${examined.length === 1 ? '' : 's'}`,
      targets: examined.map(({ instance }) => instanceTarget(instance, readers.caller)),
      impact,
      ...undoOf(impact, { calls: startAgain(guard), lost: stoppedLost(examined, { force, hibernate }) }),
      guard,
    };
  },

  async keep({ guard, arguments: { instance_ids } }, { ec2 }) {
    return { calls: startAgain(guard), as_it_was: await ec2.instances(instance_ids) };
  },

  permits: (plan) => onThings('ec2:StopInstances', plan.arguments.instance_ids, placeOf(plan)),

  async execute(plan, { ec2 }) {
    const { instance_ids, ...how } = plan.arguments;
    await ec2.stopInstances({ ids: instance_ids, ...how });
  },

  observe: (plan, readers, attempt) =>
    observeInstances(plan.arguments.instance_ids, plan.guard, readers, attempt, STOP),
});

/**
 * A Spot instance stops only where its request stays, and only EC2 hibernates it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances-request.html, API_StopInstances.html
 */
function refuseSpot({ instance, spot }: Examined, hibernate: boolean): void {
  const { instance_id, hardware, instance_lifecycle } = instance;
  if (hibernate && (!hardware.hibernation || instance_lifecycle === 'spot')) {
    throw wrongState(
      `${instance_id} ${hardware.hibernation ? 'is a Spot instance, which only AWS hibernates' : 'was not launched so that it can hibernate'}`,
      'leave `hibernate` out: what is in memory is lost then',
    );
  }
  if (spot?.type !== 'one-time') return;
  throw wrongState(
    `${instance_id} is of the one-time Spot request ${spot.spot_request_id}: it can't be stopped, only terminated`,
    'leave it out',
  );
}

function lineOf(one: Examined, how: { readonly force: boolean; readonly hibernate: boolean }, caller: Caller): Impact {
  const { instance, spot } = one;
  const { instance_id, instance_type } = instance;
  const { force, hibernate } = how;
  const forced = force ? '; without a clean shutdown: unwritten data is lost' : '';
  const memory = hibernate ? '; its memory is saved' : '';
  const request = spot ? `; its Spot request ${spot.spot_request_id} is disabled until it starts again` : '';
  const { effect, replaced } = stopEffect(instance);
  return {
    resource: instanceArn(instance_id, caller),
    type: 'AWS::EC2::Instance',
    effect,
    detail: `${instance_type}: ${hibernate ? 'hibernates' : 'stops'}${replaced}${storeLoss(one)}${forced}${memory}${addressLoss(one)}${request}${LOAD_BALANCERS}${ownersOf(instance)}`,
    // What is on an instance store, or can't be told not to be, doesn't come back with a start.
    recoverable: !force && effect === 'disrupt' && storeLoss(one) === '',
  };
}
