import {
  type SecurityGroup as AwsSecurityGroup,
  DescribeAddressesCommand,
  type DescribeAddressesCommandInput,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsCommandInput,
  DescribeSubnetsCommand,
  type DescribeSubnetsCommandInput,
  DescribeVpcsCommand,
  type DescribeVpcsCommandInput,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { NetworkReader } from '../../../tools/ports/ec2-network.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { filtersOf, listed, named } from './listing.ts';
import { addressOf, networkInterfaceOf, ruleOf, securityGroupOf, subnetOf, vpcOf } from './network-shapes.ts';
import { taggedReader } from './tags-reader.ts';

type Asked = Parameters<NetworkReader['vpcs']>[0];

/** EC2 takes 5 to 1,000 for a page. */
const pageInput = ({ filters, cursor, limit }: Asked) => ({
  Filters: filtersOf(filters),
  MaxResults: Math.max(5, Math.min(limit, 1_000)),
  ...nextToken(cursor),
});

const next = (cursor: string | undefined) => ({ MaxResults: 1_000, ...nextToken(cursor) });

export function networkReader(client: EC2Client): NetworkReader {
  const describeGroups = async <T>(input: DescribeSecurityGroupsCommandInput, of: (group: AwsSecurityGroup) => T) => {
    const sent = client.send(new DescribeSecurityGroupsCommand(input));
    const { SecurityGroups, NextToken } = await called(sent, 'DescribeSecurityGroups');
    return listed('DescribeSecurityGroups', SecurityGroups, NextToken, of);
  };
  const describeVpcs = async (input: DescribeVpcsCommandInput) => {
    const { Vpcs, NextToken } = await called(client.send(new DescribeVpcsCommand(input)), 'DescribeVpcs');
    return listed('DescribeVpcs', Vpcs, NextToken, vpcOf);
  };
  const describeSubnets = async (input: DescribeSubnetsCommandInput) => {
    const { Subnets, NextToken } = await called(client.send(new DescribeSubnetsCommand(input)), 'DescribeSubnets');
    return listed('DescribeSubnets', Subnets, NextToken, subnetOf);
  };
  const describeAddresses = async (input: DescribeAddressesCommandInput) => {
    const { Addresses } = await called(client.send(new DescribeAddressesCommand(input)), 'DescribeAddresses');
    return listed('DescribeAddresses', Addresses, undefined, addressOf);
  };
  return {
    ...taggedReader(client),
    securityGroupsById: (ids) =>
      named(
        ids,
        { what: 'security group', tool: 'ec2_describe_security_groups' },
        (group) => group.group_id,
        () => describeGroups({ GroupIds: [...ids] }, securityGroupOf),
      ),
    securityGroups: (asked) => describeGroups(pageInput(asked), securityGroupOf),

    async securityGroupRules(groupIds) {
      // Without a filter these would be the rules of all groups.
      if (groupIds.length === 0) return [];
      const Filters = filtersOf([{ name: 'group-id', values: groupIds }]);
      return await every('DescribeSecurityGroupRules', async (cursor) => {
        const sent = client.send(new DescribeSecurityGroupRulesCommand({ Filters, ...next(cursor) }));
        const { SecurityGroupRules, NextToken } = await called(sent, 'DescribeSecurityGroupRules');
        return listed('DescribeSecurityGroupRules', SecurityGroupRules, NextToken, ruleOf);
      });
    },

    async referencing(groupIds) {
      const byNamed = new Map<string, Set<string>>();
      if (groupIds.length === 0) return new Map();
      for (const name of ['ip-permission.group-id', 'egress.ip-permission.group-id']) {
        const Filters = filtersOf([{ name, values: groupIds }]);
        const groups = await every('DescribeSecurityGroups', (cursor) =>
          describeGroups({ Filters, ...next(cursor) }, namesOf),
        );
        for (const { id, names } of groups)
          for (const one of names) byNamed.set(one, (byNamed.get(one) ?? new Set()).add(id));
      }
      return new Map(
        groupIds.map((id) => [id, [...(byNamed.get(id) ?? [])].filter((other) => other !== id).sort()] as const),
      );
    },

    async networkInterfacesOf(groupIds) {
      if (groupIds.length === 0) return [];
      const Filters = filtersOf([{ name: 'group-id', values: groupIds }]);
      const all = await every('DescribeNetworkInterfaces', async (cursor) => {
        const sent = client.send(new DescribeNetworkInterfacesCommand({ Filters, ...next(cursor) }));
        const { NetworkInterfaces, NextToken } = await called(sent, 'DescribeNetworkInterfaces');
        return listed('DescribeNetworkInterfaces', NetworkInterfaces, NextToken, networkInterfaceOf);
      });
      return [...all].sort((a, b) => (a.network_interface_id < b.network_interface_id ? -1 : 1));
    },

    vpcsById: (ids) =>
      named(
        ids,
        { what: 'VPC', tool: 'ec2_describe_vpcs' },
        (vpc) => vpc.vpc_id,
        () => describeVpcs({ VpcIds: [...ids] }),
      ),
    vpcs: (asked) => describeVpcs(pageInput(asked)),
    subnetsById: (ids) =>
      named(
        ids,
        { what: 'subnet', tool: 'ec2_describe_subnets' },
        (subnet) => subnet.subnet_id,
        () => describeSubnets({ SubnetIds: [...ids] }),
      ),
    subnets: (asked) => describeSubnets(pageInput(asked)),
    addressesById: (ids) =>
      named(
        ids,
        { what: 'address', tool: 'ec2_describe_addresses' },
        (address) => address.allocation_id,
        () => describeAddresses({ AllocationIds: [...ids] }),
      ),
    addresses: async (filters) => (await describeAddresses({ Filters: filtersOf(filters) })).items,
  };
}

/** A group, and the groups that its rules name. */
function namesOf({ GroupId = '', IpPermissions = [], IpPermissionsEgress = [] }: AwsSecurityGroup) {
  const pairs = [...IpPermissions, ...IpPermissionsEgress].flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs);
  return { id: GroupId, names: new Set(pairs.flatMap(({ GroupId: named }) => named ?? [])) };
}
