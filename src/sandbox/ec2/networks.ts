/** VPCs, subnets and network interfaces: https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html */

import type {
  CreateNetworkInterfaceRequest,
  CreateNetworkInterfaceResult,
  CreateSubnetRequest,
  CreateSubnetResult,
  CreateVpcRequest,
  CreateVpcResult,
  DeleteNetworkInterfaceRequest,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { canonicalCidr } from './cidr.ts';
import { applyFilters } from './filters.ts';
import { interfacesOf } from './interfaces.ts';
import { stopAtDryRun } from './lookup.ts';
import { tagMap } from './model.ts';
import { defaultGroup } from './network.ts';
import { INTERFACE_FILTERS, SUBNET_FILTERS, VPC_FILTERS } from './network-filters.ts';
import { interfacesById, networkPage, requireMember, subnetsById, tagsFor, vpcsById } from './network-lookup.ts';
import type { NetworkInterface, Subnet } from './network-model.ts';
import { interfaceShape, subnetShape, vpcShape } from './network-shapes.ts';
import { securityGroupsById } from './security-groups.ts';
import { networkIn } from './state.ts';

export function describeVpcs(input: DescribeVpcsRequest, { cloud, region }: Context): DescribeVpcsResult {
  const ids = input.VpcIds ?? [];
  const chosen = ids.length > 0 ? vpcsById(region, ids) : [...networkIn(region).vpcs.values()];
  const found = applyFilters(chosen, input.Filters, VPC_FILTERS.values, VPC_FILTERS.known);
  const { items, NextToken } = networkPage(found, input, ids);
  stopAtDryRun(input);
  return { Vpcs: items.map((vpc) => vpcShape(cloud.accountId, vpc)), NextToken };
}

/** With a default group, as each VPC has. */
export function createVpc(input: CreateVpcRequest, { cloud, region }: Context): CreateVpcResult {
  const cidr = range(input.CidrBlock);
  stopAtDryRun(input);
  const vpc = { id: ec2Id('vpc'), cidr, isDefault: false, tags: tagMap(tagsFor(input.TagSpecifications, 'vpc')) };
  networkIn(region).vpcs.set(vpc.id, vpc);
  const group = defaultGroup(ec2Id('sg'), vpc.id);
  networkIn(region).securityGroups.set(group.id, group);
  return { Vpc: vpcShape(cloud.accountId, vpc) };
}

function range(text: string | undefined): string {
  const cidr = canonicalCidr(requireMember(text, 'cidrBlock'), 4);
  if (cidr !== undefined) return cidr;
  throw new ApiFailure(
    'InvalidParameterValue',
    `Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
  );
}

const usedIn = (region: Region, { id }: Subnet) =>
  interfacesOf(region).filter(({ subnetId }) => subnetId === id).length;

export function describeSubnets(input: DescribeSubnetsRequest, { cloud, region }: Context): DescribeSubnetsResult {
  const ids = input.SubnetIds ?? [];
  const chosen = ids.length > 0 ? subnetsById(region, ids) : [...networkIn(region).subnets.values()];
  const found = applyFilters(chosen, input.Filters, SUBNET_FILTERS.values, SUBNET_FILTERS.known);
  const { items, NextToken } = networkPage(found, input, ids);
  stopAtDryRun(input);
  return { Subnets: items.map((subnet) => subnetShape(cloud.accountId, subnet, usedIn(region, subnet))), NextToken };
}

export function createSubnet(input: CreateSubnetRequest, { cloud, region }: Context): CreateSubnetResult {
  const [vpc] = vpcsById(region, [requireMember(input.VpcId, 'vpcId')]);
  const subnet: Subnet = {
    id: ec2Id('subnet'),
    vpcId: vpc?.id ?? '',
    zone: input.AvailabilityZone ?? `${region.name}a`,
    cidr: range(input.CidrBlock),
    isDefault: false,
    tags: tagMap(tagsFor(input.TagSpecifications, 'subnet')),
  };
  stopAtDryRun(input);
  networkIn(region).subnets.set(subnet.id, subnet);
  return { Subnet: subnetShape(cloud.accountId, subnet, 0) };
}

export function describeNetworkInterfaces(
  input: DescribeNetworkInterfacesRequest,
  { cloud, region }: Context,
): DescribeNetworkInterfacesResult {
  const ids = input.NetworkInterfaceIds ?? [];
  const chosen = ids.length > 0 ? interfacesById(region, ids) : interfacesOf(region);
  const found = applyFilters(chosen, input.Filters, INTERFACE_FILTERS.values, INTERFACE_FILTERS.known);
  const { items, NextToken } = networkPage(found, input, ids);
  stopAtDryRun(input);
  return { NetworkInterfaces: items.map((eni) => interfaceShape(cloud.accountId, region, eni)), NextToken };
}

export interface InterfaceRequest {
  readonly subnet: Subnet;
  readonly groupIds: readonly string[];
  readonly description?: string | undefined;
  /** The service of AWS that has it made: `amazon-elb`. */
  readonly requesterId?: string | undefined;
  readonly tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
}

export function addInterface(region: Region, request: InterfaceRequest): NetworkInterface {
  const { subnet, groupIds, description = '', requesterId, tags = [] } = request;
  const host = networkIn(region).networkInterfaces.size + 10;
  const eni: NetworkInterface = {
    id: ec2Id('eni'),
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    privateIp: subnet.cidr.replace(/\.\d+\.\d+\/\d+$/, `.${(host >> 8) & 255}.${host & 255}`),
    description,
    requesterId,
    instanceId: undefined,
    groupIds,
    tags: tagMap(tags),
  };
  networkIn(region).networkInterfaces.set(eni.id, eni);
  return eni;
}

export function createNetworkInterface(
  input: CreateNetworkInterfaceRequest,
  { cloud, region }: Context,
): CreateNetworkInterfaceResult {
  const [subnet] = subnetsById(region, [requireMember(input.SubnetId, 'subnetId')]);
  if (!subnet) return {};
  const groups = securityGroupsById(region, input.Groups ?? []);
  if (groups.some(({ vpcId }) => vpcId !== subnet.vpcId))
    throw new ApiFailure('InvalidParameter', 'You have specified two resources that belong to different networks.');
  const own = [...networkIn(region).securityGroups.values()].find(
    ({ name, vpcId }) => name === 'default' && vpcId === subnet.vpcId,
  );
  const groupIds = groups.length > 0 ? groups.map(({ id }) => id) : own ? [own.id] : [];
  stopAtDryRun(input);
  const tags = tagsFor(input.TagSpecifications, 'network-interface');
  const eni = addInterface(region, { subnet, groupIds, description: input.Description, tags });
  return { NetworkInterface: interfaceShape(cloud.accountId, region, eni) };
}

export function deleteNetworkInterface(input: DeleteNetworkInterfaceRequest, { region }: Context): undefined {
  const [eni] = interfacesById(region, [requireMember(input.NetworkInterfaceId, 'networkInterfaceId')]);
  if (eni?.instanceId !== undefined || eni?.requesterId !== undefined)
    throw new ApiFailure('InvalidNetworkInterface.InUse', `Network interface '${eni.id}' is currently in use.`);
  stopAtDryRun(input);
  if (eni) networkIn(region).networkInterfaces.delete(eni.id);
}
