import { nestedIn, type Values } from '../../tools/cloudformation/deployment/nested-templates.ts';
import type { NestedAsItIs } from '../../tools/cloudformation/undo/keep-stack.ts';
import type { Readers } from '../../tools/define.ts';
import type { ChangeSetAsItIs } from '../../tools/ports/cloudformation-keeper.ts';
import { readStoredTemplate } from '../aws/template/template.ts';
import type { Material } from './material.ts';

type Addressed = Readonly<Record<string, string>>;

/**
 * The templates of nested stacks by the addresses at which the templates around them say that they are, as far as these
 * can be worked out: of the stack as it is, and as it would be.
 */
export function addressed(
  { stack, nested, change_set }: Material,
  { caller }: Readers,
): { readonly present: Addressed; readonly future: Addressed } {
  const present = new Map<string, string>();
  if (stack) addPresent(present, stack.template, stack.parameters, nested, caller);
  const future = new Map<string, string>();
  if (change_set) addFuture(future, change_set, stack?.parameters ?? {}, nested, caller);
  return { present: Object.fromEntries(present), future: Object.fromEntries(future) };
}

/** Every template that there is. */
export function templatesIn({ stack, nested, change_set }: Material): readonly string[] {
  return [
    ...(stack ? [stack.template] : []),
    ...nested.flatMap(templatesOf),
    ...(change_set ? templatesOfSet(change_set) : []),
  ];
}

function templatesOf(one: NestedAsItIs): readonly string[] {
  return 'template' in one ? [one.template, ...one.nested.flatMap(templatesOf)] : [];
}

function templatesOfSet({ template, nested }: ChangeSetAsItIs): readonly string[] {
  return [template, ...Object.values(nested).flatMap(templatesOfSet)];
}

function addPresent(
  found: Map<string, string>,
  template: string,
  given: Values,
  nested: readonly NestedAsItIs[],
  caller: Readers['caller'],
): void {
  for (const { logical_id, url } of nestedIn(readStoredTemplate(template), given, caller)) {
    const inner = nested.find((one) => one.logical_id === logical_id);
    if (!inner || !('template' in inner)) continue;
    if (url !== undefined) found.set(url, inner.template);
    addPresent(found, inner.template, inner.parameters, inner.nested, caller);
  }
}

function addFuture(
  found: Map<string, string>,
  { template, parameters, nested: sets }: ChangeSetAsItIs,
  kept: Values,
  nested: readonly NestedAsItIs[],
  caller: Readers['caller'],
): void {
  for (const { logical_id, url } of nestedIn(readStoredTemplate(template), { ...kept, ...parameters }, caller)) {
    const was = nested.find((one) => one.logical_id === logical_id);
    const present = was && 'template' in was ? was : undefined;
    // Where AWS found no change, it is the one that is there.
    const set = sets[logical_id];
    const text = set?.template ?? present?.template;
    if (url !== undefined && text !== undefined) found.set(url, text);
    if (set) addFuture(found, set, present?.parameters ?? {}, present?.nested ?? [], caller);
  }
}
