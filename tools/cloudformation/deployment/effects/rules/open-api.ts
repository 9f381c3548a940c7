import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { carriesMask } from '../../../../ports/masks.ts';
import { definitionRules, operationRules, pathRules } from '../../../knowledge/apigateway/definition.ts';
import type { Rules } from '../../../knowledge/language.ts';
import type { Finding } from '../finding.ts';
import { isSettings, isUntold, member, same } from '../resource-settings.ts';
import { actsByLook } from './acts.ts';
import { labelOf, type Place, say, sayVerdict, within } from './place.ts';
import { entriesIn, isUnreadable, membersIn } from './reading.ts';
import { fresh, type Judge } from './structures.ts';
import { type Answers, stepsOf, takesFrom } from './taken-calls.ts';

interface Operation extends Answers {
  /** Where it stands, and all that it says. */
  readonly steps: readonly string[];
  readonly value: Json;
  /** By what callers are known, as text; all that decides of it. Undefined where only the execution tells a part. */
  readonly security: string | undefined;
  readonly isOpen: boolean;
  /** Each set of schemes that is enough to call, with what they are. */
  readonly asks: readonly ReadonlySet<string>[];
}

type Operations = ReadonlyMap<string, Operation>;

/** Of two definitions with more operations not all can be held against each other. AWS takes some hundred. */
const MOST_PAIRS = 1_000_000;

/** Members of a path that aren't operations: https://spec.openapis.org/oas/v3.0.3#path-item-object */
const NO_OPERATIONS = /^(summary|description|servers|parameters|x-(?!amazon-apigateway-any-method$).*)$/;
/** What others than API Gateway read. */
const OF_OTHERS = /^x-(?!amazon-)/;

/**
 * An OpenAPI definition: which operations there are, who may call them, and what is done with their calls, each judged
 * as where a resource says it. What it leads to is acted on.
 */
export function openApi(
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
  judge: Judge,
): readonly Finding[] {
  const label = labelOf(place);
  if (same(before, after)) return [];
  const reached = actsByLook(before, after, place);
  const [was, is] = [operationsIn(before), operationsIn(after)];
  if (!was || !is || was.size * is.size > MOST_PAIRS)
    return [
      ...say(place, 'expose', `${label} can't be read here, so that it may let anybody in`),
      ...say(place, 'disrupt', `${label} can't be read here, so that operations may be gone`),
      ...reached,
    ];
  const changed = [...is].map(([name, now]) => ({
    now,
    isNew: !was.has(name),
    olds: answeredBefore(name, now, was, is, place),
  }));
  const opened = changed.filter(({ now, isNew, olds }) => (isNew && now.isOpen) || olds.some((old) => opens(old, now)));
  const closed = changed.filter(({ now, olds }) =>
    olds.some((old) => old.security !== now.security && !opens(old, now)),
  );
  const lost = [...was.keys()].filter((name) => !is.has(name));
  const count = (list: readonly unknown[]) => `${list.length} ${list.length === 1 ? 'operation' : 'operations'}`;
  const isFirst = before === undefined && !place.resource.isNew;
  return [
    ...(isFirst ? say(place, 'expose', `${label} answers from now on what something else may have answered`) : []),
    ...(opened.length > 0 ? say(place, 'expose', `${label} lets others call ${count(opened)}`) : []),
    ...(closed.length > 0 ? say(place, 'disrupt', `${label} may turn away callers of ${count(closed)}`) : []),
    ...(lost.length > 0 ? say(place, 'disrupt', `${label} has ${count(lost)} less`) : []),
    ...documents(before, after, { was, is }, place, judge),
    ...reached,
  ];
}

/**
 * What answered the calls of an operation till now: itself; of a new one those from which it takes some; and of those
 * that are gone each whose calls are left to it.
 */
function answeredBefore(name: string, now: Operation, was: Operations, is: Operations, place: Place) {
  const old = was.get(name);
  const gone = [...was].filter(([one, other]) => !is.has(one) && takesFrom(other, now, isRest(place)));
  return [...(old ? [old] : takenBy(now, was, place)), ...gone.map(([, other]) => other)];
}

