import { sha256 } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Caller } from '../../define.ts';
import type { LaunchGroup, LaunchSubnet } from '../../ports/ec2-launch.ts';
import { isPrivateCidr } from '../network/cidr.ts';
import type { Launch, NewInterface } from './launch.ts';
import { owningStack } from './target.ts';

const RULES_SHOWN = 10;

/** Each new instance, and whatever the launch opens. */
export function launchImpact(launch: Launch, count: number, templateId: string | undefined, caller: Caller): Impact[] {
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
  return [...carriedBy(launch, templateId, caller), ...instances];
}

/** What new instances bring beside themselves: as whom they act, whom they let in, and what can't be looked at. */
export interface Carried extends Pick<Launch, 'profile' | 'unclear'> {
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
  return [...unclear, ...profileLines(carried), ...openGroups(carried, caller)];
}

function instanceDetail({ image, type, interfaces, template }: Launch, { account }: Caller): string {
  const name = image.name === undefined ? '' : ` "${bounded(image.name, 128, sha256).replaceAll('"', "'")}"`;
  const foreign = image.owner === undefined || image.owner === account ? '' : `, of account ${image.owner}`;
  const where = interfaces.map(
    ({ subnet, groups, is_public }) =>
      ` in ${subnet.subnet_id} with ${groups.map(({ group_id }) => group_id).join(', ')}${is_public ? ' and a public address' : ''}`,
  );
  return [
    `${type.instance_type}${where.join(' and')}: starts, and costs from then on`,
    ...(template?.spot ? ['; as a Spot instance, which AWS may take back'] : []),
    ...(template?.has_user_data ? ["; runs the launch template's user data, which was not looked at"] : []),
    `; from image ${image.image_id}${image.public ? ' (public)' : ''}${foreign}${name}`,
  ].join('');
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

/** An open group opens nothing until something that the internet can send to is in it. */
function openGroups({ interfaces }: Carried, caller: Caller): readonly Impact[] {
  const reached = interfaces.filter(({ is_public }) => is_public).flatMap(({ groups }) => groups);
  return distinct(reached).flatMap((group): Impact[] => {
    const open = group.peers.filter((peer) => !isPrivateCidr(peer));
    if (open.length === 0) return [];
    const rules = group.ingress.filter((rule) => open.some((peer) => rule.endsWith(` ${peer}`)));
    const more = rules.length > RULES_SHOWN ? ` and ${rules.length - RULES_SHOWN} more` : '';
    return [
      {
        resource: arn('security-group', group.group_id, caller),
        type: 'AWS::EC2::SecurityGroup',
        effect: 'expose',
        detail: `the new instances get a public address, and this group lets in from outside: ${rules.slice(0, RULES_SHOWN).join(', ')}${more}`,
        recoverable: true,
      },
    ];
  });
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
