import type { ResourceToImport, TemplateFacts } from '../../ports/cloudformation.ts';
import { hideCredentials } from '../../ports/credentials.ts';
import { isMasked } from '../../ports/masks.ts';
import { namesSecret } from '../../ports/secret-name.ts';

/** What the record keeps of a deployment's arguments. */
export interface StoredDeployment {
  readonly stack_name: string;
  readonly template_sha256?: string;
  readonly template_bytes?: number;
  readonly use_previous_template?: true;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
  readonly resources_to_import?: readonly ResourceToImport[];
}

/**
 * Is this parameter's value a secret? NoEcho ones are, those with telling names, and those that hold credentials.
 * Without a template in the call it isn't known here which ones are NoEcho, so that every value is taken for one.
 */
function isSecret(key: string, value: string, template: TemplateFacts | undefined): boolean {
  return !template || template.no_echo_parameters.includes(key) || namesSecret(key) || hideCredentials(value) !== value;
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

/** The values that nothing may repeat, errors of AWS included. */
export function secretValues(
  parameters: Readonly<Record<string, string>>,
  template: TemplateFacts | undefined,
): readonly string[] {
  return Object.entries(parameters).flatMap(([key, value]) =>
    isSecret(key, value, template) && !isMasked(value) ? [value] : [],
  );
}
