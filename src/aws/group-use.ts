import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import type { GroupInterface, GroupUse } from '../../tools/ports/deletion-obstacles.ts';
import { called } from './call.ts';
import { isUnanswerable, notAws } from './errors.ts';

const PAGES = 50;
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
  return await allPages('DescribeNetworkInterfaces', async (NextToken) => {
    const Filters = [{ Name: 'group-id', Values: [...groupIds] }];
    const answer = await client.send(new DescribeNetworkInterfacesCommand({ Filters, NextToken }));
    return { items: answer.NetworkInterfaces?.map((one) => interfaceOf(one, groupIds)), next: answer.NextToken };
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
  return await allPages('DescribeSecurityGroups', async (NextToken) => {
    const Filters = [{ Name: filter, Values: [...groupIds] }];
    const answer = await client.send(new DescribeSecurityGroupsCommand({ Filters, NextToken }));
    const items = answer.SecurityGroups?.flatMap(({ GroupId = '', IpPermissions, IpPermissionsEgress }) => {
      const rules = filter.startsWith('egress') ? IpPermissionsEgress : IpPermissions;
      const named = new Set((rules ?? []).flatMap((rule) => rule.UserIdGroupPairs ?? []).map((pair) => pair.GroupId));
      return groupIds.filter((id) => named.has(id)).map((group_id) => ({ group_id, by: GroupId }));
    });
    return { items, next: answer.NextToken };
  });
}

async function allPages<T>(
  operation: string,
  ask: (
    token: string | undefined,
  ) => Promise<{ readonly items: readonly T[] | undefined; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  for (let count = 0; count < PAGES; count++) {
    const { items, next } = await called(ask(token), operation);
    if (!items) throw notAws(operation, 200, 'an answer without a list');
    found.push(...items);
    if (!next) return found;
    token = next;
  }
  throw notAws(operation, 200, `more than ${PAGES} pages`);
}
