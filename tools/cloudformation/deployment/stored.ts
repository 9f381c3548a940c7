import { z } from 'zod';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { TemplateFacts } from '../../ports/cloudformation.ts';
import { hideCredentials } from '../../ports/credentials.ts';
import { isMasked } from '../../ports/masks.ts';
import { namesSecret } from '../../ports/secret-name.ts';
import { type ChangeSetRef, changeSetIn } from './change-set.ts';

const Texts = z.record(z.string(), z.string());

/** What the record keeps of a deployment's arguments. */
export const StoredDeployment = z.strictObject({
  stack_name: z.string(),
  template_sha256: z.string().exactOptional(),
  template_bytes: z.number().exactOptional(),
  use_previous_template: z.literal(true).exactOptional(),
  parameters: Texts.exactOptional(),
  /** The dynamic references in their values, by the parameter: they name secrets, and are none. */
  references: z.record(z.string(), z.array(z.string())).exactOptional(),
  tags: Texts.exactOptional(),
  capabilities: z.array(z.string()).exactOptional(),
  resources_to_import: z
    .array(z.strictObject({ resource_type: z.string(), logical_resource_id: z.string(), resource_identifier: Texts }))
    .exactOptional(),
});
export type StoredDeployment = z.output<typeof StoredDeployment>;

/** The change set that a stored plan is to execute. */
export function changeSetOf({ made }: Pick<PlanRecord, 'made'>): ChangeSetRef {
  const ref = changeSetIn(made);
  if (ref) return ref;
  throw new HoldshortError('internal', 'nothing was sent: the plan has no change set', 'report this as a bug');
}

/**
 * Is this parameter's value a secret? NoEcho ones are, those with telling names, and those that hold credentials.
 * Without a template in the call it isn't known here which ones are NoEcho, so that every value is taken for one.
 */
function isSecret(key: string, value: string, template: TemplateFacts | undefined): boolean {
  return !template || template.no_echo_parameters.includes(key) || namesSecret(key) || hideCredentials(value) !== value;
}

/** `{{resolve:…}}` in values of parameters, which CloudFormation reads where the parameter is used. */
export function referencesIn(
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string[]>> | undefined {
  const found = Object.entries(parameters).flatMap(([key, value]): [string, string[]][] => {
    const references = value.match(/\{\{resolve:[^{}]*(\}\})?/g);
    return references ? [[key, references]] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/**
 * Parameters as the record keeps them: secrets as keyed digests, masks as they are; the change set holds what AWS will
 * use.
 */
export function hiddenParameters(
  parameters: Readonly<Record<string, string>>,
  template: TemplateFacts | undefined,
  hideSecret: (secret: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [
      key,
      isSecret(key, value, template) && !isMasked(value) ? hideSecret(value) : value,
    ]),
  );
}

/** The values that nothing may repeat, errors of AWS included, by their parameters. */
export function secretValues(
  parameters: Readonly<Record<string, string>>,
  template: TemplateFacts | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([key, value]) => isSecret(key, value, template) && !isMasked(value)),
  );
}
