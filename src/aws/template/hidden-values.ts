import { carriesMask } from '../../../tools/ports/masks.ts';
import { namesSecret } from '../../../tools/ports/secret-name.ts';
import { mayPutIn, namesPutIn } from '../../../tools/ports/substitution.ts';
import type { Given } from '../../../tools/ports/written.ts';
import { isRecord, parseTemplate, record, STORED_BYTES } from './document.ts';
import { functionKind } from './functions.ts';
import { type Flow, flowOf, isNestedOutput, tells, tellsOfItself } from './hidden-attributes.ts';
import { literalIn } from './hidden-literals.ts';
import { type HiddenPlace, isFunction, placeAt } from './hidden-places.ts';
import { identifiersIn, mayMakeFunctions, sectionLoops, writtenOut } from './loops.ts';
import { redactTemplate } from './redaction.ts';
import { type Workings, workingsOf } from './worked-out.ts';

/*
 * Where a hidden value may be in a template: the one answer for what is hidden in plans and outputs, for what may be
 * asked while a change is being planned, and for what shows it. The attacker is an agent that may not see the value,
 * and deploys a template in which something innocent takes it, through attributes, texts, mappings or other stacks. So
 * what counts is where the template says that the value goes, never whether a text looks like it: who can write a text
 * and see whether it gets hidden can guess.
 */

/** What is hidden to begin with. */
export interface Hidden {
  isHidden(parameter: string): boolean;
  /** Those that a template hides where they stand. Its author knows what they are; one that gets masks doesn't. */
  readonly literals: boolean;
  /** With what names are worked out. */
  readonly given: Given;
}

export interface HiddenValues {
  readonly template: Readonly<Record<string, unknown>>;
  /** By logical id, where in a resource (`Properties`, `Metadata`, …) hidden values are. */
  readonly places: ReadonlyMap<string, HiddenPlace>;
  /** The same without those that are literals in their own place, which is hidden by its name or their form. */
  readonly taken: ReadonlyMap<string, HiddenPlace>;
  readonly workings: Workings;
  readonly given: Given;
  /** May the value have anything of a hidden one that it takes from elsewhere? */
  takes(value: unknown): boolean;
  /** A parameter, a resource or `Resource.Attribute`, by its steps. */
  takesNamed(steps: readonly string[]): boolean;
  isHiddenParameter(name: string): boolean;
}

/** One that hands a value on more often is written to be slow: then all of it is hidden. */
const ROUNDS = 30;

