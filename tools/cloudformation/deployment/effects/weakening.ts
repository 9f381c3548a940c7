import { type Json, stableJson } from '../../../../src/kernel/digest.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import {
  changedSettings,
  isOff,
  isOn,
  isSettings,
  isUntold,
  member,
  membersOf,
  type Setting,
  same,
} from './resource-settings.ts';

/**
 * On: protected. By pattern, as services name the same protection in many ways; a longer list only raises an effect.
 */
const PROTECTIONS =
  /(Deletion|Delete|Termination|Terminate|ScaleIn|Change|Scale)Protection|ProtectedFromScaleIn|^DisableApi|KeyRotation|PointInTimeRecovery|Versioning|ObjectLock|LogFileValidation|^IsLogging$|Encrypt|^SSE|Sse(Enabled|Specification)|^CopyTags|^MultiAZ$|AutomaticFailover|BackupPolicy|AutomaticBackup|^(Logging|Backup)|AccessLog|Logs?Exports|BackupWindow|HttpTokens|EventSelectors|^Replication(Configuration|Rule)s?$|MultiRegionTrail|GlobalServiceEvents|ImageTagMutability|PerformanceInsights|SnapshotOptions/;

/** Off: protected. */
const HAZARDS =
  /^(Force|Skip|Bypass)[A-Z]|^(DeleteAutomatedBackups|DeleteOnTermination|EmptyOnDelete|DeleteRepositoryOnDelete|DeleteAllPolicyResources)$/;

/** Days and counts: less is weaker. */
const RETENTION = /Retention|Retain|SnapshotLimit|PendingWindowInDays|RecoveryPeriod|RecoveryWindow/;

/** Keys without which what is encrypted can't be read. */
const KEYS = /^(Kms|KMS)\w*(Key|KeyId|KeyID|KeyArn)$/;

/** Load balancers and their kind keep protections in a list of attributes. */
const ATTRIBUTE_LISTS = /^(LoadBalancer|TargetGroup)Attributes$/;

const TAGS = /Tags$|^(Tag(Set|List|Specifications))$/;

/** Does a changed property, or a member of one, take away a protection? */
export function weakenedProperties(change: ResourceChange): readonly string[] {
  return changedSettings(change).flatMap((setting) => weakenedBy(setting) ?? []);
}

function weakenedBy(setting: Setting): string | undefined {
  const { name, path, label, before, after } = setting;
  // Environments, access and backups are chosen by tags: a new one may choose a milder rule as well as a changed one.
  if (TAGS.test(name) && !PROTECTIONS.test(name))
    return sameTags(before, after) ? undefined : `${label} change: environments, access and backups may rest on them`;
  if (/(^|\.)\w*Tags\./.test(path)) return undefined;
  if (ATTRIBUTE_LISTS.test(name)) return keepsAttributes(before, after) ? undefined : `${label} keep less`;
  // Anyone who shuts it down from within then loses it, with what is on its disks.
  if (name === 'InstanceInitiatedShutdownBehavior')
    return after === undefined || after === 'stop' ? undefined : `${label} ends it for good`;
  if (HAZARDS.test(name)) return isOff(after) && after !== undefined ? undefined : `${label} is no longer off`;
  if (KEYS.test(name)) return before === undefined && !isUntold(after) ? undefined : `${label} is another or none`;
  const counted = RETENTION.test(path) && !Number.isNaN(Number(before));
  if ((RETENTION.test(name) || counted) && !isDocument(before) && !isDocument(after))
    return keepsAsLong(before, after) ? undefined : `${label} may keep less`;
  if (PROTECTIONS.test(name)) return keeps(before, after) ? undefined : `${label} protects less`;
  return undefined;
}

/** Their order means nothing. */
function sameTags(before: Json | undefined, after: Json | undefined): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return same(before, after);
  const sorted = (tags: readonly Json[]) => tags.map(stableJson).sort();
  return same(sorted(before), sorted(after));
}

/** A number that is no less. */
function keepsAsLong(before: Json | undefined, after: Json | undefined): boolean {
  if (after === undefined || before === undefined || isUntold(before)) return false;
  return Number(after) >= Number(before);
}

/** Does a protection, or a document of them, still hold in each of its parts? */
function keeps(before: Json | undefined, after: Json | undefined): boolean {
  if (same(before, after)) return true;
  if (isUntold(after)) return false;
  if (after === undefined) return isOff(before);
  if (isDocument(after) || isDocument(before))
    return membersOf(before, after).every((key) => keeps(member(before, key), member(after, key)));
  if (isOn(after)) return true;
  if (isOff(after)) return before !== undefined && isOff(before);
  if (before === undefined) return true;
  return before !== null && Number(after) >= Number(before);
}

function isDocument(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

/** `[{"Key":"deletion_protection.enabled","Value":"true"}]`: nothing that was on is off. */
function keepsAttributes(before: Json | undefined, after: Json | undefined): boolean {
  if (isUntold(after) || !(before === undefined || Array.isArray(before))) return false;
  const is = attributesIn(after);
  return [...attributesIn(before)].every(([key, value]) => !isOn(value) || isOn(is.get(key)));
}

function attributesIn(list: Json | undefined): ReadonlyMap<string, Json | undefined> {
  const pairs = Array.isArray(list) ? list.filter(isSettings) : [];
  return new Map(pairs.map((pair) => [String(pair.Key), pair.Value]));
}
