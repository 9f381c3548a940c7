import {
  type CloudFormationClient,
  GetTemplateCommand,
  type GetTemplateCommandInput,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { StackExport } from '../../../tools/ports/cloudformation-operations.ts';
import { HIDDEN, placedMask } from '../../../tools/ports/masks.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import type { Given } from '../../../tools/ports/written.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from '../request/call.ts';
import { type HiddenInChanges, type HiddenPlace, placeAt } from '../template/hidden-places.ts';
import { importsIn, nestedOutputsIn } from '../template/named-elsewhere.ts';
import { type Open, readTemplateSecrets, type SecretsOf } from '../template/secrets.ts';

/** What other stacks export. */
export interface Exports {
  /** Its value as it may be shown. */
  value(one: StackExport): Promise<string>;
  /** Those of the names whose values everyone may see. */
  open(names: Iterable<string>): Promise<ReadonlySet<string>>;
}

/** A stack as it is, or as a change set would have it. */
export interface StackState {
  readonly stack_id: string;
  readonly change_set_id?: string;
}

/** What nested stacks have as outputs. */
export interface NestedOutputs {
  /** Those of the names (`Nested.Outputs.Name`) whose values everyone may see. */
  open(names: Iterable<string>, around: StackState): Promise<ReadonlySet<string>>;
  /** The logical ids of what is nested in a stack. */
  made(around: StackState): Promise<ReadonlySet<string>>;
}

/** What nested stacks are given. */
export interface Around {
  /** What of its parameters the stack around gives a hidden value; nothing of a stack that isn't nested. */
  given(stack: Pick<Stack, 'StackId' | 'ParentId'>): Promise<HiddenPlace | undefined>;
}

export interface TemplateCache {
  readonly templates: Map<string, Promise<SecretsOf | undefined>>;
  /** By change set, in one state of its stack. */
  readonly changes: Map<string, Promise<HiddenInChanges>>;
}

export interface SecretsCache extends TemplateCache {
  /** Of one call: they change. */
  readonly exports: Exports;
  readonly outputs: NestedOutputs;
  readonly around: Around;
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
  { templates: cache }: TemplateCache,
): Promise<SecretsOf | undefined> {
  const known = cache.get(key);
  if (known) return await known;
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
  return await asked;
}

/** What everyone may see of that which a template takes from other stacks. */
export async function openTo(
  { imports, nested }: Pick<SecretsOf, 'imports' | 'nested'>,
  around: StackState,
  { exports, outputs }: Pick<SecretsCache, 'exports' | 'outputs'>,
): Promise<Open> {
  return {
    ...(imports.size > 0 ? { open_exports: await exports.open(imports) } : {}),
    ...(nested.size > 0 ? { open_outputs: await outputs.open(nested, around) } : {}),
  };
}

/** @param change_set_id absent: as the stack is now. @throws invalid_input */
export async function withOthers(
  text: string,
  given: Given,
  change_set_id: string | undefined,
  cache: SecretsCache,
): Promise<Given> {
  const around = { stack_id: given.stack_id, ...(change_set_id === undefined ? {} : { change_set_id }) };
  const asked = { imports: importsIn(text, given), nested: nestedOutputsIn(text) };
  return { ...given, ...(await openTo(asked, around, cache)) };
}

/** What is known of a stack's parameters. */
interface OfParameters {
  readonly secrets: Pick<SecretsOf, 'parameters' | 'noEcho'> | undefined;
  /** What of them the stack around gives a hidden value. */
  readonly given: HiddenPlace | undefined;
}

/**
 * A parameter's value as it may be shown: one of which the template says nothing is a secret, for all that is known.
 */
export function maskedParameter(stackId: string, known: OfParameters, name: string, value: string): string {
  const { secrets, given } = known;
  const mask = placedMask(stackId, `Parameters/${name}`);
  if (placeAt(given, [name]) !== undefined || !secrets?.parameters.has(name) || secrets.noEcho.has(name)) return mask;
  return hideValue(name, value).replaceAll(HIDDEN, mask);
}
