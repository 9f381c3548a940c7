import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Impact, PropertyDifference, Step } from '../../src/kernel/plan.ts';
import { actionOf } from '../../src/kernel/tool-name.ts';
import { defineChangeTool, type Observation, type Readers } from '../define.ts';
import { InstanceId, InstanceType, Reason, Region } from '../fields.ts';
import type { InstanceTypeFacts } from '../ports/ec2-instances.ts';
import { propertyDifferences } from '../property-differences.ts';
import { notFound, wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { theOne } from './asking.ts';
import { EXAMINE_READS, type Examined, examine, guardOf, InstancesGuard } from './instances/guard.ts';
import { addressLoss, LOAD_BALANCERS, storeLoss } from './instances/losses.ts';
import { observeInstances } from './instances/observe.ts';
import { differsFromSteps, RESIZE_TOOLS, requestOf, resizeSteps } from './instances/resize.ts';
import { refuseProtected, refuseState, START, STOP, stopEffect } from './instances/stopping.ts';
import { instanceArn, instanceTarget, ownersOf, scalingGroup } from './instances/target.ts';
import { misfitOf } from './instances/type-fit.ts';
import { keysOfDisks, onThings } from './permits.ts';
import { attributeBack, stoppedLost } from './undo/instances-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_modify_instance_attribute',
  title: 'Modify an instance attribute',
  description:
    'Resize an instance (change its type; a running one is stopped and started again, all in one ticket), or turn its termination protection on or off. May need approval.',
  toolset: 'ec2',
  action: 'ec2:ModifyInstanceAttribute',
  reads: EXAMINE_READS,
  effects: ['modify', 'weaken', 'disrupt', 'replace'],
  refusals: {
    invalid_input: 'the new type does not fit the instance (architecture, virtualization, ENA)',
    not_found: 'the instance or the type does not exist',
    protected: 'it would have to stop, and stop protection is on; a person lifts it outside this server',
    wrong_state:
      'the instance is terminated; or for a new type: is neither running nor stopped, is a Spot instance, was launched to hibernate, or would have to stop with its root on an instance store',
    no_changes: 'it is so already',
  },
  input: z
    .strictObject({
      instance_id: InstanceId,
      instance_type: InstanceType.optional(),
      disable_api_termination: z.boolean().optional(),
      region: Region.optional(),
      reason: Reason,
    })
    .refine(
      (given) => (given.instance_type === undefined) !== (given.disable_api_termination === undefined),
      'give one of instance_type and disable_api_termination; AWS changes one at a time',
    ),
  log: {
    instance_id: 'shown',
    instance_type: 'shown',
    disable_api_termination: 'shown',
    region: 'shown',
    reason: 'shown',
  },

  stored: z.strictObject({
    instance_id: z.string(),
    instance_type: z.string().exactOptional(),
    disable_api_termination: z.boolean().exactOptional(),
  }),
  guard: InstancesGuard,
  record: ({ instance_id, instance_type, disable_api_termination }) => ({
    instance_id,
    ...(instance_type === undefined ? {} : { instance_type }),
    ...(disable_api_termination === undefined ? {} : { disable_api_termination }),
  }),

  async plan({ instance_id, instance_type, disable_api_termination }, readers) {
    const examined = await examine([instance_id], readers, ({ state }) => {
      if (state !== 'terminated' && state !== 'shutting-down') return;
      throw wrongState(`${instance_id} is ${state}`, 'name another instance');
    });
    const one = theOne(examined, instance_id);
    const change =
      instance_type === undefined
        ? protectionChange(one, disable_api_termination === true)
        : await typeChange(one, instance_type, readers);
    const impact: Impact[] = [
      {
        resource: instanceArn(instance_id, readers.caller),
        type: 'AWS::EC2::Instance',
        effect: change.effect,
        detail: change.detail,
        recoverable: change.effect !== 'replace' && (change.steps === undefined || storeLoss(one) === ''),
        ...propertyDifferences([change.difference]),
      },
    ];
    const guard = guardOf([one]);
    const given = { instance_id, ...(instance_type === undefined ? {} : { instance_type }) };
    return {
      summary: change.summary,
      targets: [instanceTarget(one.instance, readers.caller)],
      impact,
      ...(change.steps ? { steps: change.steps } : {}),
      ...undoOf(impact, {
        calls: attributeBack(guard, given),
        lost: change.steps ? stoppedLost([one], { force: false, hibernate: false }) : [],
      }),
      guard,
    };
  },

  async keep({ guard, arguments: given }, { ec2 }) {
    return { calls: attributeBack(guard, given), as_it_was: await ec2.instances([given.instance_id]) };
  },

  several: {
    tools: RESIZE_TOOLS,
    differs: (plan, readers, step) => differsFromSteps(plan.arguments, plan.guard, readers, step),
  },

  permits(plan, attempt) {
    const place = placeOf(plan);
    const request = requestOf(plan, attempt);
    const { permissions } = onThings(actionOf(request), [plan.arguments.instance_id], place);
    return { permissions: [...permissions, ...(request === 'ec2_start_instances' ? keysOfDisks(place) : [])] };
  },

  async execute(plan, { ec2 }, attempt) {
    const { instance_id: id, ...change } = plan.arguments;
    switch (requestOf(plan, attempt)) {
      case 'ec2_stop_instances':
        await ec2.stopInstances({ ids: [id], force: false, hibernate: false });
        return;
      case 'ec2_modify_instance_attribute':
        await ec2.modifyInstance(id, Wanted.parse(change));
        return;
      case 'ec2_start_instances':
        await ec2.startInstances([id]);
    }
  },

  observe(plan, readers, attempt) {
    const { instance_id: id, ...change } = plan.arguments;
    switch (requestOf(plan, attempt)) {
      case 'ec2_stop_instances':
        return observeInstances([id], plan.guard, readers, attempt, STOP);
      case 'ec2_modify_instance_attribute':
        return observeAttribute(id, Wanted.parse(change), readers);
      case 'ec2_start_instances':
        return observeInstances([id], plan.guard, readers, attempt, START);
    }
  },
});

