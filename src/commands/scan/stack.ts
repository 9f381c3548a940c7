import { type Reached, type Reaching, reachedBy } from '../../../tools/cloudformation/deployment/reached.ts';
import type { Knowledge } from '../../../tools/cloudformation/knowledge/language.ts';
import { NESTED_STACK } from '../../../tools/cloudformation/stack/inventory.ts';
import type { Readers } from '../../../tools/define.ts';
import type { Stack, StackResource } from '../../../tools/ports/cloudformation.ts';
import { every } from '../../../tools/ports/pages.ts';
import { parseTemplate, STORED_BYTES } from '../../aws/template/document.ts';
import { readStoredTemplate } from '../../aws/template/template.ts';
import { asWritten } from '../judge/pair.ts';
import { resolvedProperties } from './resolved.ts';

/** What a stack as it stands acts on or acts as. */
export interface ReadStack {
  readonly stack: Stack;
  readonly reached: readonly Reached[];
  /** ARNs of the stacks nested in it. */
  readonly nested: readonly string[];
}

const GONE: ReadonlySet<string> = new Set(['DELETE_COMPLETE', 'DELETE_SKIPPED']);

/**
 * Reads a stack as a deployment would that changed all that it has.
 * @param exports of the region; asked for only where a template imports something
 * @returns undefined for a stack that is gone by now
 */
export async function readStack(
  name: string,
  { cloudformation }: Readers,
  knowledge: Knowledge,
  exports: () => Promise<ReadonlyMap<string, string>>,
): Promise<ReadStack | undefined> {
  const stack = await cloudformation.stack(name);
  if (!stack || stack.stack_status === 'DELETE_COMPLETE' || stack.stack_status === 'REVIEW_IN_PROGRESS')
    return undefined;
  const { stack_id } = stack;
  const all = await every('ListStackResources', (cursor) => cloudformation.resources(stack_id, cursor));
  const resources = all.filter(({ status }) => !GONE.has(status));
  const { text } = await cloudformation.templateText(stack_id, 'Processed');
  const nested = resources.flatMap(({ type, physical_id }) =>
    type === NESTED_STACK && physical_id?.startsWith('arn:') ? [physical_id] : [],
  );
  const outputs = new Map<string, ReadonlyMap<string, string>>();
  if (text.includes('Outputs.')) {
    for (const inner of nested) {
      const given = (await cloudformation.stack(inner))?.outputs ?? [];
      outputs.set(inner, new Map(given.map(({ key, value }) => [key, value])));
    }
  }
  const template = asWritten(parseTemplate(text, STORED_BYTES)) as Readonly<Record<string, unknown>>;
  const properties = resolvedProperties(template, {
    stack,
    resources,
    outputs,
    exports: text.includes('ImportValue') ? await exports() : new Map(),
  });
  const facts = readStoredTemplate(text);
  const levelBy = (context: 'before_context' | 'after_context'): Reaching => ({
    path: [],
    stack,
    present: facts,
    future: facts,
    // Each has a reading of its own.
    nested: new Map(
      resources.flatMap(({ type, logical_id }) => (type === NESTED_STACK ? [[logical_id, 'listed']] : [])),
    ),
    changeSet: {
      changes: resources.map((resource) => asChanged(resource, context, properties.get(resource.logical_id))),
      parameters: stack.parameters,
    },
  });
  const reached = [
    ...reachedBy([levelBy('before_context')], knowledge),
    // What stands runs it already, so that only what is as new would be asked whose it is.
    ...reachedBy([levelBy('after_context')], knowledge).filter(({ how }) => how === 'runs code from'),
  ];
  return { stack, reached, nested };
}

function asChanged(
  { logical_id, type }: StackResource,
  context: 'before_context' | 'after_context',
  properties: object = {},
) {
  const told = { [context]: JSON.stringify({ Properties: properties }) };
  return { action: 'Modify', logical_id, type, scope: [], properties: [], ...told, doubts: [] };
}
