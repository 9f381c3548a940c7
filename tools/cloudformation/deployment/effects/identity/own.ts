import { LONGEST_REST, type MadeName, UNKNOWN_PART } from '../../../../ports/made-names.ts';
import { THINGS, type Thing } from '../../../../ports/own-things.ts';
import { isUntold } from '../resource-settings.ts';
import type { Name } from './statements.ts';

const REGION = /:\$\{AWS::Region\}:/;
const ACCOUNT = /:\$\{AWS::AccountId\}:/;
/** Written out, as CDK does for a stack whose place is fixed. */
const ANY_REGION = /:[a-z]{2}(?:-[a-z]+)+-\d:/;
const ANY_ACCOUNT = /:\d{12}:/;

/** Does it name something that the template makes, or what is in that, and nothing else? */
export function isOwn({ made, text }: Name, types?: readonly string[]): boolean {
  return made?.every((name) => namesItself(name, text) && (types?.includes(name.type) ?? true)) ?? false;
}

/** The same where it is the ARN of the thing itself. */
export function isOwnWhole(name: Name, type: string): boolean {
  return isOwn(name, [type]) && (name.made?.every(({ rest }) => rest === '') ?? false);
}

/** Is all that it may name new, by the logical ids of what is? */
export function isAdded({ made }: Name, added: ReadonlySet<string>): boolean {
  return made?.every(({ logical_id }) => added.has(logical_id)) ?? false;
}

/**
 * A text for what a name stands for, whatever ARN AWS gives it: the same for one thing of the template before and after
 * a change, also where it is made new. Undefined where it isn't surely one thing: of two branches, either may hold.
 */
export function ownKey(name: Name): string | undefined {
  const [one, ...more] = name.made ?? [];
  if (!one || more.length > 0 || !isOwn(name)) return undefined;
  const { logical_id, type, attribute = 'Ref', prefix, rest } = one;
  // A part that isn't known, or was cut off, may be another one before and after.
  if (rest.includes(UNKNOWN_PART) || rest.length >= LONGEST_REST) return undefined;
  // What is within it stands last, as in its ARN. AWS's own parameters are no variables of the policy's language.
  return `{{own:${type} ${logical_id} ${attribute} ${prefix}}}${rest}`.replaceAll('${', '{');
}

/** What only the execution will tell is the same text for everything: then only what the template says counts. */
export function isSame(name: Name, other: Name): boolean {
  if (name.text === other.text && !isUntold(name.text)) return true;
  const key = ownKey(name);
  return key !== undefined && key === ownKey(other);
}

/** As AWS makes up a name; one that was imported with its function isn't in the template, and may be short. */
const MADE_UP = /-[0-9A-Za-z]{12}\*$/;

function namesItself({ type, attribute = 'Ref', prefix, rest, named_by_aws }: MadeName, text: string): boolean {
  const thing = Object.hasOwn(THINGS, type) ? THINGS[type] : undefined;
  if (!thing) return false;
  // `${Bucket.Arn}*` is also every bucket whose name begins alike; `${Bucket.Arn}/*` is what is in this one. Of a
  // function whose name AWS makes up it is the function, its versions and aliases: SAM's LambdaInvokePolicy.
  const isWithin = rest === '' || (thing.within !== undefined && rest.startsWith(thing.within));
  const isMadeUp = rest === '*' && named_by_aws === true && (isUntold(text) || MADE_UP.test(text));
  if (!isWithin && !isMadeUp) return false;
  return (prefix === '' && thing.arn.includes(attribute)) || isNamedIn(thing, attribute, prefix);
}

function isNamedIn({ named }: Thing, attribute: string, prefix: string): boolean {
  if (!named?.by.includes(attribute)) return false;
  const [, place] = /^arn:(?:aws|aws-cn|aws-us-gov|\$\{AWS::Partition\}):(.*)$/.exec(prefix) ?? [];
  const own = place?.replace(REGION, ':R:').replace(ACCOUNT, ':A:');
  return (
    own !== undefined &&
    named.in.includes(named.unique ? own.replace(ANY_REGION, ':R:').replace(ANY_ACCOUNT, ':A:') : own)
  );
}
