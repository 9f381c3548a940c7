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
  /** The name of what it is or is part of, by its kind; a rule of environments finds it by the plural. */
  readonly [kind: `${string}_name`]: string;
};
const KNOWN_OF_TARGET: ReadonlySet<string> = new Set(['id', 'type', 'name', 'tags']);
// TypeScript has no word for zod's "and otherwise only names"; the refinement is what makes the type true.
export const Target = z
  .object({
    id: z.string().min(1),
    type: z.string().min(1),
    name: z.string().min(1),
    tags: z.record(z.string(), z.string()),
  })
  .catchall(z.string())
  .refine((target) => Object.keys(target).every((key) => KNOWN_OF_TARGET.has(key) || key.endsWith('_name')), {
    error: 'a target has nothing but its id, type, name, tags and names of what it is part of',
  }) as unknown as z.ZodType<Target>;

/** What a target is or is part of: `{ KIND_name: NAME }`. */
export function namesOf(target: Target): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(target).filter(([key]) => !KNOWN_OF_TARGET.has(key)) as readonly [string, string][],
  );
}
