import type { AuditEvent } from '../src/audit/entry.ts';
import { HoldshortError, type RefusalCode } from '../src/kernel/errors.ts';
import type { Desk } from './desk.ts';

/** Nothing was decided or asked for yet, or the log itself is what failed. */
const NOT_REJECTIONS: ReadonlySet<RefusalCode> = new Set([
  'usage',
  'not_found',
  'store_unavailable',
  'clock_went_back',
]);

type Rejected = AuditEvent & { readonly type: 'decision.rejected' | 'approver.rejected' };

/**
 * Runs an attempt to decide or to change who may; one that is refused stands in the log like one that succeeds, because a refused
 * attempt may be an attack. The refusal itself goes on to the caller.
 * @param event what to record then; as a function where it is only known by then
 */
export async function recordingRejection<T>(
  desk: Pick<Desk, 'store'>,
  event: Rejected | (() => Rejected),
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof HoldshortError && !NOT_REJECTIONS.has(error.code)) {
      const rejected = typeof event === 'function' ? event() : event;
      const detail = { ...rejected.detail, code: error.code, message: error.message };
      await desk.store.append({ ...rejected, outcome: 'refused', detail });
    }
    throw error;
  }
}
