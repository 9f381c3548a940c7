import { sha256 } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Caller } from '../../define.ts';
import type { LaunchDisk, LaunchGroup, LaunchSubnet } from '../../ports/ec2-launch.ts';
import { isPrivateCidr } from '../network/cidr.ts';
import { calledBy, counted } from '../network/target.ts';
import type { Launch, NewInterface } from './launch.ts';
import { owningStack } from './target.ts';

const RULES_SHOWN = 10;

/**
 * Each new instance, and whatever the launch opens.
 * @param whose what people are told of whose a thing is, by its name
 */
export function launchImpact(
  launch: Launch,
  count: number,
  templateId: string | undefined,
  whose: ReadonlyMap<string, string>,
  caller: Caller,
): Impact[] {
  const instances = Array.from(
    { length: count },
    (_, at): Impact => ({
      resource: `new instance ${at + 1} of ${count}`,
      type: 'AWS::EC2::Instance',
      effect: 'create',
      detail: instanceDetail(launch, caller),
      recoverable: true,
    }),
  );
  const brought = [...templateLines(launch, templateId), ...carriedBy(launch, templateId, caller)].map((line) => {
    const note = whose.get(line.resource);
    return !note ? line : { ...line, detail: `${line.detail}; ${note}` };
  });
  return [...brought, ...instances];
}

/** What new instances bring beside themselves: as whom they act, whom they let in, and what can't be looked at. */
export interface Carried extends Pick<Launch, 'profile' | 'unclear' | 'named_by'> {
  readonly interfaces: readonly Pick<NewInterface, 'groups' | 'is_public'>[];
}

/** The verdict on it, for a launch by itself and for whatever a stack starts from a launch template. */
export function carriedBy(carried: Carried, templateId: string | undefined, caller: Caller): readonly Impact[] {
  const unclear = carried.unclear.map(
    (what): Impact => ({
      resource: templateId ?? 'the launch template',
      type: 'AWS::EC2::LaunchTemplate',
      effect: 'unknown',
      detail: `brings ${what}: what that opens was not looked at`,
      recoverable: false,
    }),
  );
  return [...unclear, ...profileLines(carried), ...joinedGroups(carried, caller)];
}

/** Another's choice of all that the call doesn't say: a stack that names it acts as it, and so does a launch. */
function templateLines({ template }: Launch, id: string | undefined): readonly Impact[] {
  if (!template || id === undefined) return [];
  const data = template.has_user_data ? ', and run its user data, which was not looked at' : '';
  return [
    {
      resource: id,
      type: 'AWS::EC2::LaunchTemplate',
      effect: 'expose',
      detail: `the new instances start as it says${data}`,
      recoverable: true,
    },
  ];
}

function instanceDetail({ image, type, interfaces, template, disks }: Launch, { account }: Caller): string {
  const name = image.name === undefined ? '' : ` "${bounded(image.name, 128, sha256).replaceAll('"', "'")}"`;
  const foreign = image.owner === undefined || image.owner === account ? '' : `, of account ${image.owner}`;
  const where = interfaces.map(
    ({ subnet, groups, is_public }) =>
      ` in ${subnet.subnet_id} with ${groups.map(({ group_id }) => group_id).join(', ')}${is_public ? ' and a public address' : ''}`,
  );
  return [
    `${type.instance_type}${where.join(' and')}: starts, and costs from then on`,
    ...(template?.spot ? ['; as a Spot instance, which AWS may take back'] : []),
    `; from image ${image.image_id}${image.public ? ' (public)' : ''}${foreign}${name}`,
    ...disks.map(diskText),
  ].join('');
}

function diskText({ device, none, size, volume_type, encrypted, delete_on_termination: goes }: LaunchDisk): string {
  if (none) return `; without ${device}`;
  const what = [size === undefined ? '' : `${size} GiB`, volume_type, encrypted ? 'encrypted' : ''].filter(Boolean);
  return `; ${device}${what.length > 0 ? ` of ${what.join(' ')}` : ''}${goes === false ? ', which stays when it is terminated' : ''}`;
}

/**
 * Anyone who gets onto the instance has the role's permissions: IAM isn't read here, so which these are can't be told.
 */
