import { type Json, stableJson } from '../../../../src/kernel/digest.ts';
import { isForReading } from '../../../reading-tags.ts';
import { isSettings, same } from './resource-settings.ts';

/** Do tags say the same but for those that are only for reading? */
export function sameTags(before: Json | undefined, after: Json | undefined): boolean {
  return sameBut(isForReading, before, after);
}

/** Do they say the same? Their order means nothing. */
export function sameTagsInAll(before: Json | undefined, after: Json | undefined): boolean {
  return sameBut(() => false, before, after);
}

type IsLeftOut = (key: string) => boolean;

function sameBut(isLeftOut: IsLeftOut, before: Json | undefined, after: Json | undefined): boolean {
  const [was, is] = [entriesOf(before, isLeftOut), entriesOf(after, isLeftOut)];
  return was && is ? same(was, is) : same(before, after);
}

/** A list of `Key` and `Value`, or a map. What is neither is no tags: undefined. */
function entriesOf(tags: Json | undefined, isLeftOut: IsLeftOut): readonly string[] | undefined {
  if (tags === undefined || tags === null) return [];
  if (Array.isArray(tags)) {
    const counting = tags.filter((tag: Json) => !(isSettings(tag) && isLeftOut(String(tag.Key))));
    return counting.map((tag: Json) => stableJson(tag)).sort();
  }
  if (!isSettings(tags)) return undefined;
  const counting = Object.entries(tags).filter(([key]) => !isLeftOut(key));
  return counting.map(([Key, Value]) => stableJson({ Key, Value: Value ?? null })).sort();
}