function takenBy(now: Operation, was: Operations, place: Place): readonly Operation[] {
  return [...was.values()].filter((other) => takesFrom(now, other, isRest(place)));
}

function isRest({ resource }: Place): boolean {
  return resource.type === 'AWS::ApiGateway::RestApi';
}

/**
 * Does it let in anyone that it didn't? Where callers were asked who they are, by anything else than before. Where they
 * weren't, a key may have been asked for: by any way in that asks for less.
 */
function opens(old: Operation, now: Operation): boolean {
  if (now.security !== undefined && old.security === now.security) return false;
  if (!old.isOpen) return true;
  return now.asks.some((asked) => !old.asks.some((before) => [...before].every((one) => asked.has(one))));
}

/** What else it says, all of it: the whole, each path, each operation. */
function documents(
  before: Json | undefined,
  after: Json | undefined,
  { was, is }: { readonly was: Operations; readonly is: Operations },
  place: Place,
  judge: Judge,
): readonly Finding[] {
  const checks = [before, after].some(
    (one) => membersIn(one)?.['x-amazon-apigateway-request-validators'] !== undefined,
  );
  const [paths, ways] = [pathsIn(before), pathsIn(after)];
  const found = Object.keys({ ...paths, ...ways }).flatMap((path) => {
    const [old, now] = [membersIn(paths[path]) ?? {}, membersIn(ways[path]) ?? {}];
    const at = within(within(place, 'paths'), path);
    const methods = Object.keys({ ...old, ...now }).filter((name) => !NO_OPERATIONS.test(name));
    return [
      ...judge(
        pathRules(checks),
        without(old, methods),
        without(now, methods),
        paths[path] === undefined ? fresh(at) : at,
      ),
      ...methods.flatMap((method) => {
        const name = `${method} ${path}`;
        const [old, operation] = [was.get(name), is.get(name)];
        if (!operation) return [];
        const rules = operationRules(checks, hides(operation.value, now));
        const here = within(at, method);
        if (old) return judge(rules, ours(old.value), ours(operation.value), here);
        return added(rules, takenBy(operation, was, place), operation, here, judge);
      }),
    ];
  });
  return [...judge(definitionRules(checks), ours(before), ours(after), place), ...found];
}

/**
 * A new operation is as a new resource. But one that takes calls from others stands in their place: the attacker adds
 * `/login` beside `/{proxy+}`, and leads what callers send there elsewhere.
 */
function added(
  rules: Rules,
  others: readonly Operation[],
  { value }: Operation,
  here: Place,
  judge: Judge,
): readonly Finding[] {
  if (others.length === 0) return judge(rules, undefined, ours(value), fresh(here));
  const taken = sayVerdict(here, 'disrupt', 'takes calls that another operation answered');
  const found = others.flatMap((old) => {
    const steps = [...here.before.slice(0, -3), ...old.steps];
    return judge(rules, ours(old.value), ours(value), { ...here, before: steps });
  });
  return [...taken, ...found];
}

/** Does it ask for a parameter in its own way, in the place of its path's of the same name? */
function hides(operation: Json, path: Readonly<Record<string, Json | undefined>>): boolean {
  const named = (value: Json | undefined) => entriesIn(value)?.map((one) => member(one, 'name')) ?? [undefined];
  const [own, all] = [named(member(operation, 'parameters')), named(path.parameters)];
  return own.some((name) => all.some((other) => name === undefined || other === undefined || name === other));
}

function pathsIn(value: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return membersIn(membersIn(value)?.paths) ?? {};
}

/** Without what API Gateway doesn't read. */
function ours(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : without(membersIn(value) ?? {}, []);
}

function without(members: Readonly<Record<string, Json | undefined>>, but: readonly string[]): Json {
  const left = Object.entries(members).filter(([name]) => !but.includes(name) && !OF_OTHERS.test(name));
  return Object.fromEntries(left) as Json;
}

