import {
  type CloudFormationClient,
  GetTemplateCommand,
  type GetTemplateCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { StackExport } from '../../../tools/ports/cloudformation-operations.ts';
import { HIDDEN, placedMask } from '../../../tools/ports/masks.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import type { Given } from '../../../tools/ports/written.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from '../request/call.ts';
import { importsIn } from '../template/exports-named.ts';
import type { HiddenInChanges } from '../template/hidden-places.ts';
import { readTemplateSecrets, type SecretsOf, type TemplateSecrets } from '../template/secrets.ts';

/** What other stacks export. */
export interface Exports {
  /** Its value as it may be shown. */
  value(one: StackExport): Promise<string>;
  /** Those of the names whose values everyone may see. */
  open(names: Iterable<string>): Promise<ReadonlySet<string>>;
}

export interface TemplateCache {
  readonly templates: Map<string, Promise<SecretsOf | undefined>>;
  /** By change set, in one state of its stack. */
  readonly changes: Map<string, Promise<HiddenInChanges>>;
}

export interface SecretsCache extends TemplateCache {
  /** Of one call: they change. */
  readonly exports: Exports;
}

export const CACHED = 500;

/**
 * What a template says of the secrets in it; undefined when it can't be read, for a reason that will be the same next
 * time. One that passes is thrown: a plan made with everything masked would differ from the same plan made a moment
 * later.
 * @throws aws_unreachable
 * @param key names this state of the template in the cache
 */
export async function secretsOf(
  client: CloudFormationClient,
  source: GetTemplateCommandInput,
  key: string,
  { templates: cache, exports }: SecretsCache,
): Promise<TemplateSecrets | undefined> {
  const told = async (secrets: SecretsOf | undefined) => secrets?.with(await exports.open(secrets.imports));
  const known = cache.get(key);
  if (known) return await told(await known);
  if (cache.size >= CACHED) cache.clear();
  const asked = called(client.send(new GetTemplateCommand(source)), 'GetTemplate')
    .then(({ TemplateBody = '' }) => readTemplateSecrets(TemplateBody))
    .catch((error: unknown) => {
      // Not to be remembered: it may be allowed or answered next time.
      if (!(error instanceof HoldshortError) || error.code !== 'invalid_input') cache.delete(key);
      if (!(error instanceof HoldshortError) || error.code === 'aws_unreachable') throw error;
      return undefined;
    });
  cache.set(key, asked);
  return await told(await asked);
}

/** With the exports that it imports, as far as everyone may see their values. @throws invalid_input */
export async function withExports(text: string, given: Given, { exports }: SecretsCache): Promise<Given> {
  const imports = importsIn(text, given);
  return imports.size === 0 ? given : { ...given, open_exports: await exports.open(imports) };
}

/**
 * A parameter's value as it may be shown: one of which the template says nothing is a secret, for all that is known.
 */
export function maskedParameter(
  stackId: string,
  secrets: Pick<TemplateSecrets, 'parameters' | 'noEcho'> | undefined,
  name: string,
  value: string,
): string {
  const mask = placedMask(stackId, `Parameters/${name}`);
  if (!secrets?.parameters.has(name) || secrets.noEcho.has(name)) return mask;
  return hideValue(name, value).replaceAll(HIDDEN, mask);
}
