import type { Cloud } from '../cloud.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { Stack, StackOperation } from './model.ts';
import { type Following, ResourceFailure } from './resource.ts';

export interface Failed {
  readonly logicalId: string;
  readonly reason: string;
}

/** What to do when the work on a resource is done, and, where it takes as long as it takes, whether it is. */
export type Completion = (() => void) | (Following & { complete(): void });

export function completion(following: Following | undefined, complete: () => void): Completion {
  return following ? { ...following, complete } : complete;
}

/** Begins work on a resource. @returns undefined where there is nothing to do */
export type Begin = (logicalId: string) => Completion | undefined;

/**
 * Works through groups of resources: a group begins at once together, takes one latency, and the next follows when all
 * of it is done. Unless told to go on, stops after the group in which something failed.
 */
export function runWaves(
  cloud: Cloud,
  stack: Stack,
  operation: StackOperation,
  waves: readonly (readonly string[])[],
  begin: Begin,
  ended: (failures: readonly Failed[]) => void,
  onFailure: 'stop' | 'go on' = 'stop',
  earlier: readonly Failed[] = [],
): void {
  const [wave, ...rest] = waves;
  if (!wave) {
    ended(earlier);
    return;
  }
  const completions: [string, Completion][] = [];
  const failures = [...earlier];
  for (const logicalId of wave) {
    try {
      const complete = begin(logicalId);
      if (complete) completions.push([logicalId, complete]);
    } catch (error) {
      // A template that can't be resolved now, or a resource that can't be made, fails that resource, not the sandbox.
      if (!(error instanceof ApiFailure || error instanceof ResourceFailure)) throw error;
      failures.push({ logicalId, reason: error.message });
    }
  }
  const next = () => {
    if (stack.current !== operation) return;
    const pending = completions.flatMap(([, one]) => (typeof one !== 'function' && one.pending() ? [one] : []));
    if (pending.length > 0) {
      const until = Math.max(...pending.map((one) => one.until ?? 0));
      cloud.after(Math.max(cloud.latencyMs, until - cloud.time()), next);
      return;
    }
    for (const [logicalId, one] of completions) {
      const reason = typeof one === 'function' ? undefined : one.failure();
      if (reason !== undefined) failures.push({ logicalId, reason });
      else if (typeof one === 'function') one();
      else one.complete();
    }
    if (failures.length > 0 && onFailure === 'stop') ended(failures);
    else runWaves(cloud, stack, operation, rest, begin, ended, onFailure, failures);
  };
  if (completions.length === 0 && failures.length === earlier.length) next();
  else cloud.after(cloud.latencyMs, next);
}
