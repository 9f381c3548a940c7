import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  type EC2Client,
  type IpPermission,
  ReleaseAddressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { NetworkWriter, RuleForm } from '../../../tools/ports/ec2-network.ts';
import { called } from '../request/call.ts';
import { AwsError, notAws } from '../request/errors.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function networkWriter(client: EC2Client): NetworkWriter {
  return {
    async authorizeSecurityGroupIngress({ group_id, rules }) {
      demand(/^sg-/.test(group_id) && rules.length > 0, 'a group and its rules are needed');
      const input = { GroupId: group_id, IpPermissions: rules.map(permissionOf) };
      await called(client.send(new AuthorizeSecurityGroupIngressCommand(input)), 'AuthorizeSecurityGroupIngress');
    },
    async revokeSecurityGroupIngress({ group_id, security_group_rule_ids: ids }) {
      demand(/^sg-/.test(group_id) && allAre('sgr', ids), 'a group and the ids of its rules are needed');
      const input = { GroupId: group_id, SecurityGroupRuleIds: [...ids] };
      await called(client.send(new RevokeSecurityGroupIngressCommand(input)), 'RevokeSecurityGroupIngress');
    },
    async createSecurityGroup({ group_name, description, vpc_id, tags }) {
      demand(group_name !== '' && /^vpc-/.test(vpc_id), 'a name and a VPC are needed');
      const input = {
        GroupName: group_name,
        Description: description,
        VpcId: vpc_id,
        TagSpecifications: [{ ResourceType: 'security-group' as const, Tags: tagList(tags) }],
      };
      const answer = await called(client.send(new CreateSecurityGroupCommand(input)), 'CreateSecurityGroup');
      if (!answer.GroupId) throw notAws('CreateSecurityGroup', 200, 'an answer without the group');
      return answer.GroupId;
    },
    async deleteSecurityGroup(groupId) {
      demand(/^sg-/.test(groupId), 'a group is needed');
      await called(client.send(new DeleteSecurityGroupCommand({ GroupId: groupId })), 'DeleteSecurityGroup');
    },
    async releaseAddress(allocationId) {
      demand(/^eipalloc-/.test(allocationId), 'an allocation id is needed');
      await called(client.send(new ReleaseAddressCommand({ AllocationId: allocationId })), 'ReleaseAddress');
    },
    async createTags({ ids, tags }) {
      demand(ids.length > 0 && Object.keys(tags).length > 0, 'resources and tags are needed');
      await called(client.send(new CreateTagsCommand({ Resources: [...ids], Tags: tagList(tags) })), 'CreateTags');
    },
    async deleteTags({ ids, keys }) {
      // Without keys AWS deletes every tag: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
      demand(ids.length > 0 && keys.length > 0 && keys.every((key) => key !== ''), 'resources and tag keys are needed');
      // Without a value the tag goes whatever its value is; an empty value would mean tags whose value is empty.
      const input = { Resources: [...ids], Tags: keys.map((Key) => ({ Key })) };
      await called(client.send(new DeleteTagsCommand(input)), 'DeleteTags');
    },
  };
}

function allAre(prefix: string, ids: readonly string[]): boolean {
  return ids.length > 0 && ids.every((id) => id.startsWith(`${prefix}-`));
}

function demand(holds: boolean, what: string): void {
  if (holds) return;
  throw new AwsError('internal', `nothing was sent: ${what}`, 'report this as a bug', { certainty: 'refused' });
}

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function permissionOf(rule: RuleForm): IpPermission {
  const note = rule.description === undefined ? {} : { Description: rule.description };
  return {
    IpProtocol: rule.ip_protocol,
    ...(rule.from_port === undefined ? {} : { FromPort: rule.from_port }),
    ...(rule.to_port === undefined ? {} : { ToPort: rule.to_port }),
    ...(rule.cidr_ip === undefined ? {} : { IpRanges: [{ CidrIp: rule.cidr_ip, ...note }] }),
    ...(rule.cidr_ipv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: rule.cidr_ipv6, ...note }] }),
    ...(rule.source_group_id === undefined ? {} : { UserIdGroupPairs: [{ GroupId: rule.source_group_id, ...note }] }),
    ...(rule.prefix_list_id === undefined ? {} : { PrefixListIds: [{ PrefixListId: rule.prefix_list_id, ...note }] }),
  };
}
