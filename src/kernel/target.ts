import { z } from 'zod';

/** What a change touches, as AWS names it, with what environment rules look at. */
export type Target = {
  /** ARN where there is one, otherwise the id. */
  readonly id: string;
  readonly type: string;
  /** What a person calls it. Typed by the approver to confirm. */
  readonly name: string;
  /** The tags as AWS has them now; never those that the call brings. */
  readonly tags: Readonly<Record<string, string>>;
  /** An existing thing that the change only acts on or acts as, without changing its settings. */
  readonly reached?: (typeof REACHED)[number];
  /** Nobody could tell whose it is: neither its tags nor what it is part of are known. */
  readonly owner?: 'unknown';
  /** It has no name that can be read: `id` and `name` are words of ours, and nothing is found by them. */
  readonly nameless?: true;
  /** Where it is, if not in the plan's account or region; `unknown` where that can't be told either. */
  readonly account?: string;
  readonly region?: string;
  /** The name of what it is or is part of, by its kind; a rule of environments finds it by the plural. */
  readonly [kind: `${string}_name`]: string;
};
const REACHED = ['acts on', 'acts as', 'reads', 'runs code from'] as const;
const KNOWN_OF_TARGET: ReadonlySet<string> = new Set([
  ...['id', 'type', 'name', 'tags', 'reached', 'owner', 'nameless', 'account', 'region'],
]);
// TypeScript has no word for zod's "and otherwise only names"; the refinement is what makes the type true.
export const Target = z
  .object({
    id: z.string().min(1),
    type: z.string().min(1),
    name: z.string().min(1),
    tags: z.record(z.string(), z.string()),
    reached: z.enum(REACHED).exactOptional(),
    owner: z.literal('unknown').exactOptional(),
    nameless: z.literal(true).exactOptional(),
    account: z.string().min(1).exactOptional(),
    region: z.string().min(1).exactOptional(),
  })
  .catchall(z.string())
  .refine((target) => Object.keys(target).every((key) => KNOWN_OF_TARGET.has(key) || key.endsWith('_name')), {
    error:
      'a target has nothing but its id, type, name, tags, how it is reached, whose and where it is, that it is nameless, and names of what it is part of',
  }) as unknown as z.ZodType<Target>;

/** What a target is or is part of: `{ KIND_name: NAME }`. */
export function namesOf(target: Target): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(target).filter(([key]) => !KNOWN_OF_TARGET.has(key)) as readonly [string, string][],
  );
}
