import { type Json, stableJson } from '../../../src/kernel/digest.ts';
import type { PropertyChange, ResourceChange } from '../../ports/cloudformation.ts';
import { isSettings, propertiesOf } from './effects/resource-settings.ts';

/** What AWS writes for a value that only the execution tells. */
const LATER = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** Chains of names are as short as people make them; the rest of a longer one counts as AWS says. */
const MOST_ROUNDS = 8;

/**
 * A change set's changes without those details that can't come true. Where a function changes in place, AWS lists
 * everything that takes its ARN from it, and what such a property would replace as perhaps replaced: it doesn't say
 * that the ARN stays. It surely does where all of this holds, and only there:
 * - AWS says that the detail comes from that other resource alone, by `Ref` or an attribute that names it;
 * - that other one is in the same change set, isn't replaced, and is believed;
 * - what stands there now has that other one's physical id in it, or what that ends with, and what would stand there is
 *   the same text.
 * What is found to stay so keeps others in place: a scaling policy names a target, which names a service.
 * The attacker writes the template, so that the value may be put together of more than the name; whatever else changes
 * in it is in the compared texts, or in a detail of its own, which stays.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
 */
export function withoutUnmoved(changes: readonly ResourceChange[], rounds = MOST_ROUNDS): readonly ResourceChange[] {
  const staying = stayingIn(changes);
  if (staying.size === 0) return changes;
  const left = changes.map((change) => without(change, staying));
  return rounds > 1 && stayingIn(left).size > staying.size ? withoutUnmoved(left, rounds - 1) : left;
}

function stayingIn(changes: readonly ResourceChange[]): ReadonlyMap<string, ResourceChange> {
  return new Map(changes.filter(stays).map((change) => [change.logical_id, change]));
}

function stays({ action, type, replacement, policy_action, physical_id, doubts }: ResourceChange): boolean {
  const own = type.startsWith('AWS::') && !type.startsWith('AWS::CloudFormation::');
  const kept = action === 'Modify' && replacement === 'False' && policy_action === undefined;
  return own && kept && (physical_id ?? '') !== '' && doubts.length === 0;
}

function without(change: ResourceChange, staying: ReadonlyMap<string, ResourceChange>): ResourceChange {
  if (change.action !== 'Modify' || change.doubts.length > 0) return change;
  const before = propertiesOf(change.before_context);
  const after = propertiesOf(change.after_context);
  if (before === undefined || after === undefined) return change;
  // By property, as the contexts are compared: one detail that stays keeps all of its property.
  const names = new Set(change.properties.map(({ name }) => name ?? ''));
  const unmoved = [...names].filter((name) => {
    const details = change.properties.filter((detail) => (detail.name ?? '') === name);
    const [was, is] = [own(before, name), own(after, name)];
    const ids = details.map((detail) => unmovedId(detail, staying));
    const known = ids.filter((id) => id !== undefined);
    if (was === undefined || known.length < ids.length) return false;
    return known.every((id) => mentions(was, id)) && isSame(was, is, known);
  });
  if (unmoved.length === 0) return change;
  const properties = change.properties.filter(({ name }) => !unmoved.includes(name ?? ''));
  const kept = Object.fromEntries(unmoved.map((name) => [name, own(before, name)]));
  const document = JSON.parse(change.after_context ?? '') as Readonly<Record<string, Json>>;
  return {
    ...change,
    properties,
    after_context: JSON.stringify({ ...document, Properties: { ...after, ...kept } }),
    ...(change.replacement === 'Conditional' && properties.every((one) => one.requires_recreation === 'Never')
      ? { replacement: 'False' }
      : {}),
  };
}

/** The physical id of what a detail comes from, if that stays. */
function unmovedId(
  { attribute, cause = '' }: PropertyChange,
  staying: ReadonlyMap<string, ResourceChange>,
): string | undefined {
  const [id = '', ...rest] = cause.split('.');
  const stays = staying.get(id);
  if (!stays || attribute !== 'Properties') return undefined;
  const named = rest.join('.');
  const isKept = isIdentity(named, stays.type) || (named === 'StreamArn' && keepsStream(stays));
  return isKept ? stays.physical_id : undefined;
}

/**
 * Does a table keep its stream? DynamoDB makes another one only where the stream is switched on again or gives other
 * images, which is said by this one property.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
function keepsStream({ type, properties, before_context, after_context }: ResourceChange): boolean {
  const was = own(propertiesOf(before_context) ?? {}, 'StreamSpecification');
  const is = own(propertiesOf(after_context) ?? {}, 'StreamSpecification');
  const isTold = properties.every((one) => one.attribute !== 'Properties' || one.name !== undefined);
  const isListed = properties.some(({ name }) => name === 'StreamSpecification');
  const isSame = was !== undefined && is !== undefined && stableJson(was) === stableJson(is);
  return type === 'AWS::DynamoDB::Table' && isTold && !isListed && isSame;
}

/**
 * Does an attribute name the resource itself, as `Ref` (`''`) does, or a security group's `GroupId`? It is another only
 * once the resource is. A table's `StreamArn` isn't one: the stream may be another while the table stays.
 */
function isIdentity(attribute: string, type: string): boolean {
  const [, stem, end] = /^(.*)(Arn|Id|Name|Url)$/.exec(attribute) ?? [];
  return attribute === '' || (end !== undefined && (type.split('::').at(-1) ?? '').endsWith(stem ?? '?'));
}

/**
 * Is the id in one of the texts, or what it ends with: the name in a service's ARN, the rule of `bus|rule`? As a word
 * of its own: `prod-fn` isn't named by `my-prod-fn`.
 */
function mentions(value: Json, physical: string): boolean {
  const text = stableJson(value);
  return [physical, physical.split(/[/:|]/).at(-1) ?? ''].some((id) => id !== '' && hasWord(text, id));
}

function hasWord(text: string, id: string): boolean {
  const needle = stableJson(id).slice(1, -1);
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const around = `${text[at - 1] ?? ''}${text[at + needle.length] ?? ''}`;
    if (!/[\w-]/.test(around)) return true;
  }
  return false;
}

/** The same, but for texts of which only the execution tells a part; these have the id of what stays in them. */
function isSame(was: Json | undefined, is: Json | undefined, ids: readonly string[]): boolean {
  if (typeof was === 'string' && typeof is === 'string' && is.includes(LATER))
    return fits(was, is.split(LATER)) && ids.some((id) => mentions(was, id));
  if (Array.isArray(was) && Array.isArray(is))
    return was.length === is.length && was.every((one: Json, at) => isSame(one, is[at], ids));
  if (!isSettings(was) || !isSettings(is)) return stableJson(was) === stableJson(is);
  const keys = Object.keys(was);
  return (
    keys.length === Object.keys(is).length &&
    keys.every((key) => Object.hasOwn(is, key) && isSame(was[key], is[key], ids))
  );
}

/** Does a text begin with the first part, end with the last, and have the others between, in their order? */
function fits(text: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.at(-1) ?? '';
  let rest = text.startsWith(first) && text.length >= first.length + last.length ? text.slice(first.length) : undefined;
  for (const part of others.slice(0, -1)) {
    const at = rest?.indexOf(part) ?? -1;
    rest = at < 0 ? undefined : rest?.slice(at + part.length);
  }
  return rest?.endsWith(last) === true;
}

function own(settings: Readonly<Record<string, Json | undefined>>, name: string): Json | undefined {
  return Object.hasOwn(settings, name) ? settings[name] : undefined;
}
