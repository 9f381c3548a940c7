import type { Json } from '../../../src/kernel/digest.ts';
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
  /** The ARN of the stack that is deployed, and of the one within it that has the resource. */
  readonly root: string;
  readonly stack: string;
  /** All changes of that stack. */
  readonly changes: readonly ResourceChange[];
}

/**
 * The family that a change joins: by that name others start the latest. The attacker names production's family in a
 * stack of its own, and its own code is what production starts next. A name that the stack's resources of that type
 * have already, that the template makes, that AWS makes up, or that begins with the stack's own name is the stack's.
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
    if (isOwn || (name !== undefined && (isAmong(name, had) || isNamedAfter(name, nameOf(around.root))))) return [];
    return [name === undefined ? {} : { arn: name.startsWith('arn:') ? name : arnOf(name, joins.arn, around.stack) }];
  });
}

function isAmong(name: string, had: readonly (Json | undefined)[]): boolean {
  return had.includes(name);
}

/** CDK leaves out all but letters and digits, and ends what it makes up with eight digits of a hash. */
function isNamedAfter(name: string, stack: string): boolean {
  if (stack === '') return false;
  if (name === stack || (name.startsWith(stack) && /^[-_./]/.test(name.slice(stack.length)))) return true;
  const [plain, own] = [name, stack].map((text) => text.replace(/[^A-Za-z0-9]/g, ''));
  return own !== undefined && own !== '' && plain?.startsWith(own) === true && /[0-9A-F]{8}$/.test(name);
}

/** `arn:aws:cloudformation:region:account:stack/name/id` */
function nameOf(stack: string): string {
  return stack.split('/')[1] ?? '';
}

function arnOf(name: string, template: string, stack: string): string {
  const [, partition = 'aws', , region = '', account = ''] = stack.split(':');
  const [service = '', ...resource] = template.split(':').filter((part) => part !== 'R' && part !== 'A');
  return `arn:${partition}:${service}:${region}:${account}:${resource.join(':')}${name}`;
}
