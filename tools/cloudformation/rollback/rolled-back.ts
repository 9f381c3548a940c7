import type { Impact } from '../../../src/kernel/plan.ts';
import type { ResourcePolicies } from '../../ports/cloudformation.ts';

/** What an operation that isn't at its end did to a resource. */
export interface Touched {
  readonly logical_id: string;
  readonly type: string;
  /** The physical resources that the operation made, oldest first. */
  readonly made: readonly string[];
  /** The one before, when there was one. */
  readonly before: string | undefined;
  readonly change: 'created' | 'replaced' | 'updated';
  readonly status: string;
}

/**
 * What a rollback does to it. What the operation made is deleted, whatever its policy but Retain; what it only changed
 * is changed back.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function rolledBack(
  { logical_id, type, made, before, change, status }: Touched,
  policies: ResourcePolicies | undefined,
  path: readonly string[],
): Impact {
  const line = { resource: made.at(-1) ?? before ?? logical_id, type };
  const name = [...path, logical_id].join('/');
  const failed = status.endsWith('_FAILED') ? `, ${status}` : '';
  if (change === 'updated') {
    const detail = `${name}${failed}: changed back to what it was before the update`;
    return { ...line, effect: 'disrupt', detail, recoverable: true };
  }
  if (change === 'replaced') {
    const detail = `${name}${failed}: the update made a new one (${made.join(', ')}), which is deleted; the old one (${before}) is used again`;
    return { ...line, effect: 'replace', detail, recoverable: false };
  }
  // RetainExceptOnCreate is made for this: it keeps nothing that a rolled back operation has created.
  if (policies?.deletion_policy === 'Retain') {
    const detail = `${name} stays (DeletionPolicy Retain), but no stack manages it any more`;
    return { ...line, effect: 'weaken', detail, recoverable: true };
  }
  return { ...line, effect: 'delete', detail: `${name}: made by this operation, deleted`, recoverable: false };
}
