import { type Json, stableJson } from '../../../src/kernel/digest.ts';
import type { ResourceChange, TemplateFacts } from '../../ports/cloudformation.ts';
import type { Knowledge, TypeKnowledge } from '../knowledge/language.ts';
import { propertiesOf } from './effects/resource-settings.ts';
import { NOTHING_OWN, type Own } from './effects/rules/named-things.ts';
import { type ReachedValue, reachedIn } from './effects/rules/reached-in.ts';
import { familiesJoined } from './families.ts';
import type { Level } from './levels.ts';
import { type LookedUp, lookedUpIn, sourcesOf, withLookedUp } from './looked-up.ts';

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
  /** The type of the resource that names it. */
  readonly by: string;
  readonly how: 'acts on' | 'acts as' | 'reads' | 'runs code from';
}

/** What is looked at of a level. */
export interface Reaching extends Pick<Level, 'path' | 'present' | 'future' | 'nested'> {
  readonly stack: Pick<Level['stack'], 'stack_id' | 'parameters'>;
  readonly changeSet: Pick<Level['changeSet'], 'changes' | 'parameters'>;
}

/** All that the changes of all levels reach, before and after, whether that property changes or not. */
export function reachedBy(levels: readonly Reaching[], knowledge: Knowledge): readonly Reached[] {
  const found = levels.flatMap((level) => {
    const before = lookedUpIn(level, levels, 'present');
    const after = lookedUpIn(level, levels, 'future');
    return level.changeSet.changes.flatMap((change) => [
      ...byChange(level, change, knowledge, { before, after }),
      ...byFamily(level, change, knowledge),
    ]);
  });
  return [...new Map(found.map((one) => [stableJson([one.name ?? null, one.path, one.how]), one])).values()];
}

function byChange(
  level: Reaching,
  change: ResourceChange,
  knowledge: Knowledge,
  lookedUp: Readonly<Record<'before' | 'after', LookedUp>>,
): readonly Reached[] {
  const { logical_id, type } = change;
  const row = knowledge.get(type);
  const place = [...level.path, logical_id].join('/');
  const settings = (at: 'before' | 'after') => {
    const facts = at === 'before' ? level.present : level.future;
    return withLookedUp(propertiesOf(change[`${at}_context`]) ?? {}, sourcesOf(facts, logical_id), lookedUp[at]);
  };
  const before = named(settings('before'), ownIn(level.present, logical_id), row);
  const after = named(settings('after'), ownIn(level.future, logical_id), row);
  const lasting = before.filter(({ how }) => how !== 'reads' && how !== 'runs code from');
  return [...lasting, ...after.filter((one) => !isHadAlready(one, before) && !isOurCode(one, accountOf(level)))]
    .map(({ name, steps, how }): Reached => {
      const path = `${place}.${steps.join('.')}`;
      return { ...(name === undefined ? {} : { name }), path, by: type, how };
    })
    .concat(
      row?.wide ? [{ name: accountOf(level), type: 'AWS::::Account', path: place, by: type, how: 'acts on' }] : [],
    );
}

function byFamily(level: Reaching, change: ResourceChange, knowledge: Knowledge): readonly Reached[] {
  const { logical_id, type } = change;
  const joins = knowledge.get(type)?.joins;
  if (!joins) return [];
  const around = { stack: level.stack.stack_id, changes: level.changeSet.changes };
  const path = `${[...level.path, logical_id].join('/')}.${joins.by}`;
  return familiesJoined(change, joins, ownIn(level.future, logical_id), around).map(({ arn }): Reached => {
    return { ...(arn === undefined ? {} : { name: arn }), type, path, by: type, how: 'acts on' };
  });
}

/**
 * What it has copied already it doesn't copy again while it stays, and has anyway when it is made again; and whose code
 * it runs already may change that code without this change.
 */
function isHadAlready({ name, how }: ReachedValue, before: readonly ReachedValue[]): boolean {
  const isTaken = how === 'reads' || how === 'runs code from';
  return isTaken && before.some((one) => one.how === how && name !== undefined && one.name === name);
}

/** Code of this account, which those who may change it here would run as this account anyway. */
function isOurCode({ name, how }: ReachedValue, account: string): boolean {
  return how === 'runs code from' && name?.split(':')[4] === account;
}

function named(settings: Readonly<Record<string, Json | undefined>>, own: Own, row: TypeKnowledge | undefined) {
  return Object.entries(settings).flatMap(([name, value]) => {
    const rules = row && Object.hasOwn(row.properties, name) ? row.properties[name] : undefined;
    return reachedIn(rules, value, [name], own);
  });
}

function ownIn(facts: TemplateFacts | undefined, id: string): Own {
  return (facts && Object.hasOwn(facts.resources, id) ? facts.resources[id]?.own_values : undefined) ?? NOTHING_OWN;
}

/** The number in a stack's ARN. */
function accountOf({ stack }: Reaching): string {
  return stack.stack_id.split(':')[4] ?? '';
}
