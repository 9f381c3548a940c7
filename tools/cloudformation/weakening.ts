import type { PropertyChange, ResourceChange, ResourcePolicies } from '../ports/cloudformation.ts';

/** How much each policy keeps. What AWS works out itself counts as the most before and the least after. */
function strength(policy: string | undefined, when: 'before' | 'after'): number {
  if (policy === undefined || policy === 'Delete') return 0;
  if (policy === 'Snapshot') return 1;
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate') return 2;
  return when === 'before' ? 2 : 0;
}

/** Which of a resource's policies would keep less than they do now? */
export function weakenedPolicies(
  before: ResourcePolicies | undefined,
  after: ResourcePolicies | undefined,
): readonly string[] {
  if (!before || !after) return [];
  const named = [
    ['DeletionPolicy', before.deletion_policy, after.deletion_policy],
    ['UpdateReplacePolicy', before.update_replace_policy, after.update_replace_policy],
  ] as const;
  return named.flatMap(([name, was, is]) =>
    strength(is, 'after') < strength(was, 'before') ? [`${name} ${was} becomes ${is ?? 'none'}`] : [],
  );
}

/** On: protected. */
const PROTECTIONS =
  /^(DeletionProtection|DeletionProtectionEnabled|DeletionProtectionCheck|TerminationProtection|TerminationProtectionEnabled|EnableTerminationProtection|DisableApiTermination|DisableApiStop|EnableKeyRotation|PointInTimeRecoverySpecification|VersioningConfiguration|ObjectLockConfiguration|ObjectLockEnabled|EnableLogFileValidation|IsLogging|StorageEncrypted|NewInstancesProtectedFromScaleIn|CopyTagsToSnapshot|DeleteAutomatedBackups)$/;

/** Days and counts: less is weaker. */
const RETENTION =
  /^(BackupRetentionPeriod|AutomatedSnapshotRetentionPeriod|RetentionInDays|PreferredBackupWindow|BackupPolicy|SnapshotRetentionLimit)$/;

/** Load balancers keep deletion protection in a list of attributes. */
const ATTRIBUTE_LISTS = /^LoadBalancerAttributes$/;

/** Does a changed property take away a protection? */
export function weakenedProperties(change: ResourceChange): readonly string[] {
  return change.properties.flatMap((property) => {
    const { attribute, name = '', before, after } = property;
    if (attribute === 'Tags' || name === 'Tags')
      return weakensTags(property) ? ['existing tags are changed or removed'] : [];
    if (attribute !== 'Properties') return [];
    if (PROTECTIONS.test(name)) return isOn(after) ? [] : [`${name} is no longer on`];
    if (ATTRIBUTE_LISTS.test(name))
      return /deletion_protection\.enabled"[^}]*"true"/.test(after ?? '')
        ? []
        : [`${name} without deletion protection`];
    if (RETENTION.test(name) && !(Number(after) >= Number(before))) return [`${name} may keep less`];
    return [];
  });
}

/** `true`, or a document that says so and nothing to the contrary. */
function isOn(after: string | undefined): boolean {
  if (after === undefined) return false;
  if (/^[{[]/.test(after)) return /true|"Enabled"/.test(after) && !/false|"Suspended"|"Disabled"/.test(after);
  return /^(true|active|enabled)$/i.test(after);
}

/** Classification, access and backups rest on tags: new ones do no harm, existing ones that change or go may. */
function weakensTags({ before, after }: PropertyChange): boolean {
  // A single tag by path that wasn't there before.
  if (before === undefined && after !== undefined) return false;
  const was = tagsIn(before);
  const is = tagsIn(after);
  if (!was || !is) return true;
  return [...was].some(([key, value]) => is.get(key) !== value);
}

function tagsIn(text: string | undefined): Map<string, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    const entries = Array.isArray(parsed)
      ? parsed.map((tag: { Key?: unknown; Value?: unknown }): [string, string] => [String(tag.Key), String(tag.Value)])
      : Object.entries(parsed as object).map(([key, value]): [string, string] => [key, String(value)]);
    return new Map(entries);
  } catch {
    return undefined;
  }
}
