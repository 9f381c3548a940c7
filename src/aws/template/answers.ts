import type { ResourcePolicies } from '../../../tools/ports/cloudformation.ts';
import { isRecord, record } from './document.ts';

type Properties = Readonly<Record<string, unknown>>;

/** By which property a part of an API says which calls it answers; an API itself, none by what isn't in it. */
const SAYS: Readonly<Record<string, (properties: Properties) => unknown>> = {
  'AWS::ApiGateway::BasePathMapping': ({ BasePath = '' }) => BasePath,
  'AWS::ApiGateway::BasePathMappingV2': ({ BasePath = '' }) => BasePath,
  'AWS::ApiGateway::Method': ({ HttpMethod }) => HttpMethod,
  'AWS::ApiGateway::Resource': ({ PathPart }) => PathPart,
  'AWS::ApiGateway::RestApi': (properties) => noneBut(properties, ['Body', 'BodyS3Location', 'CloneFrom']),
  'AWS::ApiGatewayV2::Api': (properties) => noneBut(properties, ['Body', 'BodyS3Location', 'Target']),
  'AWS::ApiGatewayV2::ApiMapping': ({ ApiMappingKey = '' }) => ApiMappingKey,
  'AWS::ApiGatewayV2::Route': ({ RouteKey }) => RouteKey,
};

/**
 * Of a part of an API which calls it answers, where the template writes that down: the part of a path, the method, the
 * key of a route or mapping. Of an API: empty where it answers none but by such parts. What a macro or a dynamic
 * reference gives may be another text each time.
 */
export function answersFacts(type: unknown, properties: unknown): Pick<ResourcePolicies, 'answers'> {
  if (typeof type !== 'string' || !Object.hasOwn(SAYS, type)) return {};
  if ((properties !== undefined && !isRecord(properties)) || Object.hasOwn(record(properties), 'Fn::Transform'))
    return {};
  const answers = SAYS[type]?.(record(properties));
  return typeof answers === 'string' && !answers.includes('{{') ? { answers } : {};
}

function noneBut(properties: Properties, names: readonly string[]): string | undefined {
  return names.some((name) => properties[name] !== undefined) ? undefined : '';
}
