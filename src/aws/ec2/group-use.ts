import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import type { GroupInterface, GroupUse } from '../../../tools/ports/deletion-obstacles.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { isUnanswerable } from '../request/errors.ts';
import { filtersOf, listed } from './listing.ts';

/** The most values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html */
const VALUES = 200;
const REFERENCES = ['ip-permission.group-id', 'egress.ip-permission.group-id'];

/** Who uses these security groups; undefined when EC2 won't tell. */
export async function groupUse(client: EC2Client, groupIds: readonly string[]): Promise<GroupUse | undefined> {
  const interfaces: GroupInterface[] = [];
  const references: { group_id: string; by: string }[] = [];
  try {
    for (let start = 0; start < groupIds.length; start += VALUES) {
      const asked = groupIds.slice(start, start + VALUES);
      interfaces.push(...(await interfacesOf(client, asked)));
      for (const filter of REFERENCES) references.push(...(await referencesTo(client, asked, filter)));
    }
  } catch (error) {
    if (isUnanswerable(error)) return undefined;
    throw error;
  }
  return { interfaces, references };
}

async function interfacesOf(client: EC2Client, groupIds: readonly string[]): Promise<readonly GroupInterface[]> {
  const Filters = filtersOf([{ name: 'group-id', values: groupIds }]);
  return await every('DescribeNetworkInterfaces', async (cursor) => {
    const sent = client.send(new DescribeNetworkInterfacesCommand({ Filters, ...nextToken(cursor) }));
    const { NetworkInterfaces, NextToken } = await called(sent, 'DescribeNetworkInterfaces');
    return listed('DescribeNetworkInterfaces', NetworkInterfaces, NextToken, (one) => interfaceOf(one, groupIds));
  });
}

function interfaceOf(one: NetworkInterface, asked: readonly string[]): GroupInterface {
  const { NetworkInterfaceId = '', Groups = [], Attachment, InterfaceType } = one;
  // Services attach theirs in their own name: `amazon-elb`, `amazon-aws`.
  const owner = `${Attachment?.InstanceOwnerId ?? ''} ${one.RequesterId ?? ''}`;
  return {
    interface_id: NetworkInterfaceId,
    group_ids: Groups.flatMap(({ GroupId = '' }) => (asked.includes(GroupId) ? [GroupId] : [])),
    ...(Attachment?.InstanceId ? { instance_id: Attachment.InstanceId } : {}),
    managed:
      one.RequesterManaged === true ||
      /\bamazon-/.test(owner) ||
      !/^(interface|efa)$/.test(InterfaceType ?? 'interface'),
  };
}

async function referencesTo(client: EC2Client, groupIds: readonly string[], filter: string) {
  const Filters = filtersOf([{ name: filter, values: groupIds }]);
  const byGroup = await every('DescribeSecurityGroups', async (cursor) => {
    const sent = client.send(new DescribeSecurityGroupsCommand({ Filters, ...nextToken(cursor) }));
    const { SecurityGroups, NextToken } = await called(sent, 'DescribeSecurityGroups');
    return listed(
      'DescribeSecurityGroups',
      SecurityGroups,
      NextToken,
      ({ GroupId = '', IpPermissions, IpPermissionsEgress }) => {
        const rules = filter.startsWith('egress') ? IpPermissionsEgress : IpPermissions;
        const named = new Set((rules ?? []).flatMap((rule) => rule.UserIdGroupPairs ?? []).map((pair) => pair.GroupId));
        return groupIds.filter((id) => named.has(id)).map((group_id) => ({ group_id, by: GroupId }));
      },
    );
  });
  return byGroup.flat();
}
