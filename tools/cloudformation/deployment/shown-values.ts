import type { Impact } from '../../../src/kernel/plan.ts';
import type { TemplateFacts } from '../../ports/cloudformation.ts';
import type { Beside, HiddenUse } from '../../ports/hidden-uses.ts';
import { ITS_USERS, KEPT_SECRET } from '../knowledge/kept-secret.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { named } from './effects/rules/place.ts';
import type { Level } from './levels.ts';
import type { StoredDeployment } from './stored.ts';

/** A template may have a hidden value in each of its many texts. */
const SHOWN = 50;
const SOURCES = 3;
const EXPOSES = { effect: 'expose', recoverable: true } as const;
/** A use, and for a value that AWS takes somewhere, where to: in words, and as one tells it from others. */
interface Shown extends HiddenUse {
  readonly to?: { readonly words: string; readonly key: string | undefined };
}
/** Hidden parameters that the call gives. */
type Given = ReadonlySet<string>;

const ASKED = { words: 'the template of a nested stack, which may ask what it is', key: 'asked' };
const AT_ADDRESS = ', and to what is at the address it stands in';
const KEPT_DIGEST = /^hmac-sha256:/;

/**
 * Hidden values that come to be where AWS shows them to everyone who may look at the thing. The attacker is an agent
 * that may not see a password: it has a queue called by it, deploys that where nobody is asked, and reads the name.
 * What was shown there before isn't shown by this change; the same at another place is. What AWS keeps, and sends to an
 * address that stands beside it, comes to be shown by another address, too; so does what stands within an address.
 */
export function shownLines(
  level: Level,
  levels: readonly Level[],
  { parameters = {} }: StoredDeployment,
): readonly Impact[] {
  const { path, present, future } = level;
  const below = (id: string) => levels.find((one) => samePath(one.path, [...path, id]));
  const before = present ? shownIn(present, (id) => below(id)?.present) : [];
  const after = shownIn(future, (id) => below(id)?.future);
  // A condition that nobody can tell may come to hold by a hidden parameter that the call gives.
  const given: Given = new Set(Object.keys(parameters).filter((name) => KEPT_DIGEST.test(parameters[name] ?? '')));
  const mayTurn = given.size > 0;
  const known = new Set(before.filter((use) => !use.maybe).flatMap(keysOf));
  const perhaps = new Set(mayTurn ? [] : before.filter((use) => use.maybe).flatMap(keysOf));
  const isNew = (use: Shown) =>
    isMoved(use, given) || keysOf(use).some((key) => !known.has(key) && !(use.maybe && perhaps.has(key)));
  const places = new Map(after.filter(isNew).map((use) => [`${use.at} ${use.place}`, use]));
  const added = [...places.values()];
  const lines = added.slice(0, SHOWN).map((use) => lineOf(use, level));
  const left = added.length - lines.length;
  if (left === 0) return lines;
  const detail = `${[...path, 'Template'].join('/')}: shows hidden values at ${left} more places`;
  return [...lines, { ...EXPOSES, resource: 'more places', type: NESTED_STACK, detail }];
}

function samePath(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((step, at) => step === right[at]);
}

function keysOf({ at, type = '', place, sources, to, address }: Shown): readonly string[] {
  const key = to?.key ?? address ?? '';
  return (sources.length > 0 ? sources : ['?']).map((source) => JSON.stringify([at, type, place, source, key]));
}

/** Nobody can tell whether it goes where it went before. */
function isMoved({ to, address, of }: Shown, given: Given): boolean {
  if (to !== undefined) return to.key === undefined;
  const isGiven = (name: string) => given.has(name.replace(/^parameter /, ''));
  return address !== undefined && of.some(isGiven) && !of.every(isGiven);
}

/** @param below what is known of the template of a nested stack */
function shownIn(facts: TemplateFacts, below: (id: string) => TemplateFacts | undefined): readonly Shown[] {
  return facts.hidden_uses.flatMap((use): readonly Shown[] => {
    const { at, type = '', path, beside = null } = use;
    const property = path.replace(/^Properties\./, '');
    if (property === path) return [use];
    if (type === NESTED_STACK) {
      const inner = below(at.replace(/^Resources\//, ''))?.no_echo_parameters ?? [];
      const isKept = inner.some((name) => property === `Parameters.${name}`);
      // Nobody saw it while it was being asked what depends on hidden values: its stack may not have been there.
      return isKept && use.handed_out ? [{ ...use, to: ASKED }] : isKept ? [] : [use];
    }
    const kept = Object.hasOwn(KEPT_SECRET, type) ? (KEPT_SECRET[type]?.properties ?? {}) : {};
    const to = Object.hasOwn(kept, property) ? kept[property] : undefined;
    if (to === undefined) return [use];
    if (typeof to === 'string') return [{ ...use, to: { words: `whatever ${to} name`, key: ITS_USERS } }];
    const found = to.flatMap((address) => leavesAt(beside, address.split('.'), address));
    if (found.length === 0) return [];
    const words = `what stands in ${[...new Set(found.map(({ address }) => address))].join(', ')}`;
    const key = found.some(({ digest }) => digest === null) ? undefined : JSON.stringify(found);
    return [{ ...use, to: { words, key } }];
  });
}

/** What is there, or in what it is a part of where a function gives that; nothing where nothing is. */
function leavesAt(
  beside: Beside,
  [step, ...rest]: readonly string[],
  address: string,
): readonly { readonly address: string; readonly digest: string | null }[] {
  if (beside === null || typeof beside === 'string') return [{ address, digest: beside }];
  const isAll = step === undefined || step === '*';
  const members = Object.entries(beside).filter(([name]) => isAll || name === step);
  return members.flatMap(([, inner]) => leavesAt(inner, rest, address));
}

function lineOf({ at, type, place, of, to, address }: Shown, { path, resources, stack }: Level): Impact {
  const id = at.replace(/^Resources\//, '');
  const where = [...path, id].join('/');
  const physical = type === undefined ? stack.stack_id : resources.find((one) => one.logical_id === id)?.physical_id;
  const property = place.replace(/^Properties\./, '');
  const names = of.slice(0, SOURCES).map((one) => named(one));
  const more = of.length > SOURCES ? `, and ${of.length - SOURCES} more` : '';
  const what = names.length > 0 ? ` (${names.join(', ')}${more})` : '';
  const shows = to
    ? `has AWS send a hidden value${what} to ${to.words}`
    : `shows a hidden value${what} to everyone who may look at it${address ? AT_ADDRESS : ''}`;
  const detail = `${named(where)}: ${property === '' ? '' : `${named(property)} `}${shows}`;
  return { ...EXPOSES, resource: physical || where, type: type ?? NESTED_STACK, detail };
}