const Wanted = z.union([
  z.strictObject({ instance_type: z.string() }),
  z.strictObject({ disable_api_termination: z.boolean() }),
]);

interface Change {
  readonly summary: string;
  readonly effect: Impact['effect'];
  readonly detail: string;
  readonly difference: PropertyDifference;
  readonly steps?: readonly Step[];
}

function protectionChange({ instance, protection, spot }: Examined, on: boolean): Change {
  const { instance_id, instance_type, state } = instance;
  const what = `termination protection of ${instance_id}`;
  if (protection.disable_api_termination === on)
    throw new HoldshortError('no_changes', `${what} is ${on ? 'on' : 'off'} already`, 'go on without this call');
  const difference = { name: 'DisableApiTermination', before: String(!on), after: String(on) };
  if (!on)
    return {
      difference,
      summary: `turn off ${what}`,
      effect: 'weaken',
      detail: `${instance_type}, ${state}: whoever may terminate instances can terminate it from then on${ownersOf(instance, true)}`,
    };
  if (spot !== undefined || instance.instance_lifecycle === 'spot')
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
    throw wrongState(`${instance_id} is a Spot instance: AWS can't protect it`, 'go on without this call');
  const group = scalingGroup(instance);
  const beyond = group === undefined ? '' : `; it doesn't keep the Auto Scaling group ${group} from terminating it`;
  return {
    difference,
    summary: `turn on ${what}`,
    effect: 'modify',
    detail: `${instance_type}, ${state}: can't be terminated by a request any more${beyond}${ownersOf(instance, true)}`,
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html */
async function typeChange(one: Examined, wanted: string, { ec2 }: Readers): Promise<Change> {
  const { instance, type: now, spot } = one;
  const { instance_id, instance_type, state, hardware } = instance;
  const refuse = (what: string, next: string) => wrongState(`${instance_id} ${what}`, next);
  if (instance_type === wanted)
    throw new HoldshortError('no_changes', `${instance_id} is a ${wanted} already`, 'go on without this call');
  if (spot !== undefined || instance.instance_lifecycle === 'spot')
    throw refuse('is a Spot instance, whose type stays', 'launch another of that type instead');
  if (hardware.hibernation) throw refuse('was launched to hibernate, so its type stays', 'launch another instead');
  if (state !== 'stopped') {
    refuseState(instance);
    refuseProtected(one);
  }
  const [next] = await ec2.instanceTypes([wanted]);
  if (!next) {
    throw notFound(`there is no instance type ${wanted} in this region`, 'give a type that is offered here');
  }
  // Emulators don't tell what an instance is made for; what its present type is made for says as much.
  const [own, ...others] = now?.architectures ?? [];
  const made = own === undefined || others.length > 0 ? hardware : { architecture: own, ...hardware };
  const misfit = misfitOf(next, made);
  if (misfit !== undefined)
    throw new HoldshortError('invalid_input', `${instance_id} can't be a ${wanted}: ${misfit}`, 'choose another type');
  const difference = { name: 'InstanceType', before: instance_type, after: wanted };
  if (state === 'running') return { difference, ...restarting(one, wanted, differences(now, next)) };
  return {
    summary: `change ${instance_id} from ${instance_type} to ${wanted}`,
    effect: 'modify',
    difference,
    detail: `from ${instance_type} to ${wanted}, while stopped${differences(now, next)}; costs differ${ownersOf(instance, true)}`,
  };
}

/** What it costs an instance that runs. Its id, private addresses and EBS volumes stay. Same page. */
function restarting(one: Examined, wanted: string, devices: string): Omit<Change, 'difference'> {
  const { instance } = one;
  const { instance_id, instance_type } = instance;
  const { effect, replaced } = stopEffect(instance);
  return {
    summary: `resize ${instance_id}: stop it, change it from ${instance_type} to ${wanted}, start it again`,
    effect,
    steps: resizeSteps(instance_id, instance_type, wanted),
    detail: `stops, becomes a ${wanted} and starts again on other hardware; down meanwhile, for longer if AWS has no room for it${replaced}${storeLoss(one)}${addressLoss(one)}${devices}${LOAD_BALANCERS}${ownersOf(instance, true)}; costs differ`,
  };
}

function differences(now: InstanceTypeFacts | undefined, next: InstanceTypeFacts): string {
  const store = (now?.instance_store_gb ?? 0) > 0 && next.instance_store_gb === 0;
  const devices = now?.hypervisor !== undefined && next.hypervisor !== undefined && now.hypervisor !== next.hypervisor;
  return [
    ...(store ? ['; the new type has no instance store'] : []),
    ...(devices
      ? [`; disks get other device names (${now.hypervisor} to ${next.hypervisor}), so it may not boot`]
      : []),
  ].join('');
}

/** EC2 keeps neither token nor time for it: that the value was another when the guard was rechecked is all there is. */
async function observeAttribute(
  id: string,
  wanted: z.output<typeof Wanted>,
  { ec2, caller }: Readers,
): Promise<Observation> {
  const resource = instanceArn(id, caller);
  const [instance] = (await ec2.instances({ filters: [{ name: 'instance-id', values: [id] }], limit: 5 })).items;
  const unknown = (detail: string): Observation => ({
    state: 'unknown',
    evidence: 'state',
    detail,
    resources: [{ resource, outcome: 'unknown', detail }],
  });
  if (!instance || instance.state === 'terminated') return unknown(`${id} is gone, so its attributes can't be read`);
  const [value, asked] =
    'instance_type' in wanted
      ? [instance.instance_type, wanted.instance_type]
      : [(await ec2.protection(id)).disable_api_termination, wanted.disable_api_termination];
  if (value !== asked) return unknown(`no trace that the request arrived: it is still ${value}`);
  const detail = `${'instance_type' in wanted ? 'its type' : 'its termination protection'} is ${value} (AWS does not say since when)`;
  return { state: 'succeeded', evidence: 'state', detail, resources: [{ resource, outcome: 'succeeded', detail }] };
}
