import type { Impact } from '../../../src/kernel/plan.ts';
import { shortName } from '../../../src/kernel/safe-text.ts';

/**
 * What each of these resources is called where there is little room: at most `room` characters (20 or more), by the
 * resource. Two resources never have one label. Who may name resources can make many that differ only in what is left
 * out: these are numbered, so that none passes for another one's box. A number follows a space, which no label has
 * outside of quotation marks.
 */
export function labelsOf(lines: readonly Pick<Impact, 'resource'>[], room: number): ReadonlyMap<string, string> {
  const resources = [...new Set(lines.map(({ resource }) => resource))];
  const labels = new Map(resources.map((resource) => [resource, shortName(lastOf(resource), room)]));
  const alike = Map.groupBy(resources, (resource) => labels.get(resource));
  let number = 0;
  for (const same of alike.values())
    for (const resource of same.length > 1 ? same : []) {
      const mark = ` #${++number}`;
      labels.set(resource, `${shortName(lastOf(resource), room - mark.length)}${mark}`);
    }
  return labels;
}

/** The last part of an ARN is what tells resources apart; the table has the whole. */
function lastOf(resource: string): string {
  return /^arn:aws[a-z-]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(resource)?.[1] ?? resource;
}
