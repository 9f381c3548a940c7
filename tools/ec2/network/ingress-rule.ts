import type { RuleForm } from '../../ports/ec2-network.ts';
import { type Cidr, holds, isPrivateCidr, parseCidr } from './cidr.ts';

/** Those that AWS keeps by name: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
const PROTOCOL_NAMES: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmpv6'],
]);

/** A protocol as AWS keeps it. */
export function protocolName(protocol: string): string {
  return PROTOCOL_NAMES.get(protocol) ?? protocol.toLowerCase();
}

/** What AWS compares: the same protocol, ports and source are the same rule, whatever its description. */
export function identityOf(rule: RuleForm): string {
  const range = cidrOf(rule);
  const source = range ? `${range.version} ${range.first}/${range.bits}` : sourceOf(rule);
  const { from_port = -1, to_port = -1 } = rule;
  return `${rule.ip_protocol} ${hasPorts(rule) ? `${from_port}-${to_port} ` : ''}${source}`;
}

/** Does `outer` let through everything that `inner` does? */
export function covers(outer: RuleForm, inner: RuleForm): boolean {
  const [range, asked] = [cidrOf(outer), cidrOf(inner)];
  const source = range && asked ? holds(range, asked) : !range && !asked && sourceOf(outer) === sourceOf(inner);
  if (!source || outer.ip_protocol === '-1') return source;
  if (outer.ip_protocol !== inner.ip_protocol) return false;
  if (!hasPorts(outer)) return true;
  const [from, to] = [outer.from_port ?? -1, outer.to_port ?? -1];
  if (/^icmp/.test(outer.ip_protocol))
    return (from === -1 || from === inner.from_port) && (to === -1 || to === inner.to_port);
  return from <= (inner.from_port ?? -1) && (inner.to_port ?? Number.POSITIVE_INFINITY) <= to;
}

export function cidrOf({ cidr_ip, cidr_ipv6 }: RuleForm): Cidr | undefined {
  const text = cidr_ip ?? cidr_ipv6;
  return text === undefined ? undefined : parseCidr(text);
}

function sourceOf({ cidr_ip, cidr_ipv6, source_group_id, prefix_list_id }: RuleForm): string {
  return cidr_ip ?? cidr_ipv6 ?? source_group_id ?? prefix_list_id ?? 'nobody that AWS names';
}

function hasPorts({ ip_protocol }: RuleForm): boolean {
  return /^(tcp|udp|icmp|icmpv6)$/.test(ip_protocol);
}

/** `tcp 8080-8090`, `all traffic`, `icmp type 8`. */
export function trafficText(rule: RuleForm): string {
  const { ip_protocol, from_port = -1, to_port = -1 } = rule;
  if (ip_protocol === '-1') return 'all traffic';
  if (!hasPorts(rule)) return `protocol ${ip_protocol}`;
  if (/^icmp/.test(ip_protocol)) {
    if (from_port === -1) return `all ${ip_protocol}`;
    return `${ip_protocol} type ${from_port}${to_port === -1 ? '' : ` code ${to_port}`}`;
  }
  if (from_port <= 1 && to_port === 65_535) return `${ip_protocol} on all ports`;
  return `${ip_protocol} ${from_port}${from_port === to_port ? '' : `-${to_port}`}`;
}

/** The source with what it means, for people: `0.0.0.0/0 (the whole IPv4 internet)`. */
export function sourceText(rule: RuleForm): string {
  const range = cidrOf(rule);
  const name = sourceOf(rule);
  if (!range) return rule.prefix_list_id ? `the prefix list ${name}, whose entries others may change` : name;
  if (range.bits === 0) return `${name} (the whole IPv${range.version} internet)`;
  const reach = isPrivateCidr(name) ? 'private' : 'public';
  if (range.version === 6) return `${name} (${reach})`;
  const count = 2 ** (32 - range.bits);
  return `${name} (${count.toLocaleString('en')} ${reach} address${count === 1 ? '' : 'es'})`;
}
