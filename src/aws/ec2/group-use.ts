import type { EC2Client, NetworkInterface } from '@aws-sdk/client-ec2';
import type { GroupInterface, GroupUse } from '../../../tools/ports/deletion-obstacles.ts';
import { isUnanswerable } from '../request/errors.ts';
import { interfacesOf, type Reference, referencesTo } from './security-groups.ts';

/** The most values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html */
const VALUES = 200;

/** Who uses these security groups; undefined when EC2 won't tell. */
export async function groupUse(client: EC2Client, groupIds: readonly string[]): Promise<GroupUse | undefined> {
  const interfaces: GroupInterface[] = [];
  const references: Reference[] = [];
  try {
    for (let start = 0; start < groupIds.length; start += VALUES) {
      const asked = groupIds.slice(start, start + VALUES);
      interfaces.push(...(await interfacesOf(client, asked, (one) => interfaceOf(one, asked))));
      references.push(...(await referencesTo(client, asked)));
    }
  } catch (error) {
    if (isUnanswerable(error)) return undefined;
    throw error;
  }
  return { interfaces, references };
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
