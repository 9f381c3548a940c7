import { z } from 'zod';
import type { Guard } from '../../src/kernel/plan.ts';
import { defineChangeTool } from '../define.ts';
import { Reason, Region } from '../fields.ts';
import { type Launch, launchOf } from './instances/launch.ts';
import { groupsOf, launchImpact, launchTargets } from './instances/launch-impact.ts';
import { LaunchFields, StoredLaunch } from './instances/launch-input.ts';
import { LAUNCH_OWNER_READS, launchOwners } from './instances/launch-owners.ts';
import { launchPermits } from './instances/launch-permits.ts';
import { observeLaunch } from './instances/observe-launch.ts';
import { tagsWithTicket } from './tags/ticket-tag.ts';

/** What the request must say of what planning found out: an alias may by then be another image. */
const Settled = z.looseObject({ launch: z.strictObject({ image_id: z.string(), instance_type: z.string() }) });

export default defineChangeTool({
  name: 'ec2_run_instances',
  title: 'Run instances',
  description:
    'Launch EC2 instances from an image or a launch template version; user data comes only by a launch template. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:RunInstances',
  reads: [
    'ec2:DescribeImages',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeSubnets',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeLaunchTemplateVersions',
    'ec2:DescribeInstances',
    ...LAUNCH_OWNER_READS,
  ],
  evidence: 'the client token of its launch',
  effects: ['create', 'expose', 'unknown'],
  refusals: {
    not_found: 'the image, type, subnet, a group or the launch template version does not exist',
    wrong_state: 'the image or the subnet is not available',
    invalid_input:
      'image, type or subnet is neither given nor in the launch template; the image does not fit the type; a group is of another VPC; or network arguments come beside what the launch template says of the network',
  },
  input: z
    .strictObject({
      ...LaunchFields,
      region: Region.optional(),
      reason: Reason,
    })
    .refine(
      (given) => (given.launch_template_id === undefined) === (given.launch_template_version === undefined),
      'give launch_template_id and launch_template_version (a number: "latest" may be another by then) together',
    ),
  log: {
    image_id: 'shown',
    instance_type: 'shown',
    count: 'shown',
    subnet_id: 'shown',
    security_group_ids: 'shown',
    associate_public_ip_address: 'shown',
    key_name: 'shown',
    iam_instance_profile: 'shown',
    launch_template_id: 'shown',
    launch_template_version: 'shown',
    block_devices: 'shown',
    http_tokens: 'shown',
    disable_api_termination: 'shown',
    tags: 'shown',
    region: 'shown',
    reason: 'shown',
  },

  stored: StoredLaunch,
  guard: Settled,
  record({ reason: _reason, region: _region, count = 1, security_group_ids, tags, ...given }) {
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return {
      ...(said as Omit<z.output<typeof StoredLaunch>, 'count' | 'security_group_ids' | 'tags'>),
      count,
      ...(security_group_ids ? { security_group_ids: [...security_group_ids].sort() } : {}),
      ...(tags ? { tags } : {}),
    };
  },

  async plan(stored, readers) {
    const { count, launch_template_id: template, launch_template_version: version } = stored;
    const launch = await launchOf(stored, readers);
    const owners = await launchOwners(launch, template, readers);
    const from = template === undefined ? launch.image.image_id : `${template} version ${version}`;
    return {
      summary: `launch ${count} ${launch.type.instance_type} from ${from}`,
      targets: [...launchTargets(launch, readers.caller), ...owners.targets],
      impact: launchImpact(launch, count, template, owners.whose, readers.caller),
      guard: guardOf(launch),
    };
  },

  permits: launchPermits,

  async execute({ ticket, arguments: given, guard }, { ec2 }, attempt) {
    const { launch_template_id: id, launch_template_version: version, tags, ...said } = given;
    await ec2.runInstances({
      ...said,
      ...guard.launch,
      token: attempt.token,
      ...(id === undefined ? {} : { launch_template: { id, version: String(version) } }),
      tags: tagsWithTicket(tags, ticket, attempt),
    });
  },

  observe: ({ arguments: { count } }, readers, attempt) => observeLaunch(count, readers, attempt),
});

/** Image, subnets, the groups' rules and those that name them. A version of a launch template never changes. */
function guardOf({ image, type, interfaces, named_by }: Launch): Guard {
  return {
    launch: { image_id: image.image_id, instance_type: type.instance_type },
    [image.image_id]: { state: image.state, owner: image.owner ?? null, public: image.public },
    ...Object.fromEntries(
      interfaces.map(({ subnet: { subnet_id, tags, ...subnet } }) => [
        subnet_id,
        {
          state: subnet.state,
          vpc_id: subnet.vpc_id,
          public_ipv4: subnet.public_ipv4,
          ipv6: subnet.ipv6,
          tags: { ...tags },
        },
      ]),
    ),
    ...Object.fromEntries(
      groupsOf(interfaces).map(({ group_id, ingress, tags }) => [
        group_id,
        { ingress: [...ingress], named_by: [...(named_by.get(group_id) ?? [])], tags: { ...tags } },
      ]),
    ),
  };
}
