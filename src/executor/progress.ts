import { stableJson } from '../kernel/digest.ts';
import type { Progress } from '../kernel/progress.ts';
import type { Claim, ExecutorStore } from '../store/port.ts';

/** What is over by then is told by its outcome alone. */
const FIRST_MS = 2_000;
/** How often at most; what takes hours says so for hours. */
const TELL_MS = 5_000;

/** Tells how far AWS says that a ticket is: where that is news, and not more often than people can read it. */
export function progressOf(
  store: Pick<ExecutorStore, 'progressed'>,
  claim: Claim,
): (progress: Progress | undefined) => Promise<void> {
  let [told, until] = ['', performance.now() + FIRST_MS];
  return async (progress) => {
    if (!progress || performance.now() < until || stableJson(progress) === told) return;
    [told, until] = [stableJson(progress), performance.now() + TELL_MS];
    // Nothing rests on it: watching goes on where it can't be written.
    await store.progressed(claim, progress).catch(() => undefined);
  };
}
