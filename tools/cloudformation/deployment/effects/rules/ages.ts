import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { isOff, isSettings, member, membersOf, same } from '../resource-settings.ts';
import { labelOf, type Place, say } from './place.ts';
import { documentOf, hasEntry, isDocument, isUnreadable, numberOf } from './reading.ts';

/**
 * Members of a rule that name it, choose what it is for, or move things to other storage. A rule with any other deletes
 * something. Parts of uploads that were never finished are nothing that is stored.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
const DELETES_NOTHING =
  /^(Id|ID|Status|Prefix|Filter|TagFilters|ObjectSize(Greater|Less)Than|AbortIncompleteMultipartUpload|(Noncurrent(Version)?)?Transition\w*)$/;

/** How long or how many a rule keeps. Where all else is the same, more of these deletes no more than before. */
const KEEPS =
  /^(ExpirationInDays|NoncurrentVersionExpirationInDays|NoncurrentDays|NewerNoncurrentVersions|countNumber|MinIndexRetention)$/;

/** Storage from which things are read at once, in more than one place. */
const AT_HAND = /^(STANDARD|STANDARD_IA|INTELLIGENT_TIERING|GLACIER_IR)$/;

/** Rules by which stored things are deleted as they age. Those that were there before, as they are, don't count. */
export function ages(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const known = rulesOf(before) ?? [];
  const rules = rulesOf(after);
  const added = (rules ?? []).filter((rule) => !hasEntry(known, rule));
  const deletes =
    rules === undefined ||
    added.some((rule) => mayDelete(rule) && !known.some((one) => keeps(one, rule))) ||
    unprotects(known, rules);
  const away = [...new Set(added.filter(isOnRule).flatMap(storageIn))].filter((storage) => !AT_HAND.test(storage));
  const [single, slow] = [away.includes('ONEZONE_IA'), away.some((storage) => storage !== 'ONEZONE_IA')];
  return [
    ...(deletes ? say(place, 'delete', `${labelOf(place)} deletes data as it ages`) : []),
    ...(single ? say(place, 'weaken', `${labelOf(place)} moves data to storage in one place alone`) : []),
    ...(slow ? say(place, 'disrupt', `${labelOf(place)} moves data to where it must be fetched back for hours`) : []),
  ];
}

/** Undefined for what can't be read. */
function rulesOf(value: Json | undefined): readonly Json[] | undefined {
  if (value === undefined || value === null) return [];
  const document = documentOf(value);
  if (document === undefined) return undefined;
  if (Array.isArray(document)) return document;
  const inner = ['Rules', 'rules', 'LifecyclePolicyText'].map((name) => member(document, name));
  const [found, ...more] = inner.filter((one) => one !== undefined);
  if (found === undefined) return [document];
  // Which of them AWS reads isn't told.
  if (more.length > 0) return undefined;
  return Array.isArray(found) ? found : rulesOf(found);
}

function mayDelete(rule: Json): boolean {
  if (!isSettings(rule) || isUnreadable(rule)) return true;
  if (rule.Status !== undefined && isOff(rule.Status)) return false;
  if (String(rule.NoMinIndexRetention) === 'true') return false;
  return Object.keys(rule).some((name) => !DELETES_NOTHING.test(name));
}

function isOnRule(rule: Json): boolean {
  return !isSettings(rule) || rule.Status === undefined || !isOff(rule.Status);
}

/** All that a rule of S3's moves things to. */
function storageIn(rule: Json): readonly string[] {
  if (!isSettings(rule)) return [];
  const { Transition, Transitions, NoncurrentVersionTransition, NoncurrentVersionTransitions } = rule;
  const moves = [Transition, Transitions, NoncurrentVersionTransition, NoncurrentVersionTransitions].flat();
  return moves.flatMap((move) => (move === undefined ? [] : [String(member(move, 'StorageClass'))]));
}

/**
 * Does a rule go that kept another from what it was for? ECR deletes nothing by a rule of what one with a smaller
 * priority matches; OpenSearch goes by the most exact pattern of names.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-lifecycle.html
 */
function unprotects(known: readonly Json[], rules: readonly Json[]): boolean {
  const ranked = known.filter((rule) => [RANK, 'ResourceType'].some((name) => member(rule, name) !== undefined));
  const gone = ranked.filter((rule) => !hasEntry(rules, rule) && !rules.some((other) => keeps(rule, other)));
  const isBefore = (rule: Json, other: Json) => (rankOf(rule) ?? Number.NaN) < (rankOf(other) ?? Number.NaN);
  return gone.some((rule) => rules.some((other) => mayDelete(other) && !isBefore(other, rule)));
}

const RANK = 'rulePriority';

function rankOf(rule: Json): number | undefined {
  return numberOf(member(rule, RANK));
}

/** A number, or a time in days or hours, as hours. */
function amountOf(value: Json | undefined): number | undefined {
  const [, time, unit] = /^(\d+)([dh])$/.exec(typeof value === 'string' ? value : '') ?? [];
  return time === undefined ? numberOf(value) : Number(time) * (unit === 'd' ? 24 : 1);
}

/** Is a rule the one that was there before, but for keeping longer or more? */
function keeps(was: Json | undefined, is: Json | undefined, name = ''): boolean {
  if (KEEPS.test(name)) {
    const [few, many] = [amountOf(was), amountOf(is)];
    return few !== undefined && many !== undefined && many >= few;
  }
  if (!isDocument(was) || !isDocument(is) || Array.isArray(was) !== Array.isArray(is)) return same(was, is);
  return membersOf(was, is).every((key) => keeps(member(was, key), member(is, key), key));
}
