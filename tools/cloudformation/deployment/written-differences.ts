import type { ResourcePolicies, TemplateFacts } from '../../ports/cloudformation.ts';
import { surelyDiffer } from '../../ports/written.ts';

/** What a template writes of a resource, by its properties, as far as it can be worked out. */
export type Written = NonNullable<ResourcePolicies['written']>;

/** The names of the properties that surely differ. */
export function differing({ written: was }: ResourcePolicies, { written: is }: ResourcePolicies): readonly string[] {
  if (!was || !is) return [];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) =>
    surelyDiffer(own(was, name)?.tree, own(is, name)?.tree),
  );
}

export function factsOf(facts: TemplateFacts | undefined, id: string): ResourcePolicies | undefined {
  return facts && Object.hasOwn(facts.resources, id) ? facts.resources[id] : undefined;
}

export function own(written: Written, name: string): Written[string] | undefined {
  return Object.hasOwn(written, name) ? written[name] : undefined;
}
