import type { ResourcePolicies, TemplateFacts } from '../../../tools/ports/cloudformation.ts';
import { type Given, writtenOf } from '../../../tools/ports/written.ts';
import { type Json, sha256, stableJson } from '../../kernel/digest.ts';
import { answersFacts } from './answers.ts';
import { attributePolicy } from './attribute-policies.ts';
import { BODY_BYTES, parseTemplate, record, refuseTooMany, STORED_BYTES } from './document.ts';
import { unknownFunctions } from './functions.ts';
import { hiddenUses } from './hidden-uses.ts';
import { madeNames } from './made-names.ts';
import { nestedIn } from './nested.ts';
import { networkFacts } from './networks.ts';
import { isNoEcho } from './no-echo.ts';
import { ownValuesIn } from './own-values.ts';
import { rightsFacts } from './rights.ts';
import { secretReads } from './secret-reads.ts';
import { transformsOf } from './transforms.ts';
import { trustedServices } from './trust.ts';
import { keepsMembers, valueSourcesIn } from './value-sources.ts';
import { type Workings, workingsOf } from './worked-out.ts';

/** Stands for a policy that is worked out by an intrinsic function, and so isn't known before the template is used. */
const COMPUTED = 'computed';

/** A template that is about to be sent. @throws invalid_input */
export function readTemplate(text: string): TemplateFacts {
  return factsOf(text, BODY_BYTES);
}

/**
 * A template that AWS holds.
 * @param given with what its values are worked out; without it, they aren't
 * @throws invalid_input
 */
export function readStoredTemplate(text: string, given?: Given): TemplateFacts {
  return factsOf(text, STORED_BYTES, given);
}

function factsOf(text: string, limit: number, given?: Given): TemplateFacts {
  const template = parseTemplate(text, limit);
  if (limit === BODY_BYTES) refuseTooMany(template);
  const workings = given && workingsOf(template, given);
  const resources: Record<string, ResourcePolicies> = Object.create(null);
  const whole = { resources: record(template.Resources), parameters: record(template.Parameters) };
  const made = madeNames(template);
  for (const [id, resource] of Object.entries(whole.resources)) {
    const { Type, UpdatePolicy, Properties } = record(resource);
    const sources = valueSourcesIn(Properties, whole);
    const own = ownValuesIn(typeof Type === 'string' ? Type : '', Properties, whole);
    resources[id] = {
      type: typeof Type === 'string' ? Type : 'unknown',
      ...policyFacts(resource, workings),
      ...attributeFacts(resource, whole.resources, workings),
      ...(own.size > 0 ? { own_values: own } : {}),
      ...networkFacts(id, resource, own, whole.resources),
      ...(made[id] ? { made_names: made[id] } : {}),
      ...(Object.keys(sources).length > 0 ? { value_sources: sources } : {}),
      ...(Type === 'AWS::AutoScaling::AutoScalingGroup' && keepsMembers(UpdatePolicy)
        ? { keeps_members: true as const }
        : {}),
      ...trustFacts(Type, Properties),
      ...answersFacts(Type, Properties),
      ...rightsFacts(Type, Properties, workings),
      ...(workings ? writtenFacts(resource, workings) : {}),
    };
  }
  const parameters = Object.entries(record(template.Parameters));
  return {
    sha256: sha256(text),
    bytes: Buffer.byteLength(text),
    resources,
    parameters: parameters.map(([name]) => name),
    no_echo_parameters: parameters.flatMap(([name, parameter]) => (isNoEcho(parameter) ? [name] : [])),
    looked_up_parameters: parameters.flatMap(([name, parameter]) => (isLookedUp(parameter) ? [name] : [])),
    parameter_defaults: Object.fromEntries(
      parameters.flatMap(([name, parameter]) => {
        const { Default } = record(parameter);
        return typeof Default === 'string' && !isNoEcho(parameter) ? [[name, Default]] : [];
      }),
    ),
    secret_reads: secretReads(template),
    hidden_uses: given ? hiddenUses(text, given) : [],
    unknown_functions: unknownFunctions(template),
    transforms: transformsOf(template),
    nested: nestedIn(template.Resources),
    hooks: Object.entries(record(template.Hooks)).map(([name, hook]) => String(record(hook).Type ?? name)),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html */
function isLookedUp(parameter: unknown): boolean {
  return String(record(parameter).Type).startsWith('AWS::SSM::Parameter::Value');
}

/** A value that has no function in it is compared to the letter too: whatever AWS calls a change of it changes it. */
function writtenFacts(resource: unknown, { value, holds }: Workings): Pick<ResourcePolicies, 'written' | 'made'> {
  const { Condition, Properties } = record(resource);
  const made = Condition === undefined ? true : holds(Condition);
  if (value(Properties) === null) return made === undefined ? {} : { made };
  const written = Object.entries(record(Properties)).flatMap(([name, from]) => {
    const tree = writtenOf(value(from));
    const exact = isPlain(from) ? sha256(stableJson(from as Json)) : undefined;
    return tree === undefined ? [] : [[name, { tree, ...(exact === undefined ? {} : { exact }) }] as const];
  });
  return { written: Object.fromEntries(written), ...(made === undefined ? {} : { made }) };
}

/** Without a function or a dynamic reference, at any depth. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('{{');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key !== 'Ref' && !key.includes('::') && isPlain(inner));
}

function trustFacts(type: unknown, properties: unknown): Pick<ResourcePolicies, 'trusted_services'> {
  const services = type === 'AWS::IAM::Role' ? trustedServices(properties) : undefined;
  return services ? { trusted_services: services } : {};
}

/**
 * A cluster may be given by a condition: then it counts as one, which keeps less.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
function isSnapshotByDefault(type: unknown, properties: Readonly<Record<string, unknown>>): boolean {
  if (type === 'AWS::RDS::DBCluster') return true;
  return type === 'AWS::RDS::DBInstance' && properties.DBClusterIdentifier === undefined;
}

function attributeFacts(resource: unknown, resources: Readonly<Record<string, unknown>>, workings?: Workings) {
  const { UpdatePolicy, CreationPolicy } = record(resource);
  const update = attributePolicy(UpdatePolicy, resources, workings);
  const creation = attributePolicy(CreationPolicy, resources, workings);
  return {
    ...(update === undefined ? {} : { update_policy: update }),
    ...(creation === undefined ? {} : { creation_policy: creation }),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html */
function policyFacts(resource: unknown, workings: Workings | undefined) {
  const { Type, Properties, ...policies } = record(resource);
  const [deletion, replacement] = [policies.DeletionPolicy, policies.UpdateReplacePolicy].map((from) => {
    const value = typeof from === 'object' && workings ? workings.value(from) : from;
    return value === undefined || typeof value === 'string' ? value : COMPUTED;
  });
  return {
    ...(deletion === undefined ? {} : { deletion_policy: deletion }),
    ...(replacement === undefined ? {} : { update_replace_policy: replacement }),
    ...(deletion === undefined && isSnapshotByDefault(Type, record(Properties))
      ? { snapshot_by_default: true as const }
      : {}),
  };
}
