import { type Json, stableJson } from '../../../../../src/kernel/digest.ts';
import { carriesMask } from '../../../../ports/masks.ts';
import { CORS } from '../../../knowledge/shared.ts';
import type { Finding } from '../finding.ts';
import { isSettings, isUntold, same } from '../resource-settings.ts';
import { actsByLook } from './acts.ts';
import { labelOf, type Place, say, within } from './place.ts';
import { isUnreadable, membersIn } from './reading.ts';
import type { Judge } from './structures.ts';

type Operations = ReadonlyMap<string, Operation>;

interface Operation {
  /** By what callers are known, as text; all that decides of it. Undefined where only the execution tells a part. */
  readonly security: string | undefined;
  readonly isOpen: boolean;
}

/** Members of a path that aren't operations: https://spec.openapis.org/oas/v3.0.3#path-item-object */
const NO_OPERATIONS = /^(summary|description|servers|parameters|x-(?!amazon-apigateway-any-method$).*)$/;

/** Which web pages may call an HTTP API, said in its definition. It is judged as where a property says it. */
const PAGES = 'x-amazon-apigateway-cors';

/**
 * An OpenAPI definition: which operations there are, and who may call them, pages of other origins too. What it leads
 * to is acted on.
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
  if (!was || !is)
    return [
      ...say(place, 'expose', `${label} can't be read here, so that it may let anybody in`),
      ...say(place, 'disrupt', `${label} can't be read here, so that operations may be gone`),
      ...reached,
    ];
  const opened = [...is].filter(([name, { security, isOpen }]) => {
    const known = was.get(name);
    return known ? (security === undefined || known.security !== security) && !known.isOpen : isOpen;
  });
  const lost = [...was.keys()].filter((name) => !is.has(name));
  const count = (list: readonly unknown[]) => `${list.length} ${list.length === 1 ? 'operation' : 'operations'}`;
  return [
    ...(opened.length > 0 ? say(place, 'expose', `${label} lets others call ${count(opened)}`) : []),
    ...(lost.length > 0 ? say(place, 'disrupt', `${label} has ${count(lost)} less`) : []),
    ...judge(CORS, pagesIn(before), pagesIn(after), within(place, PAGES)),
    ...reached,
  ];
}

/** The definition calls `allowOrigins` what the property calls `AllowOrigins`. */
function pagesIn(value: Json | undefined): Json | undefined {
  const pages = membersIn(value)?.[PAGES];
  if (!isSettings(pages)) return pages;
  const members = Object.entries(pages).map(([name, one]) => [name.replace(/^./, (first) => first.toUpperCase()), one]);
  return Object.fromEntries(members) as Json;
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
  const authorizers = new Set(schemes.flatMap((one) => Object.entries(membersIn(one) ?? {})).flatMap(authorizerIn));
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
      found.set(`${method} ${path}`, {
        security: isUntold(shared) ? undefined : stableJson([own ?? null, auth ?? null, ...shared]),
        isOpen: !(Array.isArray(own) && own.length > 0 && own.every((one) => isAsked(one, authorizers))),
      });
    }
  }
  return found;
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
