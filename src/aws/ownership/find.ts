import type { Found, FoundThing, NamedThing, Owner } from '../../../tools/ports/ownership.ts';
import type { Session } from '../../../tools/ports/service.ts';
import { tagsOf } from '../tags.ts';
import { boundedRequests, each, Untold } from './requests.ts';
import { type OwningStack, type Stacks, stacksFor } from './stacks.ts';
import { readTags, type TagsByThing } from './tags.ts';
import { type Here, type Thing, thingOf } from './thing.ts';

/** Only AWS can write it: `aws:` keys are refused to everyone else. */
const STACK_ID = 'aws:cloudformation:stack-id';

/** What `Ownership` says. Loaded when a plan first reaches something. */
export async function findOwners(
  named: readonly NamedThing[],
  mine: readonly NamedThing[],
  session: Session,
  here: Here,
  most?: number,
): Promise<Found> {
  const requests = boundedRequests(most);
  const stacks = stacksFor(session, here, requests);
  const [things, own] = [named.map((one) => thingOf(one, here)), mine.map((one) => thingOf(one, here))];
  const once = [...new Map([...own, ...things].filter(isHere).map((thing) => [keyOf(thing), thing])).values()];
  // In one order whatever the template's, so that two plans of the same ask for the same.
  once.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const tags = await readTags(once, session, requests);
  const byKey = new Map(once.map((thing) => [keyOf(thing), tags.get(thing)]));
  const asked = once.filter((thing) => things.some((one) => keyOf(one) === keyOf(thing)));
  const found = await each(asked, async (thing) => await ownersOf(thing, tags, stacks));
  const owners = new Map(asked.map((thing, at) => [keyOf(thing), found[at] ?? []]));
  return {
    things: things.map((thing) => foundThing(thing, owners.get(keyOf(thing)))),
    mine: own.map((thing) => {
      const told = byKey.get(keyOf(thing));
      return told instanceof Untold ? undefined : withoutAws(told);
    }),
  };
}

function isHere({ account, region }: Thing): boolean {
  return account === undefined && region === undefined;
}

function keyOf({ id, kind, type }: Thing): string {
  return `${id} ${kind ? '' : type}`;
}

type Owners = readonly Owner[] | string;

/** Who owns it, or why nobody can tell. What one source says doesn't stand where another one failed. */
async function ownersOf(thing: Thing, tags: TagsByThing, stacks: Stacks): Promise<Owners> {
  const own = tags.get(thing);
  if (own instanceof Untold) return own.why;
  const tagged = thing.arn?.includes(':cloudformation:') ? thing.arn : own?.find(({ Key }) => Key === STACK_ID)?.Value;
  if (tagged !== undefined && !stacks.here(tagged)) return 'its stack is in another region or account';
  const byTag = tagged === undefined ? undefined : await stacks.live(tagged);
  if (byTag instanceof Untold) return byTag.why;
  if (byTag) return recordsOf('its own tag', byTag, own && withoutAws(own));
  const having = await stacks.having(thing);
  if (having instanceof Untold) return having.why;
  if (having) return recordsOf('the stack that has it', having, own && withoutAws(own));
  // A thing of a kind that isn't known may be in a stack that can't be found.
  if (own === undefined) return 'no stack has it, and AWS tells no tags of it';
  if (thing.types.length === 0 && thing.kind?.tags !== 'ec2') return 'no stack is known to have it';
  return [{ found_by: 'its tags', tags: withoutAws(own) }];
}

function recordsOf(
  found_by: Owner['found_by'],
  { id, name, tags }: OwningStack,
  own: Owner['tags'] | undefined,
): readonly Owner[] {
  const of = (given: Owner['tags']): Owner => ({ found_by, stack: { id, name }, tags: given });
  const same = own && JSON.stringify(Object.entries(own).sort()) === JSON.stringify(Object.entries(tags).sort());
  return own && !same ? [of(own), of(tags)] : [of(tags)];
}

function withoutAws(tags: Parameters<typeof tagsOf>[0]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tagsOf(tags)).filter(([key]) => !/^aws:/i.test(key)));
}

function foundThing(thing: Thing, owners: Owners | undefined): FoundThing {
  const { id, name, type, account, region } = thing;
  const where = { ...(account && { account }), ...(region && { region }) };
  const about = { id, name, type, ...where };
  if (owners === undefined) return { ...about, owners: [], unknown_because: 'it is not in this account and region' };
  if (typeof owners === 'string') return { ...about, ...nowhere(thing), owners: [], unknown_because: owners };
  return { ...about, ...(owners.every(({ stack }) => !stack) && isGlobal(thing) && { region: 'unknown' }), owners };
}

/** IAM's are in all regions; only the stack that made one says in which it belongs. */
function isGlobal({ type }: Thing): boolean {
  return type?.startsWith('AWS::IAM::') ?? false;
}

/** An ARN without an account (a bucket's) or a region (a role's) leaves open where the thing is, until it is found. */
function nowhere(thing: Thing): { readonly account?: string; readonly region?: string } {
  const { arn } = thing;
  if (arn === undefined) return isGlobal(thing) ? { region: 'unknown' } : {};
  const [, , , region, account] = arn.split(':');
  return { ...(account === '' && { account: 'unknown' }), ...(region === '' && { region: 'unknown' }) };
}
