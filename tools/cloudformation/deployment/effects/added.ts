import type { ResourceChange, TemplateFacts } from '../../../ports/cloudformation.ts';

/**
 * Logical ids of what a change set surely makes new: nobody uses it yet, and nothing is in it. What AWS lists twice, or
 * the template that the stack runs has already, isn't.
 */
export function addedBy(changes: readonly ResourceChange[], present: TemplateFacts | undefined): ReadonlySet<string> {
  const added = new Set<string>();
  const others = new Set(Object.keys(present?.resources ?? {}));
  for (const { action, logical_id, doubts } of changes) {
    if (action === 'Add' && doubts.length === 0 && !others.has(logical_id)) added.add(logical_id);
    else added.delete(logical_id);
    others.add(logical_id);
  }
  return added;
}
