import type { Impact } from '../../../src/kernel/plan.ts';
import type { Stack } from '../../ports/cloudformation.ts';
import { isRetained, NESTED_STACK, type OwnedResource } from '../stack/inventory.ts';

/** @param notes what else a person should know before the stack goes */
export function stackLine(stack: Stack, notes: readonly string[]): Impact {
  return {
    resource: stack.stack_id,
    type: NESTED_STACK,
    effect: 'delete',
    detail: [`the stack ${stack.stack_name} itself, ${stack.stack_status}`, ...notes].join('; '),
    recoverable: false,
  };
}

/**
 * A resource that the deletion keeps: by its policy, or named in `retain_resources`. What is in a kept nested stack
 * isn't listed at all.
 */
export function isKept(resource: OwnedResource, retain: readonly string[]): boolean {
  return isNamed(resource, retain) || isRetained(resource.policies);
}

function isNamed({ path, logical_id }: OwnedResource, retain: readonly string[]): boolean {
  return path.length === 0 && retain.includes(logical_id);
}

/** @param note what is known of it besides its policies */
export function resourceLine(resource: OwnedResource, retain: readonly string[], note: string | undefined): Impact {
  const { policies, logical_id, path, type } = resource;
  const policy = policies?.deletion_policy;
  const name = [...path, logical_id].join('/');
  const line = { resource: resource.physical_id || logical_id, type };
  if (isKept(resource, retain)) {
    const why = isNamed(resource, retain) ? 'named in retain_resources' : `DeletionPolicy ${policy}`;
    return {
      ...line,
      effect: 'weaken',
      detail: `${name} stays (${why}), but no stack manages it any more`,
      recoverable: true,
    };
  }
  const also = note === undefined ? '' : `; ${note}`;
  const byDefault = policy === undefined && policies?.snapshot_by_default === true;
  if (policy === 'Snapshot' || byDefault) {
    const why = byDefault ? ' (the default of its type, as it has no DeletionPolicy)' : '';
    return {
      ...line,
      effect: 'delete',
      detail: `${name}: deleted after a final snapshot${why}${also}`,
      recoverable: true,
    };
  }
  const computed = policy !== undefined && policy !== 'Delete';
  return {
    ...line,
    effect: 'delete',
    detail: computed
      ? `${name}: its DeletionPolicy is worked out by AWS, so counted as deleted${also}`
      : `${name}: deleted${also}`,
    recoverable: false,
  };
}
