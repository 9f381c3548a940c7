import { carriesMask, isMasked } from '../../../tools/ports/masks.ts';
import { namesSecret } from '../../../tools/ports/secret-name.ts';
import { mayPutIn, namesPutIn } from '../../../tools/ports/substitution.ts';
import { type Json, stableJson } from '../../kernel/digest.ts';
import { isRecord, parseTemplate, record, STORED_BYTES } from './document.ts';
import { redactTemplate } from './redaction.ts';

/*
 * Where a template puts a value that is hidden. The attacker is an agent that may not see it, and deploys a template in
 * which an innocent property takes it: AWS writes the value out while the change is only being planned, as whatever the
 * functions around it make of it. So what counts is where the template says that the value goes, never whether a text
 * looks like it: who can write a text and see whether it gets hidden can guess.
 */

/** All of it, or some of its members; of a list, with how many items it has. */
export type HiddenPlace = true | { readonly length?: number; readonly members: ReadonlyMap<string, HiddenPlace> };

/** What of a change set's texts comes from values that are hidden, before the change and after it. */
export interface HiddenInChanges {
  readonly before: HiddenPlaces;
  readonly after: HiddenPlaces;
}

export interface HiddenPlaces {
  /** Where hidden values go in a resource; all of it where its template can't be read. */
  place(logicalId: string): HiddenPlace | undefined;
}

/** Attributes that say where a thing is, and repeat of what it was given at most its name. */
const WHERE = /(Arn|ARN|Id|Address|Port|HostedZoneId|DNSName|DomainName)$/;
const NAMING = /(Name|Identifier|Id)$/;
/** One that hands a value on more often is written to be slow: then all of it is hidden. */
const ROUNDS = 30;
const NESTED_STACK = 'AWS::CloudFormation::Stack';

/**
 * By logical id, where in a resource (`Properties`, `Metadata`, …) hidden values go.
 * @param isHidden a parameter, by its name
 * @throws invalid_input
 */
export function hiddenPlaces(text: string, isHidden: (parameter: string) => boolean): ReadonlyMap<string, HiddenPlace> {
  const template = parseTemplate(text, STORED_BYTES);
  const resources = record(template.Resources);
  const hidden = new Set(Object.keys(record(template.Parameters)).filter(isHidden));
  const mappings = hiddenMappings(text);
  let places: ReadonlyMap<string, HiddenPlace> = new Map();
  // What takes a value from a resource that was given it is another round.
  for (let [before, round] = [-1, 0]; before !== sizeOf(places); round += 1) {
    if (round === ROUNDS) return new Map(Object.keys(resources).map((id) => [id, true]));
    before = sizeOf(places);
    const around = { resources, hidden, mappings, places };
    places = new Map(
      Object.entries(resources).flatMap(([id, resource]) => {
        const place = placeIn(resource, around);
        return place === undefined ? [] : [[id, place] as const];
      }),
    );
  }
  return places;
}

/** Has it resources that macros, loops or modules make, which only the processed template has? */
export function isExpanded(text: string): boolean {
  return /"(Fn::)?Transform"|"Fn::ForEach|::MODULE"/.test(JSON.stringify(parseTemplate(text, STORED_BYTES)));
}

/** What of a place is hidden, steps further in; of what is hidden as a whole, all. */
export function placeAt(place: HiddenPlace | undefined, steps: readonly string[]): HiddenPlace | undefined {
  return steps.reduce<HiddenPlace | undefined>((at, step) => (at === true ? at : at?.members.get(step)), place);
}

interface Around {
  readonly resources: Readonly<Record<string, unknown>>;
  readonly hidden: ReadonlySet<string>;
  readonly mappings: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, HiddenPlace>;
}

function sizeOf(places: ReadonlyMap<string, HiddenPlace>): number {
  const size = (place: HiddenPlace): number =>
    place === true ? 1 : [...place.members.values()].reduce((sum, one) => sum + size(one), 0);
  return [...places.values()].reduce((sum, one) => sum + size(one), 0);
}

