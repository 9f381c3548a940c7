import type { TagSpecification } from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import { interfacesOf } from './interfaces.ts';
import { find } from './lookup.ts';
import type { Address, NetworkInterface, Subnet, Vpc } from './network-model.ts';
import { networkIn } from './state.ts';

/** @throws ApiFailure InvalidVpcID.Malformed, InvalidVpcID.NotFound */
export function vpcsById(region: Region, ids: readonly string[]): Vpc[] {
  return find(networkIn(region).vpcs, ids, { prefix: 'vpc', code: 'InvalidVpcID', noun: 'vpc' });
}

/** @throws ApiFailure InvalidSubnetID.Malformed, InvalidSubnetID.NotFound */
export function subnetsById(region: Region, ids: readonly string[]): Subnet[] {
  return find(networkIn(region).subnets, ids, { prefix: 'subnet', code: 'InvalidSubnetID', noun: 'subnet' });
}

/** @throws ApiFailure InvalidNetworkInterfaceID.Malformed, InvalidNetworkInterfaceID.NotFound */
export function interfacesById(region: Region, ids: readonly string[]): NetworkInterface[] {
  const all = new Map(interfacesOf(region).map((eni) => [eni.id, eni]));
  return find(all, ids, { prefix: 'eni', code: 'InvalidNetworkInterfaceID', noun: 'networkInterface' });
}

/** @throws ApiFailure InvalidAllocationID.Malformed, InvalidAllocationID.NotFound */
export function addressesById(region: Region, ids: readonly string[]): Address[] {
  return find(networkIn(region).addresses, ids, {
    prefix: 'eipalloc',
    code: 'InvalidAllocationID',
    noun: 'allocation',
  });
}

/** @throws ApiFailure MissingParameter */
export function requireMember(value: string | undefined, member: string): string {
  if (value) return value;
  throw new ApiFailure('MissingParameter', `The request must contain the parameter ${member}`);
}

export function tagsFor(specifications: readonly TagSpecification[] | undefined, resource: string) {
  return (specifications ?? [])
    .filter(({ ResourceType }) => ResourceType === resource)
    .flatMap(({ Tags = [] }) => Tags);
}

/** 5 to 1,000 a page, and none with ids, as the Describe operations have it. */
export function networkPage<T>(
  items: readonly T[],
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
  ids: readonly string[],
) {
  if (MaxResults === undefined) return page(items, NextToken, 1_000);
  if (ids.length > 0)
    throw new ApiFailure('InvalidParameterCombination', 'The parameter MaxResults cannot be used with ids');
  if (MaxResults < 5 || MaxResults > 1_000) {
    const range = 'Expecting a value between 5 and 1000.';
    throw new ApiFailure(
      'InvalidParameterValue',
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. ${range}`,
    );
  }
  return page(items, NextToken, MaxResults);
}
