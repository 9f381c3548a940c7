/** Stands in for images, subnets, groups and addresses until those families are here; theirs win, as they are bound later. */
import {
  type Address,
  AllocateAddress$,
  type AllocateAddressRequest,
  AssociateAddress$,
  type AssociateAddressRequest,
  AuthorizeSecurityGroupIngress$,
  type AuthorizeSecurityGroupIngressRequest,
  CreateImage$,
  type CreateImageRequest,
  CreateSecurityGroup$,
  type CreateSecurityGroupRequest,
  CreateVpc$,
  type CreateVpcRequest,
  DescribeAddresses$,
  type DescribeAddressesRequest,
  DescribeImages$,
  type DescribeImagesRequest,
  DescribeSecurityGroups$,
  type DescribeSecurityGroupsRequest,
  DescribeSubnets$,
  type DescribeSubnetsRequest,
  type Filter,
  type Image,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import { type Context, type Operation, operation } from '../wire/service.ts';
import { instanceType } from './instance-types.ts';
import { defaultId } from './instances.ts';
import { instancesById } from './lookup.ts';

interface Holdings {
  readonly images: Image[];
  readonly groups: SecurityGroup[];
  readonly addresses: Address[];
}

const holdings = new WeakMap<Region, Holdings>();

function heldIn(region: Region): Holdings {
  const known = holdings.get(region) ?? {
    images: [],
    groups: [{ GroupId: defaultId(region, 'sg'), GroupName: 'default', VpcId: defaultId(region, 'vpc') }],
    addresses: [],
  };
  holdings.set(region, known);
  return known;
}

const valuesOf = (filters: readonly Filter[] | undefined, name: string) =>
  filters?.find(({ Name }) => Name === name)?.Values;

function named<T>(all: readonly T[], ids: readonly string[] | undefined, idOf: (one: T) => string, code: string): T[] {
  const missing = ids?.find((id) => !all.some((one) => idOf(one) === id));
  if (missing !== undefined) throw new ApiFailure(code, `'${missing}' does not exist`);
  return all.filter((one) => !ids?.length || ids.includes(idOf(one)));
}

export const standIns: readonly Operation[] = [
  operation(DescribeImages$, ({ ImageIds }: DescribeImagesRequest, { region }: Context) => ({
    Images: named(heldIn(region).images, ImageIds, ({ ImageId = '' }) => ImageId, 'InvalidAMIID.NotFound'),
  })),
  operation(CreateImage$, ({ InstanceId = '', Name }: CreateImageRequest, { cloud, region }: Context) => {
    const [instance] = instancesById(region, [InstanceId]);
    const image: Image = {
      ImageId: ec2Id('ami'),
      ...(Name === undefined ? {} : { Name }),
      State: 'pending',
      Architecture: instanceType(instance?.type ?? '').architecture,
      VirtualizationType: 'hvm',
      EnaSupport: true,
      OwnerId: cloud.accountId,
    };
    heldIn(region).images.push(image);
    cloud.after(cloud.latencyMs, () => {
      image.State = 'available';
    });
    return { ImageId: image.ImageId };
  }),
  operation(DescribeSubnets$, ({ SubnetIds }: DescribeSubnetsRequest, { region }: Context) => {
    const subnet = {
      SubnetId: defaultId(region, 'subnet'),
      VpcId: defaultId(region, 'vpc'),
      AvailabilityZone: `${region.name}a`,
      State: 'available' as const,
      MapPublicIpOnLaunch: true,
    };
    return { Subnets: named([subnet], SubnetIds, ({ SubnetId }) => SubnetId, 'InvalidSubnetID.NotFound') };
  }),
  operation(DescribeSecurityGroups$, ({ GroupIds, Filters }: DescribeSecurityGroupsRequest, { region }: Context) => {
    const names = valuesOf(Filters, 'group-name');
    const all = named(heldIn(region).groups, GroupIds, ({ GroupId = '' }) => GroupId, 'InvalidGroup.NotFound');
    return { SecurityGroups: all.filter(({ GroupName = '' }) => !names || names.includes(GroupName)) };
  }),
  operation(CreateVpc$, (_: CreateVpcRequest) => ({ Vpc: { VpcId: ec2Id('vpc') } })),
  operation(CreateSecurityGroup$, ({ GroupName, VpcId }: CreateSecurityGroupRequest, { region }: Context) => {
    const group = { GroupId: ec2Id('sg'), GroupName, VpcId: VpcId ?? defaultId(region, 'vpc') };
    heldIn(region).groups.push(group as SecurityGroup);
    return { GroupId: group.GroupId };
  }),
  operation(
    AuthorizeSecurityGroupIngress$,
    ({ GroupId, IpPermissions }: AuthorizeSecurityGroupIngressRequest, { region }: Context) => {
      const group = heldIn(region).groups.find((one) => one.GroupId === GroupId);
      if (group) group.IpPermissions = [...(group.IpPermissions ?? []), ...(IpPermissions ?? [])];
      return { Return: true };
    },
  ),
  operation(AllocateAddress$, (_: AllocateAddressRequest, { region }: Context) => {
    const address = { AllocationId: ec2Id('eipalloc'), PublicIp: `198.51.100.${heldIn(region).addresses.length + 1}` };
    heldIn(region).addresses.push(address);
    return address;
  }),
  operation(AssociateAddress$, ({ AllocationId, InstanceId }: AssociateAddressRequest, { region }: Context) => {
    const address = heldIn(region).addresses.find((one) => one.AllocationId === AllocationId);
    if (address) address.InstanceId = InstanceId;
    const [instance] = instancesById(region, [InstanceId ?? '']);
    if (instance) instance.publicIp = address?.PublicIp;
    return { AssociationId: ec2Id('eipassoc') };
  }),
  operation(DescribeAddresses$, ({ Filters }: DescribeAddressesRequest, { region }: Context) => {
    const ids = valuesOf(Filters, 'instance-id');
    return {
      Addresses: heldIn(region).addresses.filter(({ InstanceId = '' }) => !ids || ids.includes(InstanceId)),
    };
  }),
];
