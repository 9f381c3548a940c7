import type { MadeName } from '../../../../ports/made-names.ts';
import { THINGS, type Thing } from '../../../../ports/own-things.ts';
import type { Name } from './statements.ts';

const REGION = /:\$\{AWS::Region\}:/;
const ACCOUNT = /:\$\{AWS::AccountId\}:/;

/** Does it name something that the template makes, or what is in that, and nothing else? */
export function isOwn({ made }: Name, types?: readonly string[]): boolean {
  return made?.every((name) => namesItself(name) && (types?.includes(name.type) ?? true)) ?? false;
}

/** The same where it is the ARN of the thing itself. */
export function isOwnWhole(name: Name, type: string): boolean {
  return isOwn(name, [type]) && (name.made?.every(({ rest }) => rest === '') ?? false);
}

function namesItself({ type, attribute = 'Ref', prefix, rest }: MadeName): boolean {
  const thing = Object.hasOwn(THINGS, type) ? THINGS[type] : undefined;
  if (!thing) return false;
  // `${Bucket.Arn}*` is also every bucket whose name begins alike; `${Bucket.Arn}/*` is what is in this one.
  if (rest !== '' && (thing.within === undefined || !rest.startsWith(thing.within))) return false;
  return (prefix === '' && thing.arn.includes(attribute)) || isNamedIn(thing, attribute, prefix);
}

function isNamedIn({ named }: Thing, attribute: string, prefix: string): boolean {
  if (!named?.by.includes(attribute)) return false;
  const [, place] = /^arn:(?:aws|aws-cn|aws-us-gov|\$\{AWS::Partition\}):(.*)$/.exec(prefix) ?? [];
  return place !== undefined && named.in.includes(place.replace(REGION, ':R:').replace(ACCOUNT, ':A:'));
}
