import type {
  InstanceStateChange,
  ModifyInstanceAttributeRequest,
  RebootInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TagSpecification,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { stateShape } from './describe.ts';
import { checkRebootable, checkStartable, checkStoppable, start, stop, terminate } from './instances.ts';
import { instancesById, requiredIds, stopAtDryRun } from './lookup.ts';
import type { Instance } from './model.ts';

export function tagsFor(specifications: readonly TagSpecification[] | undefined, resource: string) {
  return (specifications ?? [])
    .filter(({ ResourceType }) => ResourceType === resource)
    .flatMap(({ Tags = [] }) => Tags);
}

function changing(instances: readonly Instance[], act: (instance: Instance) => void): InstanceStateChange[] {
  return instances.map((instance) => {
    const PreviousState = stateShape(instance.state);
    act(instance);
    return { InstanceId: instance.id, PreviousState, CurrentState: stateShape(instance.state) };
  });
}

export function startInstances(input: StartInstancesRequest, { cloud, region }: Context): StartInstancesResult {
  const instances = instancesById(region, requiredIds(input.InstanceIds));
  instances.forEach(checkStartable);
  stopAtDryRun(input);
  return { StartingInstances: changing(instances, (instance) => start(cloud, instance)) };
}

export function stopInstances(input: StopInstancesRequest, { cloud, region }: Context): StopInstancesResult {
  const instances = instancesById(region, requiredIds(input.InstanceIds));
  for (const instance of instances) checkStoppable(instance, input.Hibernate ?? false);
  stopAtDryRun(input);
  return { StoppingInstances: changing(instances, (instance) => stop(cloud, instance)) };
}

export function rebootInstances(input: RebootInstancesRequest, { region }: Context): undefined {
  const instances = instancesById(region, requiredIds(input.InstanceIds));
  instances.forEach(checkRebootable);
  stopAtDryRun(input);
}

/**
 * An instance that is protected fails the whole request, and saves those of its Availability Zone; those of other zones
 * are terminated all the same. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
export function terminateInstances(
  input: TerminateInstancesRequest,
  { cloud, region }: Context,
): TerminateInstancesResult {
  const instances = instancesById(region, requiredIds(input.InstanceIds));
  const isProtected = ({ disableApiTermination, disableApiStop, state }: Instance) =>
    (disableApiTermination || disableApiStop) && state !== 'terminated';
  const [first] = instances.filter(isProtected);
  if (!first) {
    stopAtDryRun(input);
    return { TerminatingInstances: changing(instances, (instance) => terminate(cloud, region, instance)) };
  }
  const zones = new Set(instances.filter(isProtected).map(({ zone }) => zone));
  if (!input.DryRun) {
    for (const instance of instances) if (!zones.has(instance.zone)) terminate(cloud, region, instance);
  }
  const attribute = first.disableApiTermination ? 'disableApiTermination' : 'disableApiStop';
  throw new ApiFailure(
    'OperationNotPermitted',
    `The instance '${first.id}' may not be terminated. Modify its '${attribute}' instance attribute and try again.`,
  );
}

export function modifyInstanceAttribute(input: ModifyInstanceAttributeRequest, { region }: Context): undefined {
  const [instance] = instancesById(region, [input.InstanceId ?? '']);
  const { InstanceType, Attribute, Value } = input;
  const type = InstanceType?.Value ?? (Attribute === 'instanceType' ? Value : undefined);
  if (type !== undefined && (instance?.spot || instance?.hibernation)) {
    throw new ApiFailure('UnsupportedOperation', 'The instance type of this instance cannot be changed.');
  }
  if (type !== undefined && instance?.state !== 'stopped') {
    throw new ApiFailure('IncorrectInstanceState', `The instance '${instance?.id}' is not in the 'stopped' state.`);
  }
  stopAtDryRun(input);
  if (!instance) return;
  const flag = (name: string, value: boolean | undefined) =>
    value ?? (Attribute === name ? Value === 'true' : undefined);
  instance.type = type ?? instance.type;
  instance.disableApiTermination =
    flag('disableApiTermination', input.DisableApiTermination?.Value) ?? instance.disableApiTermination;
  instance.disableApiStop = flag('disableApiStop', input.DisableApiStop?.Value) ?? instance.disableApiStop;
}
