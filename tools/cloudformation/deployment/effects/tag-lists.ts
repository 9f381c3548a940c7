import { type Json, stableJson } from '../../../../src/kernel/digest.ts';
import { isWithoutEffect, settling, type TagRules } from '../../../../src/kernel/tag-effect.ts';
import { isSettings, same } from './resource-settings.ts';

/** One tag, with all that is said of it. */
interface Tag {
  readonly key: string;
  readonly said: string;
}

/** The members of an entry in each form of list that templates have; the first is its key. */
const FORMS = [
  ['Key', 'Value', 'PropagateAtLaunch'],
  ['TagKey', 'TagValue'],
];

export const COUNT = 'change: environments, access and backups may rest on them';

/** Why it counts that tags aren't what they were; undefined where they are, or nothing rests on those that aren't. */
export function whyTagsCount(before: Json | undefined, after: Json | undefined, rules: TagRules): string | undefined {
  const [was, is] = [tagsOf(before), tagsOf(after)];
  if (!was || !is) return same(before, after) ? undefined : COUNT;
  const changed = [...without(was, is), ...without(is, was)].map(({ key }) => key);
  const counting = [...new Set(changed)].filter((key) => !isWithoutEffect(key, rules)).sort();
  return counting.length === 0 ? undefined : `${COUNT}${settling(counting, rules)}`;
}

/** Do they say the same? Their order means nothing. */
export function sameTagsInAll(before: Json | undefined, after: Json | undefined): boolean {
  const [was, is] = [tagsOf(before), tagsOf(after)];
  if (!was || !is) return same(before, after);
  return without(was, is).length === 0 && without(is, was).length === 0;
}

/** What `others` don't have, or not as often. */
function without(tags: readonly Tag[], others: readonly Tag[]): readonly Tag[] {
  const left = others.map(({ said }) => said);
  return tags.filter(({ said }) => {
    const at = left.indexOf(said);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** A list of tags, one of tags by the type of what gets them, or a map. What is none of these is no tags: undefined. */
function tagsOf(tags: Json | undefined): readonly Tag[] | undefined {
  if (tags === undefined || tags === null) return [];
  if (Array.isArray(tags)) return allOf(tags.map((entry: Json) => ofEntry(entry)));
  if (!isSettings(tags)) return undefined;
  return allOf(Object.entries(tags).map(([key, value]) => ofEntry({ Key: key, Value: value ?? null })));
}

function ofEntry(entry: Json): readonly Tag[] | undefined {
  if (!isSettings(entry)) return undefined;
  const { ResourceType, Tags, ...more } = entry;
  if (typeof ResourceType === 'string' && Object.keys(more).length === 0)
    return tagsOf(Tags)?.map(({ key, said }) => ({ key, said: `${ResourceType} ${said}` }));
  const form = FORMS.find(([key = '']) => typeof entry[key] === 'string');
  const isTag = Object.entries(entry).every(
    ([name, value]) => form?.includes(name) && (typeof value !== 'object' || value === null),
  );
  return form && isTag ? [{ key: String(entry[form[0] ?? '']), said: stableJson(entry) }] : undefined;
}

function allOf(found: readonly (readonly Tag[] | undefined)[]): readonly Tag[] | undefined {
  const tags = found.flatMap((one) => one ?? []);
  return found.includes(undefined) ? undefined : tags;
}