/** Of a definition each operation, and where it stands: what it reaches. */
export function operationsAt(
  value: Json | undefined,
): readonly { readonly steps: readonly string[]; readonly value: Json }[] {
  return Object.entries(pathsIn(value)).flatMap(([path, item]) =>
    Object.entries(membersIn(item) ?? {}).flatMap(([method, operation]) =>
      operation === undefined || NO_OPERATIONS.test(method)
        ? []
        : [{ steps: ['paths', path, method], value: operation }],
    ),
  );
}

/** By path and method; undefined for what can't be read whole. */
function operationsIn(value: Json | undefined): Operations | undefined {
  const document = membersIn(value);
  const paths = membersIn(document?.paths);
  if (!document || !paths) return undefined;
  const { components, securityDefinitions, security } = document;
  const schemes = [securityDefinitions, membersIn(components)?.securitySchemes];
  const policy = document['x-amazon-apigateway-policy'];
  const shared = [...schemes, policy].map((one) => one ?? null);
  const defined = Object.fromEntries(schemes.flatMap((one) => Object.entries(membersIn(one) ?? {})));
  const authorizers = new Set(Object.entries(defined).flatMap(authorizerIn));
  const found = new Map<string, Operation>();
  for (const [path, item] of Object.entries(paths)) {
    const operations = membersIn(item);
    if (!operations || '$ref' in operations || isUnreadable(path)) return undefined;
    for (const [method, operation] of Object.entries(operations)) {
      if (NO_OPERATIONS.test(method)) continue;
      const members = membersIn(operation);
      if (!members) return undefined;
      const own = members.security ?? security;
      const auth = members['x-amazon-apigateway-auth'];
      if (isUnreadable([own ?? null, policy ?? null]) || carriesMask(shared)) return undefined;
      const requirements = Array.isArray(own) && own.length > 0 && !isForAll(auth) ? own : [{}];
      found.set(`${method} ${path}`, {
        path: path === '/$default' ? undefined : stepsOf(path),
        method: method === 'x-amazon-apigateway-any-method' ? undefined : method,
        steps: ['paths', path, method],
        value: operation as Json,
        security: isUntold(shared) ? undefined : stableJson([own ?? null, auth ?? null, ...shared]),
        isOpen: !requirements.every((one) => isAsked(one, authorizers)),
        asks: requirements.map(
          (one) =>
            new Set(Object.keys(membersIn(one) ?? {}).map((name) => `${name} ${stableJson(defined[name] ?? null)}`)),
        ),
      });
    }
  }
  return found;
}

/**
 * Does it ask nobody, whatever schemes are named beside it?
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-auth.html
 */
function isForAll(auth: Json | undefined): boolean {
  const kind = membersIn(auth)?.type;
  return auth !== undefined && !(typeof kind === 'string' && /^aws_iam$/i.test(kind));
}

/**
 * The name of a scheme by which API Gateway itself asks who calls: its own authorizer, or IAM. Any other it takes over
 * and asks nobody; so it does with one that isn't defined. Of what kind it is must be told; whom an authorizer asks may
 * be told by the execution, as a pool that is as new has no ARN before.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
 */
function authorizerIn([name, scheme]: [string, Json | undefined]): readonly string[] {
  const members = membersIn(scheme) ?? {};
  const authorizer = members['x-amazon-apigateway-authorizer'];
  const kind = isSettings(authorizer) ? authorizer.type : authorizer;
  const asks =
    (authorizer !== undefined && !isUntold([name, kind ?? null])) ||
    members['x-amazon-apigateway-authtype'] === 'awsSigv4';
  return asks ? [name] : [];
}

/** Is every scheme of a requirement one by which callers are asked? */
function isAsked(requirement: Json, authorizers: ReadonlySet<string>): boolean {
  const names = Object.keys(membersIn(requirement) ?? {});
  return names.length > 0 && names.every((name) => authorizers.has(name));
}
