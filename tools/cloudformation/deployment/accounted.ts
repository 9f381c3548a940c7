import { type Json, sha256, stableJson } from '../../../src/kernel/digest.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { ResourceChange, ResourcePolicies } from '../../ports/cloudformation.ts';
import { isMasked } from '../../ports/masks.ts';
import { surelyDiffer, writtenOf } from '../../ports/written.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { propertiesOf } from './effects/resource-settings.ts';
import type { Level } from './levels.ts';
import { differing, factsOf, own, type Written } from './written-differences.ts';

/*
 * A change set must account for what the two templates say. The attacker answers DescribeChangeSet in AWS's place and
 * leaves a resource out, tells a harmless property in place of the true one, or shows another value than the template
 * writes: each such answer fits itself. Only what surely differs counts: what AWS may write otherwise, or nobody can
 * work out from the templates and the parameters, stays what AWS says of it.
 */

/** States in which what a stack has is what its template says. */
const SETTLED = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/;

export interface LeftOut {
  readonly logical_id: string;
  readonly type: string;
  readonly why: string;
}

/** The resources of the new template of which AWS had to list a change, and didn't. */
export function leftOut({ changeSet, stack, present, future, resources }: Level): readonly LeftOut[] {
  const listed = new Set(changeSet.changes.map(({ logical_id }) => logical_id));
  const has = new Set(resources.filter(({ status }) => status !== 'DELETE_COMPLETE').map((one) => one.logical_id));
  return Object.entries(future.resources).flatMap(([logical_id, after]): readonly LeftOut[] => {
    if (listed.has(logical_id)) return [];
    const before = factsOf(present, logical_id);
    const { type } = after;
    const isNew = before ? before.made === false && after.made === true : after.made !== false;
    if (isNew && !has.has(logical_id))
      return [{ logical_id, type, why: 'the new template adds it, and AWS does not list it' }];
    if (!before || !has.has(logical_id)) return [];
    if (after.made === false)
      return [{ logical_id, type, why: 'its condition no longer holds, and AWS does not list what becomes of it' }];
    if (!SETTLED.test(stack.stack_status) || differing(before, after).length === 0) return [];
    return [{ logical_id, type, why: 'the templates differ in its properties, and AWS does not list it' }];
  });
}

/** Why a change isn't believed, by what the two templates write. */
export function unaccounted(change: ResourceChange, { stack, present, future }: Level): readonly string[] {
  const { action, logical_id, type, before_context, after_context } = change;
  const [before, after] = [factsOf(present, logical_id), factsOf(future, logical_id)];
  if (!after || action === 'Remove') return [];
  const gone = action === 'Modify' && after.made === false ? ['its condition no longer holds, and it is to stay'] : [];
  const shown = [...gone, ...contradicted(after.written, after_context)];
  if (action !== 'Modify' || !before || !SETTLED.test(stack.stack_status)) return shown;
  if (type === NESTED_STACK) return shown;
  return [...shown, ...contradicted(before.written, before_context), ...ofDetails(change, before, after)];
}

/**
 * Each property that surely differs is told or shown to change, and none is told that surely doesn't. Stacks' own tags
 * are listed as tags.
 */
function ofDetails(
  { properties, before_context, after_context }: ResourceChange,
  before: ResourcePolicies,
  after: ResourcePolicies,
): readonly string[] {
  const names = properties.flatMap(({ attribute, name = '' }) => (attribute === 'Properties' ? [name] : []));
  const tagged = properties.some(({ attribute }) => attribute === 'Tags');
  const [was, is] = [propertiesOf(before_context) ?? {}, propertiesOf(after_context) ?? {}];
  const untold = differing(before, after).filter(
    (name) =>
      !names.includes(name) &&
      !(tagged && /Tag/.test(name)) &&
      stableJson(ownValue(was, name)) === stableJson(ownValue(is, name)),
  );
  const same = [...new Set(names)].filter((name) => name !== '' && !/Tag/.test(name) && isSame(name, before, after));
  return [
    ...untold.map((name) => `the templates differ in ${quoted(name)}, and no detail says so`),
    ...same.map((name) => `a detail changes ${quoted(name)}, which is the same in both templates`),
  ];
}

function isSame(name: string, { written: was }: ResourcePolicies, { written: is }: ResourcePolicies): boolean {
  if (!was || !is) return false;
  const [left, right] = [own(was, name), own(is, name)];
  return left && right ? left.exact !== undefined && left.exact === right.exact : left === right;
}

/** What AWS shows of a resource has each property that the template writes, and no other value of it. */
function contradicted(written: Written | undefined, context: string | undefined): readonly string[] {
  const shown = propertiesOf(context);
  if (!written || !shown) return [];
  return (
    Object.entries(written)
      // The stack's own tags may stand among a resource's.
      .filter(([name, { tree }]) => !/Tag/.test(name) && surelyDiffer(tree, writtenOf(ownValue(shown, name), isHidden)))
      .map(([name]) => `what is shown of ${quoted(name)} is not what the template writes`)
  );
}

/** Masked, cut off, or known only once something else is made. */
function isHidden(text: string): boolean {
  return isMasked(text) || text.includes('{{changeSet:') || /^\(Truncated-Signature\)|\*\*\*\*|(\.{3}|…)$/.test(text);
}

function quoted(name: string): string {
  return bounded(name, 80, sha256);
}

function ownValue(shown: Readonly<Record<string, Json | undefined>>, name: string): Json | undefined {
  return Object.hasOwn(shown, name) ? shown[name] : undefined;
}
