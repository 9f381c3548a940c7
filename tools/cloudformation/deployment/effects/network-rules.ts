import { type Json, stableJson } from '../../../../src/kernel/digest.ts';
import { isPrivateCidr } from '../../../ec2/network/cidr.ts';
import { widthOf } from '../../../ec2/network/ingress-effect.ts';
import { isSettings, type Settings } from './resource-settings.ts';

const RULE_LISTS = ['SecurityGroupIngress', 'SecurityGroupEgress', 'Entries'];
/**
 * Lists whose absence means that everything may pass:
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
const OPEN_WHEN_ABSENT = 'SecurityGroupEgress';
const CIDR_NAMES = /^(Cidr|CidrIp|CidrIpv6|CidrBlock|Ipv6CidrBlock|TargetNetworkCidr)$/;
const OTHER_PEERS = /(Source|Destination).*(SecurityGroup|PrefixList)/;

/** A rule, the list that it is in (absent: it is a resource of its own), and its place in the properties. */
export interface WrittenRule {
  readonly list?: string;
  readonly rule: Json;
  readonly steps: readonly string[];
}

/** What is let through, in words, and how much. */
export interface Opened {
  readonly text: string;
  readonly width: number;
}

/** The same as a rule that lets everything out. */
const UNLIMITED: Opened = {
  text: 'no rule limits what may go out any more',
  width: widthOf({ ip_protocol: '-1', cidr_ip: '0.0.0.0/0' }),
};

/** As many rules are told, those that let through most; of the others their number. */
const TOLD = 3;

/**
 * How the rules after a change let more through than those before; undefined when they don't.
 * @param before undefined for a new resource
 * @param opens asked of each new rule, with those that go at the same time: what it lets through, and how much
 */
export function openedBy(
  before: Settings | undefined,
  after: Settings,
  opens: (written: WrittenRule, gone: readonly WrittenRule[]) => Opened | undefined,
): Opened | undefined {
  const [had, has] = [rulesOf(before), rulesOf(after)];
  const [known, left] = [new Set(had.map(textOf)), new Set(has.map(textOf))];
  const gone = had.filter((written) => !left.has(textOf(written)));
  // A new group lets everything out where it says nothing: whatever it says is no more than that.
  const judged = before || isRule(after) ? after : { ...after, [OPEN_WHEN_ABSENT]: [] };
  const fresh = rulesOf(judged).filter((written) => !known.has(textOf(written)));
  const unlimited = before?.[OPEN_WHEN_ABSENT] !== undefined && after[OPEN_WHEN_ABSENT] === undefined;
  const added = [...(unlimited ? [UNLIMITED] : []), ...fresh.flatMap((written) => opens(written, gone) ?? [])].toSorted(
    (a, b) => b.width - a.width,
  );
  if (added.length === 0) return undefined;
  const more = added.length > TOLD ? `; and ${added.length - TOLD} more` : '';
  const told = added.slice(0, TOLD).map(({ text }) => text);
  const text = `opens network access to what is not surely private: ${told.join('; ')}${more}`;
  return { text, width: added[0]?.width ?? 0 };
}

/**
 * How the rules after a change let less through: connections that were let in or out end. A rule that only moved to
 * other addresses counts.
 */
export function closedBy(before: Settings, after: Settings): string | undefined {
  if (before[OPEN_WHEN_ABSENT] === undefined && after[OPEN_WHEN_ABSENT] !== undefined && !isRule(after))
    return 'not everything may go out any more';
  const left = new Set(rulesOf(after).map(textOf));
  const lost = rulesOf(before).filter((written) => !left.has(textOf(written))).length;
  return lost > 0 ? `no longer lets through what ${lost} ${lost === 1 ? 'rule' : 'rules'} did` : undefined;
}

/** A rule that is a resource of its own is its own properties. */
export function rulesOf(properties: Settings | undefined): readonly WrittenRule[] {
  if (!properties) return [];
  const lists = RULE_LISTS.filter((name) => properties[name] !== undefined);
  if (lists.length === 0) return isRule(properties) ? [{ rule: properties, steps: [] }] : [];
  return lists.flatMap((list) => {
    const value = properties[list] as Json;
    if (!Array.isArray(value)) return [{ list, rule: value, steps: [list] }];
    return value.map((rule: Json, at) => ({ list, rule, steps: [list, String(at)] }));
  });
}

/** The same text is the same rule, wherever it stands in its list. */
function textOf({ list = '', rule }: WrittenRule): string {
  return stableJson([list, isSettings(rule) ? withoutNotes(rule) : rule]);
}

/** A group without rules of its own has none; anything else of these types is a rule. */
function isRule(properties: Settings): boolean {
  return properties.GroupDescription === undefined;
}

/** Who wrote a rule down how is no part of what it lets through. */
function withoutNotes({ Description: _description, ...rule }: Settings): Json {
  return rule;
}

/**
 * Does a rule name private addresses and nothing else? Anyone who wants the whole internet can also write it as two
 * halves, as a group or as a list.
 */
export function isPrivateRule(members: Json): boolean {
  if (!isSettings(members)) return false;
  const entries = Object.entries(members);
  const cidrs = entries.filter(([name]) => CIDR_NAMES.test(name));
  return (
    cidrs.length > 0 &&
    cidrs.every(([, cidr]) => isPrivateCidr(cidr)) &&
    !entries.some(([name]) => OTHER_PEERS.test(name))
  );
}