function placeIn(value: unknown, around: Around): HiddenPlace | undefined {
  if (typeof value === 'string') return takes(value, around) ? true : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (isFunction(value)) return takes(value, around) ? true : undefined;
  const members = new Map(
    Object.entries(value).flatMap(([key, inner]) => {
      const place = takes(key, around) ? true : placeIn(inner, around);
      return place === undefined ? [] : [[key, place] as const];
    }),
  );
  if (members.size === 0) return undefined;
  if (!Array.isArray(value)) return { members };
  // A function may be no item or several, and then what is at which number isn't known.
  return value.some(isFunction) ? true : { length: value.length, members };
}

function isFunction(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** Does anything in it take a hidden value, however? */
function takes(value: unknown, around: Around): boolean {
  if (typeof value === 'string') return namesPutIn(value).some((name) => takesNamed(name.split('.'), around));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => takesBy(key, inner, around) || takes(inner, around));
}

function takesBy(name: string, given: unknown, around: Around): boolean {
  if (name === 'Ref')
    return typeof given === 'string' && !mayPutIn(given) ? takesNamed([given], around) : around.hidden.size > 0;
  if (name === 'Fn::GetAtt') {
    const steps = typeof given === 'string' ? given.split('.') : [given].flat();
    const known = steps.every((step) => typeof step === 'string');
    return known
      ? takesNamed(
          steps.flatMap((step) => String(step).split('.')),
          around,
        )
      : around.places.size > 0;
  }
  if (name === 'Fn::FindInMap') {
    const [map, , key] = [given].flat();
    const known = typeof map === 'string' && typeof key === 'string';
    return known ? around.mappings.has(`${map}/${key}`) : around.mappings.size > 0;
  }
  return (name === 'Fn::ImportValue' && namesSecret(stableJson(given as Json))) || takes(name, around);
}

/** `Parameter`, `Resource` or `Resource.Attribute`. */
function takesNamed([id = '', ...attribute]: readonly string[], around: Around): boolean {
  if (around.hidden.has(id)) return true;
  const resource = Object.hasOwn(around.resources, id) ? record(around.resources[id]) : {};
  const type = String(resource.Type ?? '');
  if (type === NESTED_STACK && attribute[0] === 'Outputs' && namesSecret(attribute[1] ?? '')) return true;
  const place = placeAt(around.places.get(id), ['Properties']);
  if (place === undefined) return false;
  const given = place === true ? [] : [...place.members.keys()];
  const named = place === true || given.some((one) => NAMING.test(one));
  if (attribute.length === 0) return named;
  if (!type.startsWith('AWS::') || type === NESTED_STACK) return true;
  return WHERE.test(attribute.join('.')) && !given.includes(attribute[0] ?? '') ? named : true;
}

/** `Mapping/Key` of what is hidden where it is written. */
function hiddenMappings(text: string): ReadonlySet<string> {
  const { Mappings } = parseTemplate(redactTemplate(text, '').text, STORED_BYTES);
  return new Set(
    Object.entries(record(Mappings)).flatMap(([map, rows]) =>
      Object.values(record(rows)).flatMap((row) =>
        Object.entries(record(row)).flatMap(([key, value]) => (carriesMask(value) ? [`${map}/${key}`] : [])),
      ),
    ),
  );
}

/** A value without what is hidden of it. @param by gives what is in place of a part, and of what it was before */
export function withoutHidden(
  value: Json,
  place: HiddenPlace | undefined,
  by: (part: Json, was: Json | undefined) => string,
  was?: Json,
): Json {
  if (place === undefined || (typeof value === 'string' && isMasked(value))) return value;
  const fits =
    place !== true &&
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) ? value.length === place.length : place.length === undefined);
  if (!fits) return by(value, was);
  const inner = (one: Json, key: string) => withoutHidden(one, place.members.get(key), by, memberOf(was, key));
  if (Array.isArray(value)) return value.map((one: Json, at) => inner(one, String(at)));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one as Json, key)]));
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as { readonly [name: string]: Json | undefined })[key];
}
