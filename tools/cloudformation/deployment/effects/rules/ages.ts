import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { isOff, isSettings, member } from '../resource-settings.ts';
import { labelOf, type Place, say } from './place.ts';
import { documentOf, hasEntry, isUnreadable } from './reading.ts';

/**
 * Members of a rule that name it, choose what it is for, or move things to other storage. A rule with any other deletes
 * something. Parts of uploads that were never finished are nothing that is stored.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
const DELETES_NOTHING =
  /^(Id|ID|Status|Prefix|Filter|TagFilters|ObjectSize(Greater|Less)Than|AbortIncompleteMultipartUpload|(Noncurrent(Version)?)?Transition\w*)$/;

/** Rules by which stored things are deleted as they age. Those that were there before, as they are, don't count. */
export function ages(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  const known = rulesOf(before) ?? [];
  const rules = rulesOf(after);
  const deletes = rules === undefined || rules.some((rule) => !hasEntry(known, rule) && mayDelete(rule));
  return deletes ? say(place, 'delete', `${labelOf(place)} deletes data as it ages`) : [];
}

/** Undefined for what can't be read. */
function rulesOf(value: Json | undefined): readonly Json[] | undefined {
  if (value === undefined || value === null) return [];
  const document = documentOf(value);
  if (document === undefined) return undefined;
  if (Array.isArray(document)) return document;
  const inner = ['Rules', 'rules', 'LifecyclePolicyText'].map((name) => member(document, name));
  const found = inner.find((one) => one !== undefined);
  if (found === undefined) return [document];
  return Array.isArray(found) ? found : rulesOf(found);
}

function mayDelete(rule: Json): boolean {
  if (!isSettings(rule) || isUnreadable(rule)) return true;
  if (rule.Status !== undefined && isOff(rule.Status)) return false;
  return Object.keys(rule).some((name) => !DELETES_NOTHING.test(name));
}
