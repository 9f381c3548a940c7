import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudFormationReader } from '../../../tools/ports/cloudformation.ts';
import { isMasked } from '../../../tools/ports/masks.ts';
import { hiddenValues } from '../template/hidden-values.ts';
import { nestedOutput, nestedOutputsIn } from '../template/named-elsewhere.ts';
import { testsIn } from '../template/value-tests.ts';
import { textOf } from './completed-template.ts';
import { type SecretsCache, withOthers } from './masked-values.ts';
import { templateText } from './template-text.ts';

/**
 * What of a template that is to be deployed tells of hidden values while AWS plans, and isn't in the stack yet. Whole
 * texts are compared, as AWS has them and will: masks would let one literal stand for another.
 */
export async function newTest(
  client: CloudFormationClient,
  { stack, stack_id, template, parameters }: Parameters<CloudFormationReader['newTest']>[0],
  cache: SecretsCache,
): ReturnType<CloudFormationReader['newTest']> {
  const present = stack && (await templateText(client, stack.stack_id, undefined, 'Original'));
  const future = template ? textOf(template) : present;
  if (future === undefined) return undefined;
  const before = new Map(stack?.parameters.map(({ key, value }) => [key, isMasked(value) ? null : value]));
  const given = new Map(parameters.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])));
  const isHidden = (name: string) => before.get(name) === null && !given.has(name);
  const ask = async (text: string, values: ReadonlyMap<string, string | null>) => {
    const given = await withOthers(text, { stack_id, values: Object.fromEntries(values) }, undefined, cache);
    return testsIn(
      hiddenValues(text, {
        isHidden,
        // Of a stack that isn't there yet the agent wrote each of them.
        literals: stack !== undefined,
        given: { ...given, open_outputs: new Set([...(given.open_outputs ?? []), ...(await unmade(text))]) },
      }),
    );
  };
  /** What a nested stack that isn't there yet will hand out AWS doesn't know either, while it plans. */
  const unmade = async (text: string) => {
    const names = [...nestedOutputsIn(text)];
    if (names.length === 0 || stack === undefined) return names;
    const made = await cache.outputs.made({ stack_id });
    return names.filter((name) => !made.has(nestedOutput(name).id));
  };
  const known = new Set(present === undefined ? [] : (await ask(present, before)).map(({ digest }) => digest));
  const found = (await ask(future, new Map([...before, ...given]))).find(({ digest }) => !known.has(digest));
  return found && { parameters: found.parameters };
}
