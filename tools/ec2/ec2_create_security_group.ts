import { z } from 'zod';
import { type Attempt, defineChangeTool, type Observation, type Readers } from '../define.ts';
import { Reason, Region, VpcId } from '../fields.ts';
import type { SecurityGroup } from '../ports/ec2-network.ts';
import { every } from '../ports/pages.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { GroupDescription, GroupName } from './network/group-text.ts';
import { ec2Arn, ec2Target, quoted } from './network/target.ts';
import { anyOf, taggingIn } from './permits.ts';
import { NewTags } from './tags/input.ts';
import { REQUEST_TAG, StoredTags, tagsWithTicket } from './tags/ticket-tag.ts';

export default defineChangeTool({
  name: 'ec2_create_security_group',
  title: 'Create a security group',
  description: 'Create a security group without inbound rules in a VPC. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:CreateSecurityGroup',
  reads: ['ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'],
  evidence: 'a tag with its token',
  effects: ['create'],
  refusals: { not_found: 'there is no such VPC', wrong_state: 'the VPC has a group of that name already' },
  input: z.strictObject({
    group_name: GroupName,
    description: GroupDescription,
    vpc_id: VpcId,
    tags: NewTags.optional(),
    region: Region.optional(),
    reason: Reason,
  }),
  log: { group_name: 'shown', description: 'shown', vpc_id: 'shown', tags: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({
    group_name: z.string(),
    description: z.string(),
    vpc_id: z.string(),
    tags: StoredTags.exactOptional(),
  }),
  record: ({ group_name, description, vpc_id, tags }) => ({
    group_name,
    description,
    vpc_id,
    ...(tags ? { tags } : {}),
  }),

  async plan({ group_name, vpc_id, tags = {} }, readers) {
    const [vpc] = await readers.ec2.vpcsById([vpc_id]);
    const [same] = await groupsCalled(group_name, vpc_id, readers);
    if (same) {
      const message = `${vpc_id} has a security group called ${group_name} already: ${same.group_id}`;
      throw wrongState(message, 'use that one, or another name');
    }
    const given = Object.keys(tags).length;
    return {
      summary: `create security group ${quoted(group_name)} in ${vpc_id}`,
      targets: [ec2Target(vpc_id, vpc?.tags ?? {}, readers.caller)],
      impact: [
        {
          resource: `${ec2Arn(vpc_id, readers.caller)} ${group_name}`,
          type: 'AWS::EC2::SecurityGroup',
          effect: 'create',
          detail: `a new security group ${quoted(group_name)} that nothing uses yet; nothing gets in by it, and AWS lets everything out by it (egress to 0.0.0.0/0)${given > 0 ? `; with ${given} tag${given === 1 ? '' : 's'}` : ''}`,
          recoverable: true,
        },
      ],
      guard: { vpc_id, vpc_tags: { ...vpc?.tags }, group_name, exists: false },
    };
  },

  permits(plan) {
    const place = placeOf(plan);
    const made = ['security-group'];
    const resources = [
      ...[plan.arguments.vpc_id].map((id) => ec2Arn(id, place)),
      ...made.map((kind) => anyOf(kind, place)),
    ];
    return {
      permissions: [{ actions: ['ec2:CreateSecurityGroup'], resources }, taggingIn('CreateSecurityGroup', made, place)],
    };
  },

  async execute({ ticket, arguments: { group_name, description, vpc_id, tags } }, { ec2 }, attempt) {
    await ec2.createSecurityGroup({
      group_name,
      description,
      vpc_id,
      tags: tagsWithTicket(tags, ticket, attempt),
    });
  },

  observe: (plan, readers, attempt) => observeCreation(plan.arguments, readers, attempt),
});

async function groupsCalled(name: string, vpcId: string, { ec2 }: Readers): Promise<readonly SecurityGroup[]> {
  // `*` and `?` are allowed in names, and are wildcards in a filter: AWS is asked for the VPC's, and the name is
  // compared here.
  const wild = /[*?\\]/.test(name);
  const filters = [{ name: 'vpc-id', values: [vpcId] }, ...(wild ? [] : [{ name: 'group-name', values: [name] }])];
  const inVpc = await every('DescribeSecurityGroups', (cursor) =>
    ec2.securityGroups({ filters, limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }),
  );
  return inVpc.filter((group) => group.group_name === name);
}

async function observeCreation(
  { group_name, vpc_id }: { readonly group_name: string; readonly vpc_id: string },
  readers: Readers,
  { token }: Attempt,
): Promise<Observation> {
  const [found] = await groupsCalled(group_name, vpc_id, readers);
  if (!found)
    return {
      state: 'unknown',
      evidence: 'request',
      detail: 'no trace that the request arrived: there is no such group',
      resources: [],
    };
  const resource = ec2Arn(found.group_id, readers.caller);
  if (found.tags[REQUEST_TAG] !== token) {
    const detail = `there is ${found.group_id} of that name, but it does not carry this ticket's tag: somebody else made it`;
    const resources = [{ resource, outcome: 'unknown' as const, detail: 'of another origin' }];
    return { state: 'unknown', evidence: 'request', detail, resources };
  }
  const detail = `created: ${found.group_id}`;
  return { state: 'succeeded', evidence: 'request', detail, resources: [{ resource, outcome: 'succeeded', detail }] };
}
