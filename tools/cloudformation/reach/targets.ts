import { sha256, stableJson } from '../../../src/kernel/digest.ts';
import {
  type Environment,
  type EnvironmentRules,
  environmentOf,
  isKnown,
  subjectsOf,
} from '../../../src/kernel/environment.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Caller, Readers } from '../../define.ts';
import type { Stack } from '../../ports/cloudformation.ts';
import type { FoundThing, NamedThing } from '../../ports/ownership.ts';
import { isPick } from '../deployment/effects/rules/acts.ts';
import type { Reached } from '../deployment/reached.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { isKnownByItself } from './known-by-themselves.ts';
import { typeNamedAt } from './types.ts';

/** What a plan touches beside its stack. */
export interface Reach {
  readonly targets: readonly Target[];
  /** What people are told of it, by the path of the resource (`Outer/LogicalId`) that reaches it. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  /** Paths of resources that run code of which nobody can tell who may change it. */
  readonly exposed: ReadonlySet<string>;
}

/** A plan names no more than this one by one; the rest counts as one thing of which nobody can tell whose it is. */
const MOST_TARGETS = 200;
const SHOWN_NAME = 160;
/** The whole of one, which no stack has. */
const ACCOUNT = 'AWS::::Account';

/**
 * Whose the things are that a plan acts on or acts as, and what it changes of its own stack by tags of its own: an
 * agent's stack has an agent's name, and may act on production's listener, or have an instance that people tagged as
 * production's.
 * @param mine what the plan changes, replaces or removes in its own stack
 * @param rules what the configuration says of things elsewhere
 */
export async function reachOf(
  reached: readonly Reached[],
  mine: readonly NamedThing[],
  stack: Pick<Stack, 'stack_id' | 'stack_name' | 'tags'>,
  readers: Readers,
  rules: EnvironmentRules,
): Promise<Reach> {
  const asked = askedOf(reached, readers.caller);
  const named = asked.filter((one) => one.name !== undefined);
  const { things, mine: own } = await readers.ownership.find(
    named.map(thingNamed),
    mine.filter(({ type }) => type !== NESTED_STACK),
  );
  const found = new Map(named.map((one, at): [Reached, FoundThing | undefined] => [one, things[at]]));
  const targets = [
    ...ownTargets(
      mine.filter(({ type }) => type !== NESTED_STACK),
      own,
      stack,
    ),
    ...asked.flatMap((one) => targetsOf(one, found.get(one), stack)),
  ];
  const isTold = (target: Target) => isKnown(rules.known, target, placeOf(stack).account);
  const notes = new Map<string, string[]>();
  for (const one of asked) {
    const those = targetsOf(one, found.get(one), stack);
    const counts = environmentOf(rules, subjectsOf({ ...placeOf(stack), targets: those }));
    const note = noteOn(one, found.get(one), stack, those.every(isTold) || counts);
    const place = one.path.split('.')[0] ?? '';
    if (note !== undefined) notes.set(place, [...new Set([...(notes.get(place) ?? []), note])]);
  }
  const exposed = asked.filter(
    (one) => one.how === 'runs code from' && !targetsOf(one, found.get(one), stack).every(isTold),
  );
  return { targets: fewOf(targets), notes, exposed: new Set(exposed.map(({ path }) => path.split('.')[0] ?? '')) };
}

/** Of its own ARN, as every planned stack has one. */
function placeOf({ stack_id }: Pick<Stack, 'stack_id'>) {
  const [, , , region = '', account = ''] = stack_id.split(':');
  return { region, account };
}

/** What is reached without what is known by itself. */
export function askedOf(reached: readonly Reached[], caller: Caller): readonly Reached[] {
  return reached.filter((one) => one.name === undefined || !isKnownByItself(thingNamed(one), one.by, caller));
}

export function thingNamed({ name = '', type, path, by }: Reached): NamedThing {
  return { name, type: type ?? typeNamedAt(by, path) };
}