function profileLines({ profile }: Carried): readonly Impact[] {
  if (profile === undefined) return [];
  return [
    {
      resource: profile,
      type: 'AWS::IAM::InstanceProfile',
      effect: 'expose',
      detail: 'whatever runs on the new instances may do all that the role of this instance profile may',
      recoverable: true,
    },
  ];
}

/**
 * A group is an identity: its members get in wherever a rule names it, in this account, in a peer's, now or later. So
 * to join one that is there is to act as its members do, in a call as in a template (`SECURITY_GROUPS`), which doesn't
 * say so of a group of its own. The attacker launches into the group that production's database lets in. With a public
 * address, those whom the group lets in from outside reach the instance, too.
 */
function joinedGroups({ interfaces, named_by }: Carried, caller: Caller): readonly Impact[] {
  const exposed = new Set(
    interfaces.filter(({ is_public }) => is_public).flatMap(({ groups }) => groups.map(({ group_id }) => group_id)),
  );
  return groupsOf(interfaces).map((group) => ({
    // The group itself stays as it is: another launch into it isn't about the same.
    resource: `new members of ${arn('security-group', group.group_id, caller)}`,
    type: 'AWS::EC2::SecurityGroup',
    effect: 'expose',
    detail: `the new instances join ${calledBy(group.group_id, group.group_name)} and get in wherever it is let in: ${admitting(group, named_by)}${exposed.has(group.group_id) ? openTo(group) : ''}`,
    recoverable: true,
  }));
}

/** Who lets its members in, as far as that can be seen. */
function admitting({ group_id, ingress }: LaunchGroup, named_by: Carried['named_by']): string {
  const others = named_by.get(group_id) ?? [];
  const itself = ingress.some((rule) => rule.endsWith(` ${group_id}`)) ? ['its own members let each other in'] : [];
  const rules = others.length > 0 ? [`rules of ${counted('other group', others)} name it`] : [];
  const seen = [...itself, ...rules];
  return seen.length > 0
    ? seen.join(', ')
    : 'no rule in this account and region does so now; what later ones or those of peered networks do, nobody can tell here';
}

function openTo({ peers, ingress }: LaunchGroup): string {
  const open = peers.filter((peer) => !isPrivateCidr(peer));
  if (open.length === 0) return '';
  const rules = ingress.filter((rule) => open.some((peer) => rule.endsWith(` ${peer}`)));
  const more = rules.length > RULES_SHOWN ? ` and ${rules.length - RULES_SHOWN} more` : '';
  return `; they get a public address, and this group lets in from outside: ${rules.slice(0, RULES_SHOWN).join(', ')}${more}`;
}

/** Where the instances go and what they join: an instance in a group can reach whatever lets that group in. */
export function launchTargets({ interfaces }: Launch, caller: Caller): Target[] {
  return placeTargets(
    interfaces.map(({ subnet }) => subnet),
    groupsOf(interfaces),
    caller,
  );
}

export function placeTargets(given: readonly LaunchSubnet[], groups: readonly LaunchGroup[], caller: Caller): Target[] {
  const subnets = new Map(given.map((subnet) => [subnet.subnet_id, subnet]));
  const target = (kind: 'subnet' | 'security-group', id: string, tags: Target['tags']): Target => {
    const stack = owningStack({ tags });
    return {
      id: arn(kind, id, caller),
      type: kind === 'subnet' ? 'AWS::EC2::Subnet' : 'AWS::EC2::SecurityGroup',
      name: id,
      ...(stack === undefined ? {} : { stack_name: stack }),
      tags: { ...tags },
    };
  };
  return [
    ...[...subnets.values()].map(({ subnet_id, tags }) => target('subnet', subnet_id, tags)),
    ...groups.map(({ group_id, tags }) => target('security-group', group_id, tags)),
  ];
}

export function groupsOf(interfaces: readonly Pick<NewInterface, 'groups'>[]): readonly LaunchGroup[] {
  return distinct(interfaces.flatMap(({ groups }) => groups));
}

function distinct(groups: readonly LaunchGroup[]): readonly LaunchGroup[] {
  return [...new Map(groups.map((group) => [group.group_id, group])).values()];
}

function arn(kind: string, id: string, { arn: own, region, account }: Caller): string {
  return `arn:${own.split(':')[1] ?? 'aws'}:ec2:${region}:${account}:${kind}/${id}`;
}
