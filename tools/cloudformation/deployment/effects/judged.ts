import type { ResourceChange } from '../../../ports/cloudformation.ts';
import type { TypeKnowledge } from '../../knowledge/language.ts';
import { changedProperties } from './changed-properties.ts';
import { type Finding, finding } from './finding.ts';
import type { Settings } from './resource-settings.ts';
import { judge } from './rules/judge.ts';
import type { Place, Subject } from './rules/place.ts';

/**
 * What a change of a resource does by its properties, as people wrote it down. What nobody wrote down is `unjudged`.
 * @param row undefined: nobody wrote anything down of its type
 */
export function judgedProperties(
  change: ResourceChange,
  row: TypeKnowledge | undefined,
  resource: Subject,
): readonly Finding[] {
  const { isNew, after } = resource;
  const changed = changedProperties(change, resource.sources);
  const found = changed.flatMap(({ name, before, after: is }) =>
    judge(ruleOf(row, name), before, is, { before: [name], after: [name], resource }),
  );
  const silent = isNew && after ? unsaid(row, after, resource) : [];
  const all = [...found, ...silent];
  // What is made new is told as such, which is worse.
  if (resource.isReplaced && !row?.revision && !resource.isTie)
    return all.filter(({ effect }) => effect !== 'unjudged');
  const isTold = row !== undefined || (changed.length === 0 && !isNew);
  return isTold ? together(all, isNew) : [ofNobody(isNew), ...all.filter(isJudged)];
}

/** What a new resource is by AWS's defaults. */
function unsaid(row: TypeKnowledge | undefined, after: Settings, resource: Subject): readonly Finding[] {
  return Object.entries(row?.properties ?? {}).flatMap(([name, rules]) => {
    const place: Place = { before: [name], after: [name], resource };
    return Object.hasOwn(after, name) ? [] : judge(rules, undefined, undefined, place);
  });
}

function ruleOf(row: TypeKnowledge | undefined, name: string) {
  return row && Object.hasOwn(row.properties, name) ? row.properties[name] : undefined;
}

const SHOWN_NAMES = 6;

/** All that nobody judged is told in one sentence. */
function together(found: readonly Finding[], isNew: boolean): readonly Finding[] {
  const names = [...new Set(found.flatMap((one) => (isJudged(one) ? [] : [one.why])))];
  if (names.length === 0) return found;
  const left = names.length - SHOWN_NAMES;
  const list = `${names.slice(0, SHOWN_NAMES).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  const [change, these] = names.length === 1 ? ['changes', 'this property'] : ['change', 'these properties'];
  const what = isNew ? `created with ${list}` : `${list} ${change} in place`;
  return [finding('unjudged', `${what}; nobody has judged ${these} yet`), ...found.filter(isJudged)];
}

function ofNobody(isNew: boolean): Finding {
  return finding('unjudged', `${isNew ? 'created' : 'changed in place'}; nobody has judged this type yet`);
}

function isJudged({ effect }: Finding): boolean {
  return effect !== 'unjudged';
}
