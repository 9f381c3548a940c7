import type { Json } from '../../../../../src/kernel/digest.ts';
import { UNREAD_WIDTH } from '../../../../ec2/network/ingress-effect.ts';
import { jsonPointer } from '../../../../ports/json-pointer.ts';
import { EVERYONE, type Finding } from '../finding.ts';
import { opensGroup, ruleText, ruleWidth } from '../group-rules.ts';
import { closedBy, openedBy } from '../network-rules.ts';
import type { Own } from './named-things.ts';
import { type Place, say } from './place.ts';
import { isUnreadable } from './reading.ts';

/** Network rules: all that the resource says of them counts together. */
export function network(was: Json | undefined, is: Json | undefined, place: Place): readonly Finding[] {
  const { isNew, before, after, ownAfter } = place.resource;
  if (!after || (!isNew && !before) || isUnreadable(was) || isUnreadable(withoutOwn(is, place.after, ownAfter)))
    return [
      ...say(place, 'expose', 'AWS does not say which network access it opens', EVERYONE),
      ...say(place, 'disrupt', 'AWS does not say which network access it ends'),
    ];
  // An entry of a network's list that refuses lets nobody in by being there; what it ends, its row says.
  if (isNew && after.RuleAction === 'deny') return [];
  const opened = openedBy(isNew ? undefined : before, after, (written, gone) =>
    opensGroup(written, gone, place.resource)
      ? { text: ruleText(written, place.resource), width: ruleWidth(written, place.resource) }
      : undefined,
  );
  const closed = isNew || !before ? undefined : closedBy(before, after);
  return [
    ...(opened === undefined ? [] : say(place, 'expose', opened.text, opened.width >= UNREAD_WIDTH ? EVERYONE : 0)),
    ...(closed === undefined ? [] : say(place, 'disrupt', closed)),
  ];
}

/** What only the execution tells of the template's own things is known as far as it matters: it is its own. */
function withoutOwn(value: Json | undefined, steps: readonly string[], own: Own): Json | undefined {
  if (own.has(jsonPointer(steps))) return null;
  if (Array.isArray(value)) return value.map((one: Json, at) => withoutOwn(one, [...steps, String(at)], own) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, one]) => [key, withoutOwn(one, [...steps, key], own)]);
  return Object.fromEntries(members) as Json;
}
