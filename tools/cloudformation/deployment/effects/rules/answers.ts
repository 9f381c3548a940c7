import type { ResourcePolicies, TemplateFacts } from '../../../../ports/cloudformation.ts';
import { type Finding, finding } from '../finding.ts';
import { NOTHING_OWN } from './named-things.ts';
import { labelOf, named, type Place } from './place.ts';
import { type Answers, GREEDY, stepsOf, takesFrom } from './taken-calls.ts';

type Resources = TemplateFacts['resources'];

/** Of what each is a part. */
const PART_OF: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::BasePathMapping': '/DomainName',
  'AWS::ApiGateway::BasePathMappingV2': '/DomainNameArn',
  'AWS::ApiGateway::Method': '/RestApiId',
  'AWS::ApiGateway::Resource': '/RestApiId',
  'AWS::ApiGatewayV2::ApiMapping': '/DomainName',
  'AWS::ApiGatewayV2::Route': '/ApiId',
};
const SHOWN = 3;
const REST = /^AWS::ApiGateway::(Method|Resource)$/;

/**
 * Which calls a new part of an API gets that were answered before, and by what stands. What it does with them isn't
 * compared with what that did: it may ask nobody who calls, and lead their tokens elsewhere. Where either isn't written
 * down it may be any. Of an API that isn't the template's own `acts` tells.
 */
export function answers(place: Place): readonly Finding[] {
  const { isNew, id, type, resources, added } = place.resource;
  const whole = !isNew ? [] : partOf(id, resources).filter((one) => !added.has(one));
  if (whole.length === 0) return [];
  const fresh = answersOf(id, resources);
  const taken = Object.keys(resources).filter((other) => {
    if (other === id || added.has(other)) return false;
    // What an API's own definition says isn't known here.
    if (whole.includes(other))
      return REST.test(type) || type.endsWith('Route') ? resources[other]?.answers !== '' : false;
    if (
      resources[other]?.type === 'AWS::ApiGateway::Resource' ||
      !partOf(other, resources).some((one) => whole.includes(one))
    )
      return false;
    const standing = answersOf(other, resources);
    return !fresh || !standing || fresh.some((one) => standing.some((old) => takesFrom(one, old, REST.test(type))));
  });
  if (taken.length === 0) return [];
  const left = taken.length - SHOWN;
  const more = left > 0 ? ` and ${left} more` : '';
  const list = taken.slice(0, SHOWN).map((one) => named(one));
  const what = `${list.join(', ')}${more} answered, and may let others in or hand on what callers send`;
  return [finding('expose', `${labelOf(place)} takes calls that ${what}`)];
}

function partOf(id: string, resources: Resources): readonly string[] {
  const { type = '', own_values = NOTHING_OWN } = at(id, resources);
  return own_values.get(PART_OF[type] ?? '') ?? [];
}

/** Undefined where the template doesn't write it down. */
function answersOf(id: string, resources: Resources): readonly Answers[] | undefined {
  const { type = '', answers: said, own_values = NOTHING_OWN } = at(id, resources);
  if (said === undefined) return undefined;
  if (type === 'AWS::ApiGatewayV2::Route') return [routeOf(said)];
  if (type === 'AWS::ApiGateway::Resource') {
    const path = pathOf(id, resources);
    return (
      path && [
        { path, method: undefined },
        { path: [...path, GREEDY], method: undefined },
      ]
    );
  }
  if (type === 'AWS::ApiGateway::Method') {
    const [resource, ...more] = own_values.get('/ResourceId') ?? [];
    const path = resource === undefined || more.length > 0 ? undefined : pathOf(resource, resources);
    return path && [{ path, method: methodOf(said) }];
  }
  return [{ path: [...stepsOf(said === '(none)' ? '' : said), GREEDY], method: undefined }];
}

/** `GET /orders/{id}`, `$default`, or what a message's text selects. */
function routeOf(key: string): Answers {
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(key) ?? [];
  if (path !== undefined) return { path: stepsOf(path), method: methodOf(method) };
  return { path: key === '$default' ? undefined : [key], method: undefined };
}

function methodOf(said: string | undefined): string | undefined {
  return said === 'ANY' ? undefined : said;
}

/** Of a resource of an API, from the root on. */
function pathOf(id: string, resources: Resources): readonly string[] | undefined {
  const path: string[] = [];
  for (let one = id, depth = 0; depth < 100; depth += 1) {
    const { type, answers: part, own_values = NOTHING_OWN } = at(one, resources);
    if (type === 'AWS::ApiGateway::RestApi') return path;
    const [parent, ...more] = own_values.get('/ParentId') ?? [];
    if (type !== 'AWS::ApiGateway::Resource' || part === undefined || parent === undefined || more.length > 0)
      return undefined;
    path.unshift(part);
    one = parent;
  }
  return undefined;
}

function at(id: string, resources: Resources): Partial<ResourcePolicies> {
  return (Object.hasOwn(resources, id) ? resources[id] : undefined) ?? {};
}