/** @throws invalid_input */
export function hiddenValues(text: string, { isHidden, literals, given }: Hidden): HiddenValues {
  const original = parseTemplate(text, STORED_BYTES);
  const parameters = new Set(Object.keys(record(original.Parameters)).filter(isHidden));
  const out = (from: Readonly<Record<string, unknown>>) => writtenOut(from, itemsOf);
  const template = out(original);
  const shown = out(parseTemplate(redactTemplate(text, '').text, STORED_BYTES));
  const resources = record(template.Resources);
  const shownResources = record(shown.Resources);
  const mappings = literals ? hiddenIn(shown.Mappings) : new Set<string>();
  const workings = workingsOf(template, given);
  const imports = new Map<unknown, boolean>();
  let places: ReadonlyMap<string, HiddenPlace> = new Map();
  let flows: ReadonlyMap<string, Flow | undefined> = new Map();
  const isLooped = identifiersIn(template) !== undefined;
  const ofSections = sectionLoops(template);
  let isAnywhere = false;

  /** Of a loop, where it goes over a list that is a parameter which everybody sees. */
  function itemsOf(collection: unknown): unknown {
    const { Ref: name, ...more } = record(collection);
    if (typeof name !== 'string' || parameters.has(name) || Object.keys(more).length > 0) return undefined;
    return workingsOf({ Parameters: original.Parameters }, given).value({ Ref: name });
  }

  function takes(value: unknown): boolean {
    // Put together, it may be an attribute that tells a secret of its own, too.
    if (typeof value === 'string')
      return namesPutIn(value)?.some((name) => takesNamed(name.split('.'))) ?? (isAnywhere || isLooped);
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, inner]) => takesBy(key, inner) || takes(inner));
  }

  function takesBy(name: string, argument: unknown): boolean {
    if (name === 'Ref')
      return typeof argument === 'string' && !mayPutIn(argument) ? takesNamed([argument]) : isAnywhere;
    if (name === 'Fn::GetAtt') {
      const [id, ...attribute] = [argument].flat().map((step) => (isPlain(step) ? step : workings.value(step)));
      if (!attribute.every((step) => typeof step === 'string')) return true;
      const steps = attribute.flatMap((step) => step.split('.'));
      if (typeof id === 'string') return takesNamed([...id.split('.'), ...steps]);
      return isAnywhere || tellsOfItself(steps) || steps[0] === 'Outputs';
    }
    if (name === 'Fn::FindInMap') {
      const [map, , key] = [argument].flat().map((step) => workings.value(step));
      const known = typeof map === 'string' && typeof key === 'string';
      return known ? mappings.has(`${map}/${key}`) : mappings.size > 0;
    }
    // One that couldn't be written out: what it puts together may be any name.
    if (functionKind(name) === 'loop' && (isAnywhere || mappings.size > 0 || mayMakeFunctions(madeIn(argument))))
      return true;
    // Any output of any stack, which nobody here has looked at; and what isn't known may bring in anything.
    if (name === 'Fn::GetStackOutput' || functionKind(name) === 'unknown') return true;
    return (name === 'Fn::ImportValue' && isSecretExport(argument)) || takes(name);
  }

  function takesNamed([id = '', ...attribute]: readonly string[]): boolean {
    if (parameters.has(id)) return true;
    if (!Object.hasOwn(resources, id)) return false;
    const { Type = '' } = record(resources[id]);
    if (isNestedOutput(Type, attribute) && given.open_outputs?.has([id, ...attribute].join('.')) !== true) return true;
    return tells(String(Type), attribute, flows.get(id));
  }

  /** Of a loop that makes parts of a section, the names of those are no functions. */
  function madeIn(loop: unknown): unknown {
    const [, , body] = ofSections.has(loop) ? [loop].flat() : [];
    if (!isRecord(body)) return loop;
    return Object.entries(body).map(([key, inner]) => (functionKind(key) === 'loop' ? madeIn(inner) : inner));
  }

  /** What another stack exports, unless it is known that everyone may see it; under a telling name always. */
  function isSecretExport(name: unknown): boolean {
    const known = imports.get(name);
    if (known !== undefined) return known;
    const text = workings.value(name);
    const found = typeof text !== 'string' || namesSecret(text) || given.open_exports?.has(text) !== true;
    imports.set(name, found);
    return found;
  }

  /** @param beside the same of the template in which hidden literals are masks; absent: no literal counts */
  function placeIn(value: unknown, beside?: { readonly shown: unknown }): HiddenPlace | undefined {
    if (typeof value !== 'object' || value === null || isFunction(value))
      return (beside && literalIn(value, beside.shown)) || takes(value) ? true : undefined;
    const members = new Map(
      Object.entries(value).flatMap(([key, inner]) => {
        const place = takes(key) ? true : placeIn(inner, beside && { shown: memberOf(beside.shown, key) });
        return place === undefined ? [] : [[key, place] as const];
      }),
    );
    if (members.size === 0) return undefined;
    if (!Array.isArray(value)) return { members };
    // A function may be no item or several, and then what is at which number isn't known.
    return value.some(isFunction) ? true : { length: value.length, members };
  }

  const placesBy = (find: (resource: unknown, id: string) => HiddenPlace | undefined) =>
    new Map(
      Object.entries(resources).flatMap(([id, resource]) => {
        const place = find(resource, id);
        return place === undefined ? [] : [[id, place] as const];
      }),
    );
  // What takes a value from a resource that was given it is another round.
  for (let [before, round] = [-1, 0]; before !== sizeOf(places); round += 1) {
    before = sizeOf(places);
    places = placesBy((resource, id) => {
      if (round === ROUNDS) return true;
      return placeIn(resource, literals ? { shown: memberOf(shownResources, id) } : undefined);
    });
    flows = new Map([...places].map(([id, place]) => [id, flowOf(placeAt(place, ['Properties']))]));
    isAnywhere = parameters.size > 0 || places.size > 0;
    if (round === ROUNDS) return { ...known(), taken: places };
  }
  return { ...known(), taken: placesBy((resource) => placeIn(resource)) };

  function known() {
    const isHiddenParameter = (name: string) => parameters.has(name);
    return { template, places, workings, given, takes, takesNamed, isHiddenParameter };
  }
}

/** Is it a name as it stands, of which nothing is put in? */
function isPlain(step: unknown): step is string {
  return typeof step === 'string' && !mayPutIn(step);
}

function sizeOf(places: ReadonlyMap<string, HiddenPlace>): number {
  const size = (place: HiddenPlace): number =>
    place === true ? 1 : [...place.members.values()].reduce((sum, one) => sum + size(one), 0);
  return [...places.values()].reduce((sum, one) => sum + size(one), 0);
}

/** `Mapping/Key` of what is hidden where it is written. */
function hiddenIn(mappings: unknown): ReadonlySet<string> {
  return new Set(
    Object.entries(record(mappings)).flatMap(([map, rows]) =>
      Object.values(record(rows)).flatMap((row) =>
        Object.entries(record(row)).flatMap(([key, value]) => (carriesMask(value) ? [`${map}/${key}`] : [])),
      ),
    ),
  );
}

function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