/** What is changed of the own stack by tags that the stack hasn't. */
function ownTargets(
  mine: readonly NamedThing[],
  tags: readonly (Readonly<Record<string, string>> | undefined)[],
  { stack_name, tags: ofStack }: Pick<Stack, 'stack_name' | 'tags'>,
): readonly Target[] {
  const about = (id: string, type: string) => ({ id, type, name: id, stack_name });
  const untold = mine.filter((_, at) => tags[at] === undefined).length;
  const tagged = mine.flatMap(({ name, type = 'unknown' }, at): readonly Target[] => {
    const own = tags[at] ?? {};
    const differs = Object.entries(own).some(([key, value]) => ofStack[key] !== value);
    return differs ? [{ ...about(name, type), tags: { ...ofStack, ...own } }] : [];
  });
  const unread = `${untold} resources of ${stack_name} whose tags can't be read`;
  const first = [...new Map(tagged.map((target) => [stableJson(target.tags), target])).values()];
  return untold > 0 ? [...first, { ...about(unread, 'unknown'), tags: {}, owner: 'unknown' }] : first;
}

/** @param stack the one that reaches it: what is its own is no target more */
export function targetsOf(
  { name, path, how, type }: Reached,
  found: FoundThing | undefined,
  stack: Pick<Stack, 'stack_id' | 'tags'>,
): readonly Target[] {
  if (name === undefined || !found) {
    const id = `something that can't be read at ${bounded(path, SHOWN_NAME, sha256)}`;
    return [{ id, type: type ?? 'unknown', name: id, tags: {}, reached: how, owner: 'unknown', nameless: true }];
  }
  const about = {
    id: bounded(found.id || '(no name)', 2_048, sha256),
    type: found.type ?? 'unknown',
    name: bounded(found.name || '(no name)', 2_048, sha256),
    reached: how,
    ...(found.account && { account: found.account }),
    ...(found.region && { region: found.region }),
  };
  if (found.owners.length === 0) return [{ ...about, tags: {}, owner: 'unknown' }];
  // It is of this account. To run what production runs does nothing to production.
  if (how === 'runs code from') return [];
  return found.owners
    .filter((owner) => owner.stack?.id !== stack.stack_id || stableJson(owner.tags) !== stableJson(stack.tags))
    .map((owner) => ({ ...about, tags: owner.tags, ...(owner.stack && { stack_name: owner.stack.name }) }));
}

/** In our own words, with names of which only what names are made of is shown: an agent may have written them. */
function noteOn(
  { name, path, how }: Reached,
  found: FoundThing | undefined,
  stack: Pick<Stack, 'stack_id'>,
  counts: true | Environment,
): string | undefined {
  if (name === undefined || !found)
    return `${how} something that can't be read (${plain(path)}): nobody can tell whose`;
  const [owner] = found.owners;
  const id = plain(found.id);
  if (owner && how === 'runs code from') return undefined;
  if (owner?.stack?.id === stack.stack_id) return undefined;
  if (owner?.stack) return `${how} ${id}, which is of stack ${plain(owner.stack.name)} (told by ${owner.found_by})`;
  if (owner) return `${how} ${id}, which is in no stack (told by ${owner.found_by})`;
  const whole = found.type === ACCOUNT;
  if (counts === true) return `${how} ${id}; whose it is, known: in the configuration says`;
  const what = whole
    ? `all of account ${id}`
    : `${isPick(path.split('.')) ? `what ${id} picks out` : id}, and nobody can tell whose it is (${plainWords(found.unknown_because ?? '')})`;
  const account = whole ? 'that account' : 'its account';
  const as =
    counts === 'production'
      ? `production, unless your rules place all of ${account} elsewhere`
      : `${counts}, the strictest in which your rules place anything of ${account}`;
  return `${how} ${what}: it counts as ${as}; to settle it, under known: in the configuration: { id: "${id}", environment: … }`;
}

/** What names are made of; everything else is a question mark. */
export function plain(text: string): string {
  return bounded(text.replace(/[^\w.:/@+=,*$-]/g, '?'), SHOWN_NAME, sha256);
}

export function plainWords(text: string): string {
  return bounded(text.replace(/[^\w.:/@+=,*…' -]/g, '?'), SHOWN_NAME, sha256);
}

function fewOf(all: readonly Target[]): readonly Target[] {
  const once = [...new Map(all.map((target) => [stableJson({ ...target }), target])).values()];
  once.sort((a, b) => (stableJson({ ...a }) < stableJson({ ...b }) ? -1 : 1));
  if (once.length <= MOST_TARGETS) return once;
  const rest = `${once.length - MOST_TARGETS} more things that it acts on`;
  const about = { id: rest, type: 'unknown', name: rest, tags: {} };
  const more: Target = { ...about, reached: 'acts on', owner: 'unknown', nameless: true };
  return [...once.slice(0, MOST_TARGETS), more];
}
