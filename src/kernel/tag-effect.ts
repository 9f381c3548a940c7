import { sha256 } from './digest.ts';
import type { EnvironmentRules } from './environment.ts';
import { bounded } from './safe-text.ts';

/** What says whether something may rest on a tag. */
export interface TagRules extends Pick<EnvironmentRules, 'environments'> {
  /** Keys on which nothing rests, as the configuration says. */
  readonly tags_without_effect: readonly string[];
}

/** Keys by which people find things, whatever the configuration says. */
const FOR_READING: readonly string[] = ['Name', 'Description'];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u;

const SHOWN = 6;

/**
 * Does nothing rest on a tag of this key? On any other an environment, access, a backup or an owner may, also when it
 * is new: the attacker is an agent that gives a thing the tag by which a milder rule finds it.
 */
export function isWithoutEffect(key: string, rules: TagRules): boolean {
  const isNamed = FOR_READING.includes(key) || rules.tags_without_effect.includes(key);
  return isNamed && whyNotListed(key, rules) === undefined;
}

/** Why the configuration can't say that nothing rests on a key; undefined where it can. */
export function whyNotListed(key: string, { environments }: Pick<TagRules, 'environments'>): string | undefined {
  if (key.includes('*')) return 'must be a whole key; there is no wildcard';
  if (!KEY.test(key)) return 'must be the key of a tag (1 to 128 letters, digits, spaces and _.:/=+@-)';
  if (/^(aws|holdshort):/i.test(key))
    return 'must not begin with "aws:" or "holdshort:", by which it is known what made a thing; take it out';
  const [low, matched] = [key.toLowerCase(), environments.flatMap(({ match }) => Object.keys(match.tags ?? {}))];
  // IAM has one tag for `Env` and `env`.
  if (matched.some((one) => one.toLowerCase() === low))
    return 'is a key by which rules of environments tell them apart; take it out of this list, or match those environments by accounts, regions or names instead';
  return undefined;
}

/** For the line of a change of tags that is held: how it is settled where nothing rests on them. */
export function settling(keys: readonly string[], rules: TagRules): string {
  const open = keys.filter((key) => whyNotListed(key, rules) === undefined);
  if (open.length === 0) return '';
  const shown = open.slice(0, SHOWN).map((key) => `"${bounded(key, 80, sha256)}"`);
  const left = open.length - shown.length;
  const names = `${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  return `; where nothing rests on ${names}, the configuration can say so: tags.without_effect`;
}
