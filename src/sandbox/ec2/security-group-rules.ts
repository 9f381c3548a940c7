/** https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */

import type {
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
  IpPermission,
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult,
  SecurityGroupRule as RuleShape,
} from '@aws-sdk/client-ec2';
import type { Region } from '../cloud.ts';
import { ec2Id } from '../ids.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import { canonicalCidr } from './cidr.ts';
import { stopAtDryRun } from './lookup.ts';
import { tagMap } from './model.ts';
import { defaultVpcId } from './network.ts';
import { requireMember, tagsFor } from './network-lookup.ts';
import type { Rule, SecurityGroup } from './network-model.ts';
import { ruleShape } from './network-shapes.ts';
import { securityGroupsById } from './security-groups.ts';
import { networkIn } from './state.ts';

/** AWS's default: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MOST_RULES = 60;

const NAMES: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6', all: '-1' };

const invalid = (message: string) => new ApiFailure('InvalidParameterValue', message);

function portsOf(protocol: string, { FromPort, ToPort }: IpPermission) {
  // With any other protocol all ports are open, whatever is asked for.
  if (!/^(tcp|udp|icmp|icmpv6)$/.test(protocol)) return { fromPort: undefined, toPort: undefined };
  if (protocol === 'icmpv6') return { fromPort: FromPort ?? -1, toPort: ToPort ?? -1 };
  if (FromPort === undefined || ToPort === undefined)
    throw invalid('Invalid value for portRange. Must specify both from and to ports with TCP/UDP/ICMP.');
  if (protocol !== 'icmp' && (FromPort < 0 || ToPort > 65_535 || FromPort > ToPort))
    throw invalid(`Invalid TCP/UDP port range (${FromPort}:${ToPort})`);
  return { fromPort: FromPort, toPort: ToPort };
}

function sourcesOf(region: Region, permission: IpPermission) {
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
  const cidr = (kind: 'cidr' | 'cidr6', text = '') => {
    const value = canonicalCidr(text, kind === 'cidr' ? 4 : 6);
    if (value === undefined) throw invalid(`CIDR block ${text} is malformed`);
    return { kind, value };
  };
  return [
    ...IpRanges.map(({ CidrIp, Description }) => ({ source: cidr('cidr', CidrIp), description: Description })),
    ...Ipv6Ranges.map(({ CidrIpv6, Description }) => ({ source: cidr('cidr6', CidrIpv6), description: Description })),
    ...PrefixListIds.map(({ PrefixListId = '', Description }) => {
      if (!/^pl-/.test(PrefixListId))
        throw new ApiFailure('InvalidPrefixListID.NotFound', `The prefix list ID '${PrefixListId}' does not exist`);
      return { source: { kind: 'list' as const, value: PrefixListId }, description: Description };
    }),
    ...UserIdGroupPairs.map(({ GroupId, Description }) => {
      const [group] = securityGroupsById(region, [GroupId ?? '']);
      const source = { kind: 'group' as const, value: GroupId ?? '', vpcId: group?.vpcId ?? '' };
      return { source, description: Description };
    }),
  ];
}

type WantedRule = Omit<Rule, 'id' | 'tags'>;

/** The rules that a request names, whichever of its two forms it has. */
function wantedRules(region: Region, input: AuthorizeSecurityGroupIngressRequest, egress: boolean): WantedRule[] {
  const { IpPermissions, CidrIp } = input;
  const permissions = IpPermissions ?? (CidrIp ? [{ ...input, IpRanges: [{ CidrIp }] }] : []);
  return permissions.flatMap((permission) => {
    const given = requireMember(permission.IpProtocol, 'ipProtocol');
    const protocol = NAMES[given] ?? given;
    const sources = sourcesOf(region, permission);
    if (sources.length === 0)
      throw new ApiFailure('MissingParameter', 'The request must contain a source for each permission');
    return sources.map((one) => ({ ...one, egress, protocol, ...portsOf(protocol, permission) }));
  });
}

