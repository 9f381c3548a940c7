import { ingressEffect, type Surroundings, UNREAD_WIDTH, widthOf } from '../../../ec2/network/ingress-effect.ts';
import { cidrOf, covers, protocolName, sourceText, trafficText } from '../../../ec2/network/ingress-rule.ts';
import type { RuleForm } from '../../../ports/ec2-network.ts';
import { jsonPointer } from '../../../ports/json-pointer.ts';
import { isPrivateRule, rulesOf, type WrittenRule } from './network-rules.ts';
import { isSettings, type Settings } from './resource-settings.ts';
import { NOTHING_OWN } from './rules/named-things.ts';
import { named, type Subject } from './rules/place.ts';
import { isUnreadable, numberOf } from './rules/reading.ts';

/*
 * The rules of security groups, as a template says them. The attacker calls production's group or range by what looks
 * like the template's own: only a reference to a group of the same template counts as one, and what isn't read whole is
 * open.
 */

const GROUP_TYPES = /^AWS::EC2::SecurityGroup(Ingress|Egress)?$/;
/** What a rule says beside its peers. One that says more (a name, another account) isn't read. */
const TRAFFIC = ['IpProtocol', 'FromPort', 'ToPort', 'Description', 'GroupId'];
const PEERS: Readonly<Record<string, 'cidr_ip' | 'cidr_ipv6' | 'source_group_id' | 'prefix_list_id'>> = {
  CidrIp: 'cidr_ip',
  CidrIpv6: 'cidr_ipv6',
  DestinationPrefixListId: 'prefix_list_id',
  DestinationSecurityGroupId: 'source_group_id',
  SourcePrefixListId: 'prefix_list_id',
  SourceSecurityGroupId: 'source_group_id',
};

/** No id of a group begins so. */
const OWN = 'own ';

/** A rule from or to one peer. */
interface PeerRule {
  readonly form: RuleForm;
  /** The VPC of the template's own group that is the peer; empty where it isn't known. Absent: no own group. */
  readonly network?: string;
}

/**
 * Does a new rule let through more than some traffic of neighbours?
 * @param gone rules that go at the same time: what is within one of them was let through before
 */
export function opensGroup(written: WrittenRule, gone: readonly WrittenRule[], subject: Subject): boolean {
  if (!GROUP_TYPES.test(subject.type)) return !isPrivateRule(written.rule);
  const rules = readRule(written, subject) ?? [];
  if (rules.length === 0) return true;
  const wider = gone.filter(({ list }) => list !== undefined && list === written.list);
  const had = wider.flatMap((one) => readRule(one, { ...subject, ownAfter: NOTHING_OWN }) ?? []);
  if (rules.every(({ form }) => had.some((one) => covers(one.form, form)))) return false;
  if (isEgress(written, subject))
    return rules.some(({ form, network }) => network === undefined && !isPrivateRule(cidrsOf(form)));
  const around = surroundingsOf(rules, subject);
  return rules.some(({ form }) => ingressEffect(form, around) === 'expose');
}

/** What a rule lets through, and for whom: `tcp 80, 0.0.0.0/0 (the whole IPv4 internet)`. */
export function ruleText(written: WrittenRule, subject: Subject): string {
  const rules = GROUP_TYPES.test(subject.type) ? (readRule(written, subject) ?? []) : [];
  return rules.map(({ form }) => `${traffic(form)}, ${peer(form)}`).join('; ') || 'a rule that is not read here';
}

/** How much a rule lets through, for what is told first. */
export function ruleWidth(written: WrittenRule, subject: Subject): number {
  const rules = GROUP_TYPES.test(subject.type) ? (readRule(written, subject) ?? []) : [];
  return rules.length === 0 ? UNREAD_WIDTH : Math.max(...rules.map(({ form }) => widthOf(form)));
}

/** Only names that a protocol may have are shown as they are. */
function traffic(form: RuleForm): string {
  return /^[\w-]{1,20}$/.test(form.ip_protocol) ? trafficText(form) : `the protocol ${named(form.ip_protocol, 20)}`;
}

