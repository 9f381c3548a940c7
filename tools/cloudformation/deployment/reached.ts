import type { Levels } from './levels.ts';

/**
 * An existing thing that a change acts on or acts as, and that isn't known to be of the same template. It may be
 * anyone's: production's, named in a stack that is called `dev-…`.
 */
export interface Reached {
  /**
   * ARN, id or name as AWS resolved it, unbounded and unescaped: an agent may have written it. The account's
   * number where all of the account is reached (`type` is `AWS::::Account`). Absent where nobody can read it: masked,
   * or known only after the execution.
   */
  readonly name?: string;
  /** Its CloudFormation type, where the property tells. */
  readonly type?: string;
  /** `Outer/LogicalId.Property.0.Member`, unescaped. */
  readonly path: string;
  readonly how: 'acts on' | 'acts as';
}

/** ARNs, and ids as EC2 and its kind give them (`sg-0123abcd`), anywhere in a text. */
const NAMED = /\barn:aws[a-z-]*:[^\s"'\\,]+|\b[a-z]{1,12}-[0-9a-f]{8}(?:[0-9a-f]{9})?\b/g;

/** All that the changes of all levels reach, before and after, whether that property changes or not. */
export function reachedBy(levels: Levels): readonly Reached[] {
  return levels.flatMap(({ path, changeSet }) =>
    changeSet.changes.flatMap(({ logical_id, before_context = '', after_context = '' }) => {
      const names = new Set(`${before_context} ${after_context}`.match(NAMED) ?? []);
      const place = [...path, logical_id].join('/');
      return [...names].map((name): Reached => ({ name, path: place, how: 'acts on' }));
    }),
  );
}
