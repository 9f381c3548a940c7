import type { RuleForm } from '../../ports/ec2-network.ts';
import { holds, isPrivateCidr, parseCidr } from './cidr.ts';
import { cidrOf } from './ingress-rule.ts';

/** The size of one ordinary subnet: more than that is no longer some neighbours, but a part of the network. */
const NEIGHBOURS = 24;
/** No service listens on more: a range beyond this is "everything", which can also be written as two halves. */
const MANY_PORTS = 1_000;

/** What surrounds the group that gets the rule. */
export interface Surroundings {
  /** Empty where it isn't known: then nobody is a neighbour. */
  readonly vpc_id: string;
  /** The IPv4 ranges of its VPC, as far as they are known. */
  readonly vpc_cidrs: readonly string[];
  /** The VPC of each group that is named as a source, where it is known. */
  readonly source_vpcs: ReadonlyMap<string, string>;
}

/**
 * The one verdict on new ingress, whether a call asks for it or a template says it. It is `expose` unless it is surely
 * narrow and from inside the same VPC: some ports for another group of it, or for at most 256 private addresses that
 * the VPC itself hands out. Everything else has someone behind it whom the VPC doesn't know: every public range,
 * however small; private ones of other networks (peers, VPNs); prefix lists, whose entries others change later; IPv6,
 * whose smallest subnet holds more addresses than the IPv4 internet.
 */
export function ingressEffect(rule: RuleForm, around: Surroundings): 'expose' | 'modify' {
  return isSomeTraffic(rule) && isNeighbour(rule, around) ? 'modify' : 'expose';
}

/** How much a rule lets in, for what is told first of several. */
export function widthOf(rule: RuleForm): number {
  return peersOf(rule) + (isSomeTraffic(rule) ? 0 : 0.5);
}

/** No organisation has so many public addresses of its own: what isn't read may be as many, and is told after all. */
export const UNREAD_WIDTH = 24;
/** Of groups nobody knows how many are in them, but that they are in AWS's networks. */
const GROUP_WIDTH = 16;

/** To a private address no route on the internet leads, so that the most of these is less than what isn't read. */
function peersOf(rule: RuleForm): number {
  if (rule.source_group_id !== undefined) return GROUP_WIDTH;
  const range = cidrOf(rule);
  if (!range) return UNREAD_WIDTH;
  const addresses = 32 - (range.version === 6 ? range.bits / 4 : range.bits);
  return isPrivateCidr(rule.cidr_ip ?? rule.cidr_ipv6) ? addresses / 2 : addresses;
}

function isSomeTraffic({ ip_protocol, from_port = -1, to_port = -1 }: RuleForm): boolean {
  if (/^icmp/.test(ip_protocol)) return true;
  if (!/^(tcp|udp)$/.test(ip_protocol)) return false;
  return from_port >= 0 && from_port <= to_port && to_port - from_port < MANY_PORTS;
}

function isNeighbour(rule: RuleForm, { vpc_id, vpc_cidrs, source_vpcs }: Surroundings): boolean {
  if (vpc_id === '') return false;
  if (rule.source_group_id !== undefined) return source_vpcs.get(rule.source_group_id) === vpc_id;
  const range = cidrOf(rule);
  if (!range || range.version === 6 || range.bits < NEIGHBOURS || !isPrivateCidr(rule.cidr_ip)) return false;
  return vpc_cidrs.some((text) => {
    const own = parseCidr(text);
    return own !== undefined && holds(own, range);
  });
}
