import {
  DescribeAddressesCommand,
  type DescribeAddressesCommandInput,
  DescribeSecurityGroupRulesCommand,
  DescribeSubnetsCommand,
  type DescribeSubnetsCommandInput,
  DescribeVpcsCommand,
  type DescribeVpcsCommandInput,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { NetworkReader } from '../../../tools/ports/ec2-network.ts';
import { every } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import { KINDS } from './kinds.ts';
import { addressOf, networkInterfaceOf, ruleOf, securityGroupOf, subnetOf, vpcOf } from './network-shapes.ts';
import { byId, FULL_PAGE, filtersOf, paged } from './reading.ts';
import { groupPage, interfacesOf, referencesTo } from './security-groups.ts';

export function networkReader(client: EC2Client): Omit<NetworkReader, 'tagged'> {
  const vpcPage = async (input: DescribeVpcsCommandInput) => {
    const { Vpcs, NextToken } = await called(client.send(new DescribeVpcsCommand(input)), 'DescribeVpcs');
    return listed('DescribeVpcs', Vpcs, NextToken, vpcOf);
  };
  const subnetPage = async (input: DescribeSubnetsCommandInput) => {
    const { Subnets, NextToken } = await called(client.send(new DescribeSubnetsCommand(input)), 'DescribeSubnets');
    return listed('DescribeSubnets', Subnets, NextToken, subnetOf);
  };
  const addressPage = async (input: DescribeAddressesCommandInput) => {
    const { Addresses } = await called(client.send(new DescribeAddressesCommand(input)), 'DescribeAddresses');
    return listed('DescribeAddresses', Addresses, undefined, addressOf);
  };
  return {
    securityGroupsById: (ids) =>
      byId(KINDS.sg, ids, 'group_id', (GroupIds) => groupPage(client, { GroupIds }, securityGroupOf)),
    securityGroups: (query) => groupPage(client, paged(query), securityGroupOf),

    async securityGroupRules(groupIds) {
      // Without a filter these would be the rules of all groups.
      if (groupIds.length === 0) return [];
      const filters = [{ name: 'group-id', values: groupIds }];
      return await every('DescribeSecurityGroupRules', async (cursor) => {
        const input = paged({ filters, cursor, limit: FULL_PAGE });
        const sent = client.send(new DescribeSecurityGroupRulesCommand(input));
        const { SecurityGroupRules, NextToken } = await called(sent, 'DescribeSecurityGroupRules');
        return listed('DescribeSecurityGroupRules', SecurityGroupRules, NextToken, ruleOf);
      });
    },

    async referencing(groupIds) {
      const references = await referencesTo(client, groupIds);
      const others = (id: string) =>
        references.flatMap(({ group_id, by }) => (group_id === id && by !== id ? [by] : []));
      return new Map(groupIds.map((id) => [id, others(id).sort()]));
    },

    async networkInterfacesOf(groupIds) {
      const all = await interfacesOf(client, groupIds, networkInterfaceOf);
      return [...all].sort((a, b) => (a.network_interface_id < b.network_interface_id ? -1 : 1));
    },

    vpcsById: (ids) => byId(KINDS.vpc, ids, 'vpc_id', (VpcIds) => vpcPage({ VpcIds })),
    vpcs: (query) => vpcPage(paged(query)),
    subnetsById: (ids) => byId(KINDS.subnet, ids, 'subnet_id', (SubnetIds) => subnetPage({ SubnetIds })),
    subnets: (query) => subnetPage(paged(query)),
    addressesById: (ids) =>
      byId(KINDS.eipalloc, ids, 'allocation_id', (AllocationIds) => addressPage({ AllocationIds })),
    addresses: async (filters) => (await addressPage({ Filters: filtersOf(filters) })).items,
  };
}
