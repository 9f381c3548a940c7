import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { isOff, isOn, member, membersOf, same } from '../resource-settings.ts';
import { labelOf, type Place, say } from './place.ts';
import { hasEntry, isDocument, isUnreadable, numberOf } from './reading.ts';

/** What a switch stands at: `other` is anything that is neither on nor off, or can't be read. */
type Position = 'on' | 'off' | 'other';

function positionOf(value: Json | undefined, absent: boolean): Position {
  if (value === undefined || value === null) return absent ? 'on' : 'off';
  if (isUnreadable(value)) return 'other';
  if (!isDocument(value) && isOn(value)) return 'on';
  return isOff(value) ? 'off' : 'other';
}

export function protects(before: Json | undefined, after: Json | undefined, place: Place, absent: boolean) {
  return keeps(before, after, absent) ? [] : say(place, 'weaken', `${labelOf(place)} protects less`);
}

/** Does a protection, or a document of them, still hold in each of its parts? */
function keeps(before: Json | undefined, after: Json | undefined, absent: boolean): boolean {
  if (same(before, after)) return true;
  const [was, is] = [positionOf(before, absent), positionOf(after, absent)];
  if (is === 'on') return true;
  if (!isDocument(after) && isUnreadable(after)) return false;
  if (was === 'off' || is === 'off') return was === 'off';
  if (Array.isArray(before) && Array.isArray(after) && before.every((entry: Json) => hasEntry(after, entry)))
    return true;
  if (isDocument(before ?? {}) && isDocument(after)) return keepsMembers(before, after, absent);
  const [few, many] = [numberOf(before), numberOf(after)];
  return few !== undefined && many !== undefined && many >= few;
}

function keepsMembers(before: Json | undefined, after: Json | undefined, absent: boolean): boolean {
  return membersOf(before, after).every((key) => keeps(member(before, key), member(after, key), absent));
}

export function endangers(
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  absent: boolean,
): readonly Finding[] {
  return staysSafe(before, after, absent) ? [] : say(place, 'weaken', `${labelOf(place)} is no longer off`);
}

function staysSafe(before: Json | undefined, after: Json | undefined, absent: boolean): boolean {
  if (same(before, after)) return true;
  const [was, is] = [positionOf(before, absent), positionOf(after, absent)];
  if (is === 'off' || (is === 'on' && was === 'on')) return true;
  if (!isDocument(after)) return false;
  return membersOf(before, after).every((key) => staysSafe(member(before, key), member(after, key), absent));
}

export function runs(before: Json | undefined, after: Json | undefined, place: Place, absent: boolean) {
  const is = positionOf(after, absent);
  const stops = is !== 'on' && (is !== 'off' || positionOf(before, absent) !== 'off');
  return stops ? say(place, 'disrupt', `${labelOf(place)} may stop it`) : [];
}

/** Of a new resource it counts what it is, though nobody changes it. */
export function opens(before: Json | undefined, after: Json | undefined, place: Place, absent: boolean) {
  const is = positionOf(after, absent);
  const was = place.resource.isNew ? 'off' : positionOf(before, absent);
  if (is === 'off') return was === 'off' ? [] : say(place, 'disrupt', `${labelOf(place)} no longer lets anybody in`);
  if (is === 'on' && was === 'on') return [];
  const isSaid = after !== undefined && after !== null;
  const why = isSaid ? 'is on, which lets others in' : 'is not given, and nothing else says that others are kept out';
  return say(place, 'expose', `${labelOf(place)} ${why}`);
}

/** Of a new resource only what it says counts: what AWS does where nothing is said, `-by-default` tells. */
export function fences(before: Json | undefined, after: Json | undefined, place: Place, absent: boolean) {
  const is = positionOf(after, absent);
  const was = place.resource.isNew ? 'on' : positionOf(before, absent);
  const kept = is === 'on' || (is === 'off' && was === 'off') || (place.resource.isNew && after === undefined);
  return kept ? [] : say(place, 'expose', `${labelOf(place)} is not on, which keeps fewer out`);
}
