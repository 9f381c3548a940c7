import type { TemplateFacts } from '../ports/cloudformation.ts';
import { namesSecret } from '../ports/secret-name.ts';

/** What the record keeps of a deployment's arguments. */
export interface StoredDeployment {
  readonly stack_name: string;
  readonly template_sha256?: string;
  readonly template_bytes?: number;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
}

/**
 * Parameters as the record keeps them: NoEcho values and those with telling names as keyed digests. Without a template in the call it
 * isn't known here which ones are NoEcho, so that every value is hidden; the plan shows those that AWS shows.
 */
export function hiddenParameters(
  parameters: Readonly<Record<string, string>>,
  template: TemplateFacts | undefined,
  hideSecret: (secret: string) => string,
): Readonly<Record<string, string>> {
  const shown = (key: string) => template && !template.no_echo_parameters.includes(key) && !namesSecret(key);
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [key, shown(key) ? value : hideSecret(value)]),
  );
}
