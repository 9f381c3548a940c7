import type { ResourceChange } from '../../ports/cloudformation.ts';
import type { TypeKnowledge } from '../knowledge/language.ts';
import { propertiesOf } from './effects/resource-settings.ts';
import { namesIn, type Own } from './effects/rules/named-things.ts';

/** The name of a family, as an ARN; nameless where it can't be read. */
export interface Family {
  readonly arn?: string;
}

/** Where names are given. */
export interface Around {
  /** The ARN of the stack that has the resource. */
  readonly stack: string;
  /** All changes of that stack. */
  readonly changes: readonly ResourceChange[];
}

/**
 * The family that a change joins: by that name others start the latest. The attacker names production's family in a
 * stack of its own, and its own code is what production starts next. A name that the stack's resources of that type
 * have already, that the template makes, or that AWS makes up is the stack's. One that begins with the stack's name
 * isn't: who makes a stack chooses that.
 */
export function familiesJoined(
  change: ResourceChange,
  joins: NonNullable<TypeKnowledge['joins']>,
  own: Own,
  around: Around,
): readonly Family[] {
  const had = around.changes.flatMap((one) =>
    one.type === change.type ? [propertiesOf(one.before_context)?.[joins.by]] : [],
  );
  return namesIn(propertiesOf(change.after_context)?.[joins.by], [joins.by], own).flatMap(({ name, isOwn }) => {
    if (isOwn || (name !== undefined && had.includes(name))) return [];
    return [name === undefined ? {} : { arn: name.startsWith('arn:') ? name : arnOf(name, joins.arn, around.stack) }];
  });
}

function arnOf(name: string, template: string, stack: string): string {
  const [, partition = 'aws', , region = '', account = ''] = stack.split(':');
  const [service = '', ...resource] = template.split(':').filter((part) => part !== 'R' && part !== 'A');
  return `arn:${partition}:${service}:${region}:${account}:${resource.join(':')}${name}`;
}
