import { namesSecret } from '../../../tools/ports/secret-name.ts';
import type { HiddenPlace } from './hidden-places.ts';

/*
 * What a resource that was given a hidden value tells of it by `Ref` and `Fn::GetAtt`. What nobody wrote down here for
 * independent counts as telling it.
 */

/** What goes on to other places of a resource: of its name, by a step's name, or anything at all. */
export interface Flow {
  /** What it is called, or where it is, has some of it. */
  readonly named: boolean;
  /** The names of members that have some of it. */
  readonly steps: ReadonlySet<string>;
}

/** Their attributes are whatever their code, their template or their provider makes of what they are given. */
const OTHERS =
  /^(?!AWS::)|::MODULE$|^AWS::(CloudFormation::(CustomResource|Stack)|Serverless::Application|ServiceCatalog::CloudFormationProvisionedProduct)$/;
/** What a template of its own hands out, which nobody sees here. */
const NESTED =
  /^AWS::(CloudFormation::Stack|Serverless::Application|ServiceCatalog::CloudFormationProvisionedProduct)$/;
/** Attributes that say what AWS calls a thing, where it is, or its number: they repeat its name at most. */
const WHERE =
  /(Arn|ARN|Id|Ids|Address|Addresses|Port|PublicIp|PrivateIp|DNSName|DnsName|DomainName|Name|Endpoint|Endpoints|Url|URL|AvailabilityZone|VersionNumber)$/;
/** Properties that a name, a path or an address may be made of, however deep they stand. */
const NAMING = /(Name|NAME|Identifier|Id|Path|Prefix|Alias)$/;
/** Properties that AWS takes as they are, reviewed for this: no name, ARN or address has any of them. */
const INERT =
  /^(AssumeRolePolicyDocument|Content|ContainerDefinitions|DefinitionString|Description|DisplayName|Environment|EnvironmentVariables|KeyPolicy|LaunchTemplateData|MasterUsername|Metadata|OptionSettings|Parameters|Policies|PolicyDocument|Tags|Value)$/;

/** What of a resource, by the places in its properties that have hidden values; undefined: nothing. */
export function flowOf(properties: HiddenPlace | undefined): Flow | undefined {
  if (properties === undefined) return undefined;
  const steps = new Set<string>();
  let named = properties === true;
  const walk = (place: HiddenPlace, path: readonly string[]): void => {
    if (place === true) named ||= isNaming(path);
    else
      for (const [step, inner] of place.members) {
        const isNumber = /^\d+$/.test(step);
        if (!isNumber) steps.add(step);
        walk(inner, isNumber ? path : [...path, step]);
      }
  };
  walk(properties, []);
  return { named, steps };
}

/** May a name be made of the property? One at the top counts as such unless it is reviewed. */
function isNaming(path: readonly string[]): boolean {
  const last = path.at(-1) ?? '';
  if (NAMING.test(last)) return true;
  return path.length <= 1 && !INERT.test(last) && !namesSecret(last);
}

/** @param attribute its steps */
export function isNestedOutput(type: unknown, attribute: readonly string[]): boolean {
  return attribute[0] === 'Outputs' && attribute.length > 1 && NESTED.test(String(type));
}

/** What AWS, or someone's code, hands out: a key that it made, a password that it looked up. */
export function tellsOfItself(attribute: readonly string[]): boolean {
  const last = attribute.at(-1);
  return last !== undefined && namesSecret(last) && !WHERE.test(last);
}

/** @param attribute its steps; none for `Ref` */
export function tells(type: string, attribute: readonly string[], flow: Flow | undefined): boolean {
  const last = attribute.at(-1);
  if (tellsOfItself(attribute)) return true;
  if (flow === undefined) return false;
  if (OTHERS.test(type)) return true;
  if (last === undefined) return flow.named;
  return attribute.some((step) => flow.steps.has(step)) || !WHERE.test(last) || flow.named;
}
