import { BlockList, isIP } from 'node:net';
import { type Json, stableJson } from '../../../../src/kernel/digest.ts';
import { isSettings, type Settings } from './resource-settings.ts';

/** Types that are network rules, or lists of them. */
export const RULE_TYPES =
  /^AWS::(EC2::(SecurityGroup(Ingress|Egress)?|NetworkAclEntry|PrefixList|ClientVpnAuthorizationRule)|RDS::DBSecurityGroup(Ingress)?|Redshift::ClusterSecurityGroup(Ingress)?|ElastiCache::SecurityGroup(Ingress)?)$/;

const RULE_LISTS = ['SecurityGroupIngress', 'SecurityGroupEgress', 'DBSecurityGroupIngress', 'Entries'];
/**
 * Lists whose absence means that everything may pass:
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
const OPEN_WHEN_ABSENT = 'SecurityGroupEgress';
const CIDR_NAMES = /^(Cidr|CidrIp|CidrIpv6|CIDRIP|CidrBlock|Ipv6CidrBlock|TargetNetworkCidr)$/;
const OTHER_PEERS = /(Source|Destination|EC2).*(SecurityGroup|PrefixList)/;

/** RFC 1918, RFC 3927, RFC 4193 and RFC 4291 (link-local): addresses that no route on the internet leads to. */
const PRIVATE = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const;

const PRIVATE_BLOCKS = PRIVATE.map(([address, prefix, family]) => {
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return { list, prefix, family };
});

/** Does a CIDR hold private addresses only? What isn't a literal one may be anything. */
export function isPrivateCidr(cidr: Json | undefined): boolean {
  const [, address = '', bits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(String(cidr)) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  return PRIVATE_BLOCKS.some(
    (block) => block.family === family && Number(bits) >= block.prefix && block.list.check(address, family),
  );
}

/**
 * How the rules after a change let more through than those before; undefined when they don't. A rule that is new must
 * name private addresses and nothing else: anyone who wants the whole internet can also write it as two halves, as a
 * group or as a list.
 * @param before undefined for a new resource
 */
export function openedBy(before: Settings | undefined, after: Settings): string | undefined {
  if (before && before[OPEN_WHEN_ABSENT] !== undefined && after[OPEN_WHEN_ABSENT] === undefined)
    return 'no rule limits what may go out any more';
  const known = new Set(rulesOf(before).map((rule) => stableJson(rule)));
  // A new group lets everything out where it says nothing: whatever it says is no more than that.
  const judged = before || isRule(after) ? after : { ...after, [OPEN_WHEN_ABSENT]: [] };
  const added = rulesOf(judged).filter((rule) => !known.has(stableJson(rule)) && !isPrivateRule(rule));
  return added.length > 0
    ? `opens network access to what is not surely private (${added.length} new ${added.length === 1 ? 'rule' : 'rules'})`
    : undefined;
}

/**
 * How the rules after a change let less through: connections that were let in or out end. A rule that only moved to
 * other addresses counts.
 */
export function closedBy(before: Settings, after: Settings): string | undefined {
  if (before[OPEN_WHEN_ABSENT] === undefined && after[OPEN_WHEN_ABSENT] !== undefined && !isRule(after))
    return 'not everything may go out any more';
  const left = new Set(rulesOf(after).map((rule) => stableJson(rule)));
  const lost = rulesOf(before).filter((rule) => !left.has(stableJson(rule))).length;
  return lost > 0 ? `no longer lets through what ${lost} ${lost === 1 ? 'rule' : 'rules'} did` : undefined;
}

/** A rule that is a resource of its own is its own properties. */
function rulesOf(properties: Settings | undefined): readonly Json[] {
  if (!properties) return [];
  const lists = RULE_LISTS.filter((name) => properties[name] !== undefined);
  if (lists.length === 0) return isRule(properties) ? [withoutNotes(properties)] : [];
  return lists.flatMap((name) =>
    [properties[name] as Json].flat().map((rule) => [name, isSettings(rule) ? withoutNotes(rule) : rule]),
  );
}

/** A group without rules of its own has none; anything else of these types is a rule. */
function isRule(properties: Settings): boolean {
  return properties.GroupDescription === undefined;
}

/** Who wrote a rule down how is no part of what it lets through. */
function withoutNotes({ Description: _description, ...rule }: Settings): Json {
  return rule;
}

function isPrivateRule(rule: Json): boolean {
  const members = Array.isArray(rule) ? rule[1] : rule;
  if (!isSettings(members)) return false;
  const entries = Object.entries(members);
  const cidrs = entries.filter(([name]) => CIDR_NAMES.test(name));
  return (
    cidrs.length > 0 &&
    cidrs.every(([, cidr]) => isPrivateCidr(cidr)) &&
    !entries.some(([name]) => OTHER_PEERS.test(name))
  );
}
