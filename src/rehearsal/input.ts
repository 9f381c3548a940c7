import { isMasked } from '../../tools/ports/masks.ts';
import type { Json } from '../kernel/digest.ts';
import type { Material } from './material.ts';

/** What is in place of a value that nobody can read; the embedded cloud knows it by how it begins. */
export function standIn(parameter: string, which = ''): string {
  return `stands-in-for-${which}${parameter}`;
}

/**
 * What the plan's tool is to prepare: the arguments as they are stored, the template as it is in the change set. Where
 * the record keeps a digest, and AWS tells nothing, another value than the present one stands in.
 */
export function changeInput({ plan, change_set }: Material): Record<string, Json> & { readonly reason: string } {
  const { template_sha256, template_bytes: _, references: __, parameters, ...stored } = plan.arguments;
  const given = Object.entries((parameters ?? {}) as Readonly<Record<string, string>>).flatMap(([name, value]) =>
    // A mask that was handed back keeps the present value.
    isMasked(value) ? [] : [[name, change_set?.parameters[name] ?? standIn(name, 'new-')]],
  );
  return {
    ...stored,
    ...(template_sha256 === undefined ? {} : { template_body: change_set?.template ?? '' }),
    ...(parameters === undefined ? {} : { parameters: Object.fromEntries(given) as Record<string, string> }),
    reason: 'a rehearsal',
  };
}
