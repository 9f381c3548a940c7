import type {
  CreateTagsRequest,
  InstanceStateChange,
  ModifyInstanceAttributeRequest,
  RebootInstancesRequest,
  Reservation,
  RunInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TagSpecification,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { reservations, stateShape } from './describe.ts';
import { checkRebootable, checkStartable, checkStoppable, launch, start, stop, terminate } from './instances.ts';
import { instancesById, requiredIds, stopAtDryRun, volumesById } from './lookup.ts';
import type { Instance, Tags } from './model.ts';

export function tagsFor(specifications: readonly TagSpecification[] | undefined, resource: string) {
  return (specifications ?? [])
    .filter(({ ResourceType }) => ResourceType === resource)
    .flatMap(({ Tags = [] }) => Tags);
}

/** Instances are made once per client token: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html */
export function runInstances(input: RunInstancesRequest, { cloud, region }: Context): Reservation {
  if (!input.ImageId && !input.LaunchTemplate) {
    throw new ApiFailure('MissingParameter', 'The request must contain the parameter ImageId');
  }
  const { MinCount = 1, MaxCount = 1, ClientToken } = input;
  if (MinCount < 1 || MaxCount < MinCount) {
    throw new ApiFailure('InvalidParameterValue', `Value (${MinCount}) for parameter minCount is invalid.`);
  }
  const request = JSON.stringify({ ...input, ClientToken: undefined, DryRun: undefined });
  const before = ClientToken === undefined ? undefined : region.clientTokens.get(ClientToken);
  if (before && before.request !== request) {
    throw new ApiFailure(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  stopAtDryRun(input);
  const reservationId = before?.reservationId ?? ec2Id('r');
  const made = before
    ? [...region.instances.values()].filter((instance) => instance.reservationId === reservationId)
    : Array.from({ length: MaxCount }, () =>
        launch(cloud, region, {
          imageId: input.ImageId ?? '',
          type: input.InstanceType ?? 'm1.small',
          reservationId,
          tags: tagsFor(input.TagSpecifications, 'instance'),
          clientToken: ClientToken,
          keyName: input.KeyName,
          subnetId: input.SubnetId,
          zone: input.Placement?.AvailabilityZone,
          securityGroupIds: input.SecurityGroupIds,
          disableApiTermination: input.DisableApiTermination,
          disableApiStop: input.DisableApiStop,
          devices: (input.BlockDeviceMappings ?? []).map(({ DeviceName = '', Ebs }) => ({
            device: DeviceName,
            size: Ebs?.VolumeSize,
            deleteOnTermination: Ebs?.DeleteOnTermination,
          })),
        }),
      );
  if (ClientToken !== undefined) region.clientTokens.set(ClientToken, { request, reservationId });
  return (
    reservations(cloud, region, made)[0] ?? { ReservationId: reservationId, OwnerId: cloud.accountId, Instances: [] }
  );
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
  instances.forEach(checkStoppable);
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

export function createTags(input: CreateTagsRequest, { region }: Context): undefined {
  const targets = (input.Resources ?? []).flatMap((id): { readonly tags: Tags }[] =>
    id.startsWith('vol-') ? volumesById(region, [id]) : instancesById(region, [id]),
  );
  stopAtDryRun(input);
  for (const { tags } of targets) for (const { Key = '', Value = '' } of input.Tags ?? []) tags.set(Key, Value);
}
