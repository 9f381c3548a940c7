/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html */

import type {
  AllocateAddressRequest,
  AllocateAddressResult,
  AssociateAddressRequest,
  AssociateAddressResult,
  DescribeAddressesRequest,
  DescribeAddressesResult,
  DisassociateAddressRequest,
  ReleaseAddressRequest,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { applyFilters } from './filters.ts';
import { interfacesOf } from './interfaces.ts';
import { instancesById, stopAtDryRun } from './lookup.ts';
import { tagMap } from './model.ts';
import { defaultVpcId, primaryInterfaceId } from './network.ts';
import { ADDRESS_FILTERS } from './network-filters.ts';
import { addressesById, interfacesById, requireMember, tagsFor } from './network-lookup.ts';
import type { Address } from './network-model.ts';
import { addressShape } from './network-shapes.ts';
import { networkIn } from './state.ts';

export function addAddress(region: Region, tags: Parameters<typeof tagMap>[0]): Address {
  const count = networkIn(region).addresses.size + 1;
  // RFC 5737: addresses for documentation, which lead nowhere.
  const publicIp = `${count <= 250 ? '203.0.113' : '198.51.100'}.${((count - 1) % 250) + 1}`;
  const address: Address = { id: ec2Id('eipalloc'), publicIp, tags: tagMap(tags), association: undefined };
  networkIn(region).addresses.set(address.id, address);
  return address;
}

export function allocateAddress(input: AllocateAddressRequest, { region }: Context): AllocateAddressResult {
  stopAtDryRun(input);
  const address = addAddress(region, tagsFor(input.TagSpecifications, 'elastic-ip'));
  return { AllocationId: address.id, PublicIp: address.publicIp, Domain: 'vpc', PublicIpv4Pool: 'amazon' };
}

export function describeAddresses(
  input: DescribeAddressesRequest,
  { cloud, region }: Context,
): DescribeAddressesResult {
  const enis = new Map(interfacesOf(region).map((eni) => [eni.id, eni]));
  const ids = input.AllocationIds ?? [];
  const chosen = ids.length > 0 ? addressesById(region, ids) : [...networkIn(region).addresses.values()];
  const withInstances = chosen.map((address) => ({
    ...address,
    instanceId: enis.get(address.association?.interfaceId ?? '')?.instanceId,
  }));
  const found = applyFilters(withInstances, input.Filters, ADDRESS_FILTERS.values, ADDRESS_FILTERS.known);
  const asked = input.PublicIps ?? [];
  const unknown = asked.find((ip) => !found.some(({ publicIp }) => publicIp === ip));
  if (unknown !== undefined) throw new ApiFailure('InvalidAddress.NotFound', `Address '${unknown}' not found.`);
  stopAtDryRun(input);
  const shown = asked.length > 0 ? found.filter(({ publicIp }) => asked.includes(publicIp)) : found;
  return { Addresses: shown.map((address) => addressShape(cloud.accountId, region, address)) };
}

export function associateAddress(input: AssociateAddressRequest, { region }: Context): AssociateAddressResult {
  const [address] = addressesById(region, [requireMember(input.AllocationId, 'allocationId')]);
  const [instance] = input.InstanceId === undefined ? [] : instancesById(region, [input.InstanceId]);
  const interfaceId = instance
    ? primaryInterfaceId(instance.id)
    : requireMember(input.NetworkInterfaceId, 'instanceId');
  interfacesById(region, [interfaceId]);
  if (address?.association && input.AllowReassociation === false)
    throw new ApiFailure(
      'Resource.AlreadyAssociated',
      `resource ${address.id} is already associated with associate-id ${address.association.id}`,
    );
  stopAtDryRun(input);
  if (!address) return {};
  address.association = { id: ec2Id('eipassoc'), interfaceId };
  return { AssociationId: address.association.id };
}

export function disassociateAddress(input: DisassociateAddressRequest, { region }: Context): undefined {
  const id = requireMember(input.AssociationId, 'associationId');
  const address = [...networkIn(region).addresses.values()].find(({ association }) => association?.id === id);
  if (!address) throw new ApiFailure('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
  stopAtDryRun(input);
  address.association = undefined;
}

/** "[Default VPC] Releasing an Elastic IP address automatically disassociates it": API_ReleaseAddress.html */
export function releaseAddress(input: ReleaseAddressRequest, { region }: Context): undefined {
  const [address] = addressesById(region, [requireMember(input.AllocationId, 'allocationId')]);
  const eni = interfacesOf(region).find(({ id }) => id === address?.association?.interfaceId);
  if (address && eni && eni.vpcId !== defaultVpcId(region.name))
    throw new ApiFailure('InvalidIPAddress.InUse', `Address ${address.publicIp} is in use.`);
  stopAtDryRun(input);
  if (address) networkIn(region).addresses.delete(address.id);
}
