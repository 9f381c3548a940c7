import { z } from 'zod';
import { matchesPattern } from './pattern.ts';
import { namesOf, type Target } from './target.ts';

/** Environments from the most to the least permissive; what no rule matches is `production`. */
export const ENVIRONMENTS = ['sandbox', 'development', 'staging', 'production'] as const;

export type Environment = (typeof ENVIRONMENTS)[number];

const Patterns = z.array(z.string().min(1)).min(1).optional();

/**
 * One rule of `environments:` in the configuration. All the criteria that are present must match; within one criterion
 * any entry may. Accounts and regions are exact; tags are exact key and value; every other criterion is a list of
 * patterns for names of one kind, in which `*` stands for any run of characters.
 */
export interface EnvironmentRule {
  readonly name: Environment;
  readonly match: {
    readonly accounts?: readonly string[] | undefined;
    readonly regions?: readonly string[] | undefined;
    readonly tags?: Readonly<Record<string, string>> | undefined;
    readonly [kind: `${string}_names`]: readonly string[] | undefined;
  };
  readonly expire_after?: string | undefined;
}

/** @param kinds the kinds of names that targets have: `KIND_name`, which a rule matches as `KIND_names` */
export function environmentRule<K extends `${string}_name`>(kinds: readonly K[]) {
  const names = Object.fromEntries(kinds.map((kind) => [`${kind}s`, Patterns])) as Record<`${K}s`, typeof Patterns>;
  const match = z.strictObject({
    ...names,
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
  });
  const needs = `a rule needs at least one of ${Object.keys(match.shape).join(', ')}`;
  return z.strictObject({
    name: z.enum(ENVIRONMENTS),
    match: match.refine((given) => Object.keys(given).length > 0, needs),
    expire_after: z.string().optional(),
  });
}

/**
 * What classification may look at. All of it comes from AWS or from the call's own region and target, never from the
 * agent's prose.
 */
export interface Subject {
  readonly account: string;
  readonly region: string;
  /** What the target is or is part of, by its kind. */
  readonly names: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A plan's targets as environment rules see them. */
export function subjectsOf(plan: {
  readonly account: string;
  readonly region: string;
  readonly targets: readonly Target[];
}): readonly Subject[] {
  const { account, region, targets } = plan;
  return targets.map((target) => ({ account, region, names: namesOf(target), tags: target.tags }));
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

function matches({ match: { accounts, regions, tags = {}, ...names } }: EnvironmentRule, subject: Subject): boolean {
  if (accounts && !accounts.includes(subject.account)) return false;
  if (regions && !regions.includes(subject.region)) return false;
  // A name that the subject hasn't matches no pattern: what isn't known makes nothing more permissive.
  const named = Object.entries(names).every(([kinds, patterns]) => {
    const name = subject.names[kinds.replace(/s$/, '')];
    return patterns === undefined || (name !== undefined && patterns.some((one) => matchesPattern(one, name)));
  });
  return (
    named &&
    Object.entries(tags).every(([key, value]) => Object.hasOwn(subject.tags, key) && subject.tags[key] === value)
  );
}