function peer(form: RuleForm): string {
  if (cidrOf(form)) return sourceText(form);
  const { source_group_id = '', prefix_list_id, cidr_ip, cidr_ipv6 } = form;
  const own = source_group_id.startsWith(OWN) ? source_group_id.slice(OWN.length) : undefined;
  if (own !== undefined) return `the members of ${named(own)}`;
  if (prefix_list_id) return `the prefix list ${named(prefix_list_id)}, whose entries others may change`;
  return named(source_group_id || cidr_ip || cidr_ipv6 || 'nobody that is named');
}

/** Is all that the resource would let through read here? Then nobody's comparison of texts knows better. */
export function readsGroup(subject: Subject): boolean {
  const { type, after, before, isNew } = subject;
  if (!GROUP_TYPES.test(type) || !after || (!isNew && !before)) return false;
  return rulesOf(after).every((written) => readRule(written, subject) !== undefined);
}

/** One for each peer; undefined where any of it can't be read. */
function readRule({ rule, steps }: WrittenRule, subject: Subject): readonly PeerRule[] | undefined {
  if (!isSettings(rule)) return undefined;
  const names = Object.keys(rule).filter((name) => rule[name] !== undefined);
  if (!names.every((name) => TRAFFIC.includes(name) || Object.hasOwn(PEERS, name))) return undefined;
  const let_through = trafficOf(rule);
  if (!let_through) return undefined;
  const peers = names
    .filter((name) => Object.hasOwn(PEERS, name))
    .map((name) =>
      peersIn(rule, name, steps, subject)?.map((peer) => ({ ...peer, form: { ...let_through, ...peer.form } })),
    );
  return peers.every((read) => read !== undefined) ? peers.flat() : undefined;
}

function peersIn(rule: Settings, name: string, steps: readonly string[], subject: Subject) {
  const kind = PEERS[name] ?? 'prefix_list_id';
  const owners = kind === 'source_group_id' ? (subject.ownAfter.get(jsonPointer([...steps, name])) ?? []) : [];
  // Whichever branch of a condition is taken.
  if (owners.length > 0)
    return owners.map((id) => ({ form: { source_group_id: `${OWN}${id}` }, network: networkOf(id, subject) }));
  const value = rule[name];
  return typeof value === 'string' && !isUnreadable(value) ? [{ form: { [kind]: value } }] : undefined;
}

function trafficOf({ IpProtocol, FromPort, ToPort }: Settings): RuleForm | undefined {
  if (IpProtocol === undefined || isUnreadable([IpProtocol, FromPort ?? null, ToPort ?? null])) return undefined;
  const [from, to] = [numberOf(FromPort), numberOf(ToPort)];
  if ((FromPort !== undefined && from === undefined) || (ToPort !== undefined && to === undefined)) return undefined;
  return {
    ip_protocol: protocolName(String(IpProtocol)),
    ...(from === undefined ? {} : { from_port: from }),
    ...(to === undefined ? {} : { to_port: to }),
  };
}

function isEgress({ list }: WrittenRule, { type }: Subject): boolean {
  return list === undefined ? type === 'AWS::EC2::SecurityGroupEgress' : list === 'SecurityGroupEgress';
}

function cidrsOf({ cidr_ip, cidr_ipv6 }: RuleForm): Settings {
  return { CidrIp: cidr_ip ?? cidr_ipv6 };
}

function surroundingsOf(rules: readonly PeerRule[], subject: Subject): Surroundings {
  const network = networkOfGroup(subject);
  const { resources } = subject;
  const vpc = network.startsWith('made ') ? network.slice('made '.length) : '';
  const range = Object.hasOwn(resources, vpc) ? resources[vpc]?.range : undefined;
  return {
    vpc_id: network,
    vpc_cidrs: range === undefined ? [] : [range],
    source_vpcs: new Map(rules.flatMap(({ form, network: of }) => (of ? [[form.source_group_id ?? '', of]] : []))),
  };
}

/** Where the group is that gets the rule. */
function networkOfGroup(subject: Subject): string {
  if (subject.type === 'AWS::EC2::SecurityGroup') return subject.network ?? '';
  if (subject.after?.GroupId === undefined) return '';
  const [network = '', ...others] = new Set(
    (subject.ownAfter.get(jsonPointer(['GroupId'])) ?? []).map((id) => networkOf(id, subject)),
  );
  return others.length === 0 ? network : '';
}

function networkOf(id: string, { resources }: Subject): string {
  return (Object.hasOwn(resources, id) ? resources[id]?.network : undefined) ?? '';
}
