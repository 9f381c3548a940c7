import {
  type NetworkInterface as AwsInterface,
  type SecurityGroup as AwsSecurityGroup,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsCommandInput,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { every, type Page } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import { FULL_PAGE, paged } from './reading.ts';

export async function groupPage<T>(
  client: EC2Client,
  input: DescribeSecurityGroupsCommandInput,
  of: (group: AwsSecurityGroup) => T,
): Promise<Page<T>> {
  const sent = client.send(new DescribeSecurityGroupsCommand(input));
  const { SecurityGroups, NextToken } = await called(sent, 'DescribeSecurityGroups');
  return listed('DescribeSecurityGroups', SecurityGroups, NextToken, of);
}

/** A group that a rule names, and the group (`by`) that has the rule. */
export interface Reference {
  readonly group_id: string;
  readonly by: string;
}

/**
 * Which groups have rules that name one of these, in either direction; the group itself too. Without groups nothing is
 * asked.
 */
export async function referencesTo(client: EC2Client, groupIds: readonly string[]): Promise<readonly Reference[]> {
  if (groupIds.length === 0) return [];
  const found = new Map<string, Reference>();
  for (const name of ['ip-permission.group-id', 'egress.ip-permission.group-id']) {
    const filters = [{ name, values: groupIds }];
    const groups = await every('DescribeSecurityGroups', (cursor) =>
      groupPage(client, paged({ filters, cursor, limit: FULL_PAGE }), namesOf),
    );
    for (const { by, names } of groups)
      for (const group_id of groupIds.filter((id) => names.has(id))) found.set(`${group_id} ${by}`, { group_id, by });
  }
  return [...found.values()];
}

function namesOf({ GroupId = '', IpPermissions = [], IpPermissionsEgress = [] }: AwsSecurityGroup) {
  const pairs = [...IpPermissions, ...IpPermissionsEgress].flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs);
  return { by: GroupId, names: new Set(pairs.map(({ GroupId: named }) => named)) };
}

/**
 * All network interfaces that have one of these groups. Without groups nothing is asked: it would be all of the
 * account.
 */
export async function interfacesOf<T>(
  client: EC2Client,
  groupIds: readonly string[],
  of: (one: AwsInterface) => T,
): Promise<readonly T[]> {
  if (groupIds.length === 0) return [];
  const filters = [{ name: 'group-id', values: groupIds }];
  return await every('DescribeNetworkInterfaces', async (cursor) => {
    const input = paged({ filters, cursor, limit: FULL_PAGE });
    const sent = client.send(new DescribeNetworkInterfacesCommand(input));
    const { NetworkInterfaces, NextToken } = await called(sent, 'DescribeNetworkInterfaces');
    return listed('DescribeNetworkInterfaces', NetworkInterfaces, NextToken, of);
  });
}
