import type { ChangeSet, Stack } from '../../ports/cloudformation.ts';
import { isMasked } from '../../ports/masks.ts';

/** The values of a stack's parameters; `null` where one isn't known. What isn't here has its default. */
export type Values = Readonly<Record<string, string | null>>;

/** A value that the record keeps as a keyed digest. */
const KEPT_SECRET = /^hmac-sha256:/;

/**
 * The parameters' values as they are and would be. What the call gives counts before what AWS says of it: the attacker
 * answers in AWS's place, with the old value or none.
 * @param given the parameters of the call, as the record keeps them
 */
export function valuesOf(
  stack: Stack,
  { parameters }: ChangeSet,
  given: Values,
): { readonly before: Values; readonly after: Values } {
  const before = Object.fromEntries(stack.parameters.map(({ key, value }) => [key, plain(value)]));
  const told = Object.fromEntries(parameters.map(({ key, value }) => [key, plain(value)]));
  const named = Object.entries(given).flatMap(([key, value]): [string, string | null][] => {
    // A mask that is handed back stands for the present value.
    if (value === null || isMasked(value)) return [];
    return [[key, KEPT_SECRET.test(value) ? (told[key] ?? null) : value]];
  });
  return { before, after: { ...before, ...told, ...Object.fromEntries(named) } };
}

function plain(value: string): string | null {
  return isMasked(value) ? null : value;
}
