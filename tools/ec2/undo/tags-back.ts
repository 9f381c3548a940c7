import { stableJson } from '../../../src/kernel/digest.ts';
import type { Lost } from '../../../src/kernel/undo.ts';
import { hideCredentials } from '../../ports/credentials.ts';
import { isMasked } from '../../ports/masks.ts';
import { quoted, typeOf } from '../network/target.ts';
import type { TagChange, TagsGuard } from '../tags/change.ts';
import { NewTags } from '../tags/input.ts';
import type { WayBack } from './way-back.ts';

/** Two more are ours: which ticket made it. */
const MOST_GIVEN = 48;

/** Resources that get the same. */
interface Group<T> {
  readonly resources: string[];
  readonly what: T;
}

/**
 * The values that tags had, one call for each different set of them; then what is new goes again.
 * @param before as plans read them
 */
export function tagsBack(before: TagsGuard, changes: readonly TagChange[]): WayBack {
  const old = new Map<string, Group<Record<string, string>>>();
  const fresh = new Map<string, Group<string[]>>();
  const lost: Lost[] = [];
  for (const id of Object.keys(before).sort()) {
    const values: Record<string, string> = {};
    const keys: string[] = [];
    for (const { key, value } of changes) {
      const was = Object.hasOwn(before[id] ?? {}, key) ? before[id]?.[key] : undefined;
      if (was === (value ?? undefined)) continue;
      if (was === undefined) keys.push(key);
      else if (canBeGiven(key, was)) values[key] = was;
      else lost.push({ resource: id, type: typeOf(id), why: `the value of tag ${quoted(key)}: no call takes it` });
    }
    if (Object.keys(values).length > 0) join(old, id, values);
    if (keys.length > 0) join(fresh, id, keys);
  }
  return {
    calls: [
      ...[...old.values()].map(({ resources, what }) => ({
        tool: 'ec2_create_tags',
        arguments: { resources, tags: what },
      })),
      ...[...fresh.values()].map(({ resources, what }) => ({
        tool: 'ec2_delete_tags',
        arguments: { resources, tag_keys: what },
      })),
    ],
    lost,
  };
}

/** What a call that makes a thing again gives it, and what is lost. Nobody else puts on tags of AWS's, or of ours. */
export function tagsKept(tags: Readonly<Record<string, string>>): {
  readonly given: Record<string, string>;
  readonly lost: readonly string[];
} {
  const given: Record<string, string> = {};
  const lost: string[] = [];
  for (const [key, value] of Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (canBeGiven(key, value) && Object.keys(given).length < MOST_GIVEN) given[key] = value;
    else lost.push(`the tag ${quoted(key)}: no call gives it`);
  }
  return { given, lost };
}

/** What looks like a secret is hidden from plans, and no call may put it into AWS. */
function canBeGiven(key: string, value: string): boolean {
  return !isMasked(value) && hideCredentials(key) === key && NewTags.safeParse({ [key]: value }).success;
}

function join<T extends Record<string, string> | string[]>(groups: Map<string, Group<T>>, id: string, what: T): void {
  const name = stableJson(what);
  const group = groups.get(name);
  if (group) group.resources.push(id);
  else groups.set(name, { resources: [id], what });
}