const same = (a: WantedRule, b: WantedRule) =>
  a.egress === b.egress &&
  a.protocol === b.protocol &&
  a.fromPort === b.fromPort &&
  a.toPort === b.toPort &&
  a.source.kind === b.source.kind &&
  a.source.value === b.source.value;

const text = ({ source, protocol, fromPort, toPort }: WantedRule) =>
  `peer: ${source.value}, ${protocol === '-1' ? 'ALL' : `${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}`}, ALLOW`;

/** One rule that is there already fails the whole request. */
export function authorize(egress: boolean) {
  return (
    input: AuthorizeSecurityGroupIngressRequest,
    { cloud, region }: Context,
  ): AuthorizeSecurityGroupIngressResult => {
    const group = groupOf(region, input);
    const rules = wantedRules(region, input, egress);
    for (const [at, rule] of rules.entries()) {
      if (![...group.rules, ...rules.slice(0, at)].some((known) => same(known, rule))) continue;
      throw new ApiFailure('InvalidPermission.Duplicate', `the specified rule "${text(rule)}" already exists`);
    }
    if (group.rules.filter((rule) => rule.egress === egress).length + rules.length > MOST_RULES)
      throw new ApiFailure(
        'RulesPerSecurityGroupLimitExceeded',
        `The maximum number of rules per security group has been reached.`,
      );
    stopAtDryRun(input);
    const tags = () => tagMap(tagsFor(input.TagSpecifications, 'security-group-rule'));
    const made = rules.map((rule): Rule => ({ ...rule, id: ec2Id('sgr'), tags: tags() }));
    group.rules.push(...made);
    const SecurityGroupRules: RuleShape[] = made.map((rule) => ruleShape(cloud.accountId, group, rule));
    return { Return: true, SecurityGroupRules };
  };
}

/**
 * "[Default VPC] If the values you specify do not match the existing rule's values, no error is returned, and the
 * output describes the security group rules that were not revoked."
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
 */
export function revoke(egress: boolean) {
  return (input: RevokeSecurityGroupIngressRequest, { region }: Context): RevokeSecurityGroupIngressResult => {
    const group = groupOf(region, input);
    const going = new Set<Rule>();
    for (const id of input.SecurityGroupRuleIds ?? []) {
      const found = group.rules.find((rule) => rule.id === id && rule.egress === egress);
      if (!found)
        throw new ApiFailure(
          'InvalidSecurityGroupRuleId.NotFound',
          `The security group rule ID '${id}' does not exist`,
        );
      going.add(found);
    }
    const unknown: WantedRule[] = [];
    for (const rule of wantedRules(region, input, egress)) {
      const found = group.rules.find((known) => same(known, rule));
      if (found) going.add(found);
      else unknown.push(rule);
    }
    const [first] = unknown;
    if (first && group.vpcId !== defaultVpcId(region.name))
      throw new ApiFailure('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    stopAtDryRun(input);
    group.rules.splice(0, group.rules.length, ...group.rules.filter((rule) => !going.has(rule)));
    return {
      Return: true,
      UnknownIpPermissions: unknown.map(({ protocol, fromPort, toPort }) => ({
        IpProtocol: protocol,
        FromPort: fromPort,
        ToPort: toPort,
      })),
      RevokedSecurityGroupRules: [...going].map((rule) => ({
        SecurityGroupRuleId: rule.id,
        GroupId: group.id,
        IsEgress: egress,
        IpProtocol: rule.protocol,
      })),
    };
  };
}

function groupOf(region: Region, { GroupId, GroupName }: AuthorizeSecurityGroupIngressRequest): SecurityGroup {
  const byName = [...networkIn(region).securityGroups.values()].find(
    ({ name, vpcId }) => name === GroupName && vpcId === defaultVpcId(region.name),
  );
  const [group] = securityGroupsById(region, [requireMember(GroupId ?? byName?.id, 'groupId')]);
  if (!group) throw new ApiFailure('InvalidGroup.NotFound', `The security group '${GroupId}' does not exist`);
  return group;
}
