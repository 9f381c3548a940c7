import type { Impact } from '../../../src/kernel/plan.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { named } from './effects/rules/place.ts';
import type { Level } from './levels.ts';

/** A template may have one in each of its parts. */
const SHOWN = 20;

/** What a function does that AWS has and nobody knows here, AWS's list of changes doesn't say. */
export function functionLines({ path, stack, resources, future }: Level): readonly Impact[] {
  const { unknown_functions: found } = future;
  const lines = found.slice(0, SHOWN).map(({ at, name }): Impact => {
    const id = at.replace(/^Resources\//, '');
    const own = id === at ? undefined : resources.find((one) => one.logical_id === id)?.physical_id;
    const detail = `${named([...path, id].join('/'))}: takes the function ${named(name)}, which is not known here: nobody can tell what it brings in, or what it depends on`;
    return { resource: own || stack.stack_id, type: NESTED_STACK, effect: 'unknown', detail, recoverable: false };
  });
  const left = found.length - lines.length;
  if (left === 0) return lines;
  const detail = `${[...path, 'Template'].join('/')}: takes functions that are not known here at ${left} more places`;
  return [...lines, { resource: 'more places', type: NESTED_STACK, effect: 'unknown', detail, recoverable: false }];
}
