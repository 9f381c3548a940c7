import type {
  DescribeInstanceAttributeRequest,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  InstanceAttribute,
  Instance as InstanceShape,
} from '@aws-sdk/client-ec2';
import type { Cloud, Region } from '../cloud.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import type { Context } from '../wire/service.ts';
import { applyFilters, instanceValues } from './filters.ts';
import { instanceType } from './instance-types.ts';
import { publicIpOf } from './interfaces.ts';
import { instancesById, stopAtDryRun } from './lookup.ts';
import { type Instance, STATE_CODES, tagShapes } from './model.ts';
import { defaultVpcId } from './network.ts';
import { groupShapes } from './network-shapes.ts';
import { instancesIn, networkIn } from './state.ts';

export function stateShape(state: Instance['state']) {
  return { Code: STATE_CODES[state], Name: state };
}

function instanceShape(region: Region, instance: Instance): InstanceShape {
  const privateName = `ip-${instance.privateIp.replaceAll('.', '-')}.${region.name}.compute.internal`;
  const alive = instance.state !== 'terminated';
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    State: stateShape(instance.state),
    StateTransitionReason: instance.transitionReason,
    StateReason: instance.transitionReason
      ? { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated shutdown' }
      : undefined,
    InstanceType: instance.type as NonNullable<InstanceShape['InstanceType']>,
    LaunchTime: instance.launchedAt,
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    Monitoring: { State: 'disabled' },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: instance.httpTokens,
      HttpEndpoint: 'enabled',
      HttpPutResponseHopLimit: 1,
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: 'disabled',
    },
    KeyName: instance.keyName,
    ClientToken: instance.clientToken ?? '',
    AmiLaunchIndex: 0,
    Architecture: instanceType(instance.type).architecture,
    Hypervisor: 'xen',
    EnaSupport: true,
    HibernationOptions: { Configured: instance.hibernation },
    InstanceLifecycle: instance.spot && 'spot',
    SpotInstanceRequestId: instance.spot?.id,
    IamInstanceProfile: instance.profileArn === undefined ? undefined : { Arn: instance.profileArn },
    VirtualizationType: 'hvm',
    RootDeviceType: instance.rootDevice,
    RootDeviceName: '/dev/xvda',
    SubnetId: alive ? instance.subnetId : undefined,
    VpcId: alive ? vpcOf(region, instance) : undefined,
    PrivateIpAddress: alive ? instance.privateIp : undefined,
    PrivateDnsName: alive ? privateName : '',
    PublicIpAddress: alive ? (publicIpOf(region, instance.id) ?? instance.publicIp) : undefined,
    PublicDnsName: '',
    SecurityGroups: groupShapes(region, instance.securityGroupIds),
    BlockDeviceMappings: instance.attachments.map(({ volumeId, device, deleteOnTermination, attachedAt, state }) => ({
      DeviceName: device,
      Ebs: { VolumeId: volumeId, Status: state, AttachTime: attachedAt, DeleteOnTermination: deleteOnTermination },
    })),
    Tags: tagShapes(instance.tags),
  };
}

export function reservations(cloud: Cloud, region: Region, instances: readonly Instance[]) {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    groups.set(instance.reservationId, [...(groups.get(instance.reservationId) ?? []), instance]);
  }
  return [...groups].map(([ReservationId, members]) => ({
    ReservationId,
    OwnerId: cloud.accountId,
    Groups: [],
    Instances: members.map((instance) => instanceShape(region, instance)),
  }));
}

export function pageSize(maximum: number | undefined, ids: readonly string[] | undefined): number {
  if (maximum === undefined) return 1000;
  if (ids && ids.length > 0) {
    throw new ApiFailure(
      'InvalidParameterCombination',
      'The parameter InstanceId cannot be used with the parameter MaxResults',
    );
  }
  if (maximum < 5 || maximum > 1000) {
    throw new ApiFailure(
      'InvalidParameterValue',
      `Value ( ${maximum} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  }
  return maximum;
}

function vpcOf(region: Region, { subnetId }: Instance): string {
  return networkIn(region).subnets.get(subnetId)?.vpcId ?? defaultVpcId(region.name);
}

export function describeInstances(
  input: DescribeInstancesRequest,
  { cloud, region }: Context,
): DescribeInstancesResult {
  const ids = input.InstanceIds;
  const named = ids && ids.length > 0 ? instancesById(region, ids) : [...instancesIn(region).values()];
  const chosen = applyFilters(named, input.Filters, (instance, name) =>
    name === 'vpc-id' ? [vpcOf(region, instance)] : instanceValues(instance, name),
  );
  const { items, NextToken } = page(chosen, input.NextToken, pageSize(input.MaxResults, ids));
  stopAtDryRun(input);
  return { Reservations: reservations(cloud, region, items), NextToken };
}

export function describeInstanceAttribute(
  input: DescribeInstanceAttributeRequest,
  { region }: Context,
): InstanceAttribute {
  const [instance] = instancesById(region, [input.InstanceId ?? '']);
  stopAtDryRun(input);
  if (!instance) return {};
  const values: Partial<Record<string, InstanceAttribute>> = {
    disableApiTermination: { DisableApiTermination: { Value: instance.disableApiTermination } },
    disableApiStop: { DisableApiStop: { Value: instance.disableApiStop } },
    instanceType: { InstanceType: { Value: instance.type } },
    groupSet: { Groups: instance.securityGroupIds.map((GroupId) => ({ GroupId })) },
    instanceInitiatedShutdownBehavior: { InstanceInitiatedShutdownBehavior: { Value: 'stop' } },
    userData: { UserData: { Value: instance.userData } },
    rootDeviceName: { RootDeviceName: { Value: '/dev/xvda' } },
  };
  const attribute = String(input.Attribute);
  const value = Object.hasOwn(values, attribute) ? values[attribute] : undefined;
  if (!value) {
    throw new ApiFailure(
      'InvalidParameterValue',
      `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
    );
  }
  return { InstanceId: instance.id, ...value };
}
