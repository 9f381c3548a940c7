import { z } from 'zod';
import { matchesPattern } from './pattern.ts';

/** Environments from the most to the least permissive; what no rule matches is `production`. */
export const ENVIRONMENTS = ['sandbox', 'development', 'staging', 'production'] as const;

export type Environment = (typeof ENVIRONMENTS)[number];

/**
 * One rule of `environments:` in the configuration. All the criteria that are present must match; within one criterion
 * any entry may. `stack_names` are patterns in which `*` stands for any run of characters; accounts and regions are
 * exact; tags are exact key and value.
 */
export const EnvironmentRule = z.strictObject({
  name: z.enum(ENVIRONMENTS),
  match: z
    .strictObject({
      stack_names: z.array(z.string().min(1)).min(1).optional(),
      accounts: z
        .array(z.string().regex(/^\d{12}$/, 'an account is 12 digits, in quotes'))
        .min(1)
        .optional(),
      regions: z.array(z.string().min(1)).min(1).optional(),
      tags: z
        .record(z.string(), z.string())
        .refine(
          (tags) => Object.keys(tags).length > 0,
          'tags needs at least one tag; without any it would match everything',
        )
        .optional(),
    })
    .refine(
      (match) => Object.keys(match).length > 0,
      'a rule needs at least one of stack_names, accounts, regions, tags',
    ),
  expire_after: z.string().optional(),
});

export type EnvironmentRule = z.infer<typeof EnvironmentRule>;

/**
 * What classification may look at. All of it comes from AWS or from the call's own region and target, never from the
 * agent's prose.
 */
export interface Subject {
  readonly account: string;
  readonly region: string;
  /** The stack that is or owns the target, if any. */
  readonly stackName?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** A plan's targets as environment rules see them. */
export function subjectsOf(plan: {
  readonly account: string;
  readonly region: string;
  readonly targets: readonly {
    readonly stack_name?: string | undefined;
    readonly tags: Readonly<Record<string, string>>;
  }[];
}): readonly Subject[] {
  const { account, region, targets } = plan;
  return targets.map(({ stack_name, tags }) => ({ account, region, stackName: stack_name, tags }));
}

/** The stricter of two. */
export function stricter(a: Environment, b: Environment): Environment {
  return ENVIRONMENTS.indexOf(a) >= ENVIRONMENTS.indexOf(b) ? a : b;
}

/** The strictest environment among the subjects; no subject at all is `production`. */
export function environmentOf(rules: readonly EnvironmentRule[], subjects: readonly Subject[]): Environment {
  const found = subjects.map((subject) => rules.find((rule) => matches(rule, subject))?.name ?? 'production');
  return found.reduce(stricter, found[0] ?? 'production');
}

function matches({ match }: EnvironmentRule, subject: Subject): boolean {
  if (match.accounts && !match.accounts.includes(subject.account)) return false;
  if (match.regions && !match.regions.includes(subject.region)) return false;
  const { stackName } = subject;
  if (match.stack_names && !match.stack_names.some((one) => stackName !== undefined && matchesPattern(one, stackName)))
    return false;
  return Object.entries(match.tags ?? {}).every(
    ([key, value]) => Object.hasOwn(subject.tags, key) && subject.tags[key] === value,
  );
}
