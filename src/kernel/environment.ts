import { z } from 'zod';
import { matchesPattern } from './pattern.ts';
import { REGION } from './region.ts';
import { namesOf, type Target } from './target.ts';

/** Environments from the most to the least permissive; what no rule matches is `production`. */
export const ENVIRONMENTS = ['sandbox', 'development', 'staging', 'production'] as const;

export type Environment = (typeof ENVIRONMENTS)[number];

/** Of a region that is misspelt a rule would match nothing, without a word. */
export const RegionName = z.string().regex(REGION, 'must be a region, as in eu-west-1');

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
    regions: z.array(RegionName).min(1).optional(),
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
 * One entry of `known:`: whose an existing thing is that changes reach, where AWS can't tell it, or where it is shared.
 * `id` is a pattern for its ARN, id or name, in which `*` stands for any run of characters.
 */
export const KnownThing = z.strictObject({
  id: z.string().min(1).max(2048),
  environment: z.enum(ENVIRONMENTS),
});
export type KnownThing = z.infer<typeof KnownThing>;

/** With the account whose changes the line is for; without one it is for all that there are. */
type KnownLine = KnownThing & { readonly account?: string };

/** What tells environments apart. */
export interface EnvironmentRules {
  readonly environments: readonly EnvironmentRule[];
  readonly known: readonly KnownLine[];
}

/**
 * What classification may look at. All of it comes from AWS or from the call's own region and target, never from the
 * agent's prose.
 */
export interface Subject {
  /** `unknown` where it can't be told, and so for the region. */
  readonly account: string;
  readonly region: string;
  /** What the target is or is part of, by its kind. */
  readonly names: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Neither names nor tags are known. */
  readonly owner?: 'unknown' | undefined;
  /** By what `known:` finds it, and in which account's changes; absent for what isn't only reached. */
  readonly known_by?: readonly string[] | undefined;
  readonly known_in?: string | undefined;
}

/** A plan's targets as environment rules see them. */
export function subjectsOf(plan: {
  readonly account: string;
  readonly region: string;
  readonly targets: readonly Target[];
}): readonly Subject[] {
  return plan.targets.map((target) => ({
    account: target.account ?? plan.account,
    region: target.region ?? plan.region,
    names: namesOf(target),
    tags: target.tags,
    ...(target.owner && { owner: target.owner }),
    ...(target.reached && !target.nameless && { known_by: knownBy(target), known_in: plan.account }),
  }));
}

/**
 * A thing elsewhere is known by its ARN alone: a name of its own is any account's to give. In which region it belongs
 * can't be told of IAM's, whose names hold in all of the account.
 */
function knownBy({ id, name, account, region = 'unknown' }: Target): readonly string[] {
  return account === undefined && region === 'unknown' ? [id, name] : id.startsWith('arn:') ? [id] : [];
}

/** Does a line of `known:` say whose it is, for changes in that account? */
export function isKnown(known: EnvironmentRules['known'], target: Target, account: string): boolean {
  return !target.nameless && lineFor(known, knownBy(target), account) !== undefined;
}

/** Names are each account's to give: the line of one says nothing of what another calls the same. */
function lineFor(
  known: EnvironmentRules['known'],
  names: readonly string[] = [],
  of: string | undefined,
): KnownThing | undefined {
  return known.find(({ id, account = of }) => account === of && names.some((name) => matchesPattern(id, name)));
}

/** The stricter of two. */
function stricter(a: Environment, b: Environment): Environment {
  return ENVIRONMENTS.indexOf(a) >= ENVIRONMENTS.indexOf(b) ? a : b;
}

/** The strictest environment among the subjects; no subject at all is `production`. */
export function environmentOf(rules: EnvironmentRules, subjects: readonly Subject[]): Environment {
  const found = subjects.map((subject) => environmentOfOne(rules, subject));
  return found.reduce(stricter, found[0] ?? 'production');
}

/** What of a change says how strict it is. */
interface Counting {
  /** Once it is planned. */
  readonly environment?: Environment | undefined;
  readonly account: string;
  readonly region: string;
  readonly targets: readonly Target[];
  readonly restores?: { readonly environment: Environment } | undefined;
}

/**
 * What a change counts as: of what its targets say by the rules of now, of what it was planned as, and of what it
 * brings back, the strictest. The attacker deletes a production thing with a person's yes, and has it brought back
 * where nobody is asked: what will be made has no tags yet.
 */
export function countsAs(rules: EnvironmentRules, change: Counting): Environment {
  const then = [change.environment, change.restores?.environment].filter((one) => one !== undefined);
  return then.reduce(stricter, environmentOf(rules, subjectsOf(change)));
}

/** The strictest that any rule could give it, as far as rules before that one leave it open. */
function environmentOfOne({ environments, known }: EnvironmentRules, subject: Subject): Environment {
  const told = lineFor(known, subject.known_by, subject.known_in);
  if (told) return told.environment;
  const possible: Environment[] = [];
  for (const rule of environments) {
    const matching = matches(rule, subject);
    if (matching !== 'no') possible.push(rule.name);
    if (matching === 'yes') return possible.reduce(stricter);
  }
  return 'production';
}

/** Whatever isn't known may be what the rule asks for, and may not. */
function matches({ match }: EnvironmentRule, subject: Subject): 'yes' | 'maybe' | 'no' {
  const { accounts, regions, tags, ...names } = match;
  const answers = [
    ...(accounts ? [includes(accounts, subject.account)] : []),
    ...(regions ? [includes(regions, subject.region)] : []),
    ...(tags || Object.values(names).some((patterns) => patterns !== undefined)
      ? [subject.owner === 'unknown' ? ('maybe' as const) : matchesOwner(match, subject)]
      : []),
  ];
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

function includes(wanted: readonly string[], is: string): 'yes' | 'maybe' | 'no' {
  return wanted.includes(is) ? 'yes' : is === 'unknown' ? 'maybe' : 'no';
}

function matchesOwner(
  { accounts: _, regions: __, tags = {}, ...names }: EnvironmentRule['match'],
  subject: Subject,
): 'yes' | 'no' {
  // A name that the subject hasn't matches no pattern: what isn't known makes nothing more permissive.
  const named = Object.entries(names).every(([kinds, patterns]) => {
    const name = subject.names[kinds.replace(/s$/, '')];
    return patterns === undefined || (name !== undefined && patterns.some((one) => matchesPattern(one, name)));
  });
  const tagged = Object.entries(tags).every(
    ([key, value]) => Object.hasOwn(subject.tags, key) && subject.tags[key] === value,
  );
  return named && tagged ? 'yes' : 'no';
}
