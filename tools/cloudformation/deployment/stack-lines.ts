import { sha256 } from '../../../src/kernel/digest.ts';
import type { Impact, PropertyDifference } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import { isWithoutEffect, settling, type TagRules } from '../../../src/kernel/tag-effect.ts';
import type { ChangeSet, ResourceChange, Stack } from '../../ports/cloudformation.ts';
import { HIDDEN, isMasked } from '../../ports/masks.ts';
import { propertyDifferences } from '../../property-differences.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import type { Level } from './levels.ts';
import type { StoredDeployment } from './stored.ts';
import { isForeseen } from './transforms.ts';

/** What happens to the stack itself: its tags, its parameters, and everything that isn't a resource's change. */
export function stackLines(stored: StoredDeployment, level: Level, tagRules: TagRules): readonly Impact[] {
  const { stack, creating, changeSet } = level;
  const line = { resource: stack.stack_id, type: NESTED_STACK, recoverable: true };
  const lines: Impact[] = [...sharedLines(level)];
  const { tags = stack.tags } = stored;
  const touched = creating
    ? []
    : [...new Set([...Object.keys(stack.tags), ...Object.keys(tags)])].filter(
        (key) => !Object.hasOwn(tags, key) || !Object.hasOwn(stack.tags, key) || tags[key] !== stack.tags[key],
      );
  if (touched.length > 0) {
    const differences = touched.map((key) => ({
      name: `Tags.${key}`,
      ...tagOf('before', stack.tags, key),
      ...tagOf('after', tags, key),
    }));
    const counting = touched.filter((key) => !isWithoutEffect(key, tagRules));
    const detail = `tags of the stack are added, changed or removed (${touched.length})${settling(counting, tagRules)}`;
    lines.push({
      ...line,
      effect: counting.length > 0 ? 'weaken' : 'modify',
      detail,
      ...propertyDifferences(differences),
    });
  }
  for (const name of creating ? [] : openedIn(level))
    lines.push({
      ...line,
      effect: 'expose',
      detail: `parameter ${bounded(name, 80, sha256)} is no longer NoEcho: who may look at the stack reads its value`,
    });
  const parameters = creating ? [] : changedParameters(stored, stack, changeSet);
  // moto compares texts, and lists nothing of what parameters alone change, whatever they replace: it also shows no
  // values.
  const unjudged = changeSet.changes.length === 0 || !changeSet.changes.every(isShown);
  if (parameters.length > 0 && unjudged) {
    const detail = `AWS does not list what changes with the parameters (${parameters.length})`;
    lines.push({ ...line, effect: 'unknown', detail, recoverable: false, ...propertyDifferences(parameters) });
  } else if (parameters.length > 0) {
    const detail = `parameters change (${parameters.length})`;
    lines.push({ ...line, effect: 'modify', detail, ...propertyDifferences(parameters) });
  } else if (changeSet.changes.length === 0 && lines.length === 0) {
    lines.push({
      ...line,
      effect: creating ? 'create' : 'modify',
      detail: 'no resource changes: only outputs, tags or descriptions',
    });
  }
  return lines;
}

/** The value that it has is refused by `refuseShown`; one that is given may be the same. */
function openedIn({ present, future }: Level): readonly string[] {
  const { parameters, no_echo_parameters } = future;
  const hidden = present?.no_echo_parameters ?? [];
  return hidden.filter((name) => parameters.includes(name) && !no_echo_parameters.includes(name));
}

function tagOf(side: 'before' | 'after', tags: Readonly<Record<string, string>>, key: string) {
  return Object.hasOwn(tags, key) ? { [side]: tags[key] } : {};
}

function isShown({ type, before_context, after_context }: ResourceChange): boolean {
  return type === NESTED_STACK || before_context !== undefined || after_context !== undefined;
}

/** What is said of a stack whether it was asked for or is nested in one that was. */
export function sharedLines({ path, stack, future, changeSet }: Level): readonly Impact[] {
  const line = { resource: stack.stack_id, type: NESTED_STACK };
  const where = path.length > 0 ? `${path.join('/')}: ` : '';
  const macros = future.transforms.filter((name) => !isForeseen(name));
  const lines: Impact[] = [];
  for (const doubt of changeSet.doubts)
    lines.push({
      ...line,
      effect: 'unknown',
      detail: `${where}the change set is not believed: ${doubt}`,
      recoverable: false,
    });
  const names = (list: readonly string[]) => list.map((name) => bounded(name, 80, sha256)).join(', ');
  if (macros.length > 0)
    lines.push({
      ...line,
      effect: 'unknown',
      detail: `${where}the template is worked out by code that AWS does not vouch for: ${names(macros)}`,
      recoverable: false,
    });
  if (future.hooks.length > 0)
    lines.push({
      ...line,
      effect: 'unknown',
      detail: `${where}hooks carry out part of it, which AWS does not list: ${names(future.hooks)}`,
      recoverable: false,
    });
  // Not worse than a change by itself; the lines of the resources that drifted are (see `drifted`).
  if (stack.drift?.status === 'DRIFTED')
    lines.push({
      ...line,
      effect: 'modify',
      detail: `${where}DRIFTED${stack.drift.checked_at ? ` when last looked at, ${stack.drift.checked_at}` : ''}: what runs is not what the template says, so that what is shown as present may not be`,
      recoverable: true,
    });
  return lines;
}

/**
 * Parameters that aren't surely what they are now: as AWS has them in the change set, and where it masks or doesn't
 * tell them, those that the call gives.
 */
function changedParameters(
  { parameters = {} }: StoredDeployment,
  stack: Stack,
  changeSet: ChangeSet,
): readonly PropertyDifference[] {
  const present = new Map(stack.parameters.map(({ key, value }) => [key, value]));
  const future = new Map([
    ...Object.keys(parameters).map((key): [string, string] => [key, HIDDEN]),
    ...changeSet.parameters.map(({ key, value }): [string, string] => [key, value]),
  ]);
  return [...future].flatMap(([key, value]) => {
    const name = `Parameters.${key}`;
    // The mask that stands for the present value, handed back: it stays.
    const given = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (given !== undefined && isMasked(given)) return [];
    if (isMasked(value)) return given === undefined ? [] : [{ name }];
    const was = present.get(key);
    if (was === value) return [];
    return [{ name, ...(was === undefined ? {} : { before: was }), after: value }];
  });
}
