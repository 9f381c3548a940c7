import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '../../src/kernel/digest.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { boundedText } from '../../src/kernel/safe-text.ts';
import type { Look } from '../../src/store/port.ts';
import type { Desk } from '../desk.ts';
import type { Identity } from '../keys/signer.ts';

/** A person's name is shorter; what is longer is someone's attempt to write into the log. */
export const LONGEST_CLAIM = 100;

/** For so long a person waits for a log that is kept locked, to see a ticket. */
const LOG_MS = 1_000;

/**
 * Notes in the log that a ticket was opened for review, and by whom as they say; call it before what is shown leaves.
 * Where the log can't be written just now, or only later, the ticket is shown all the same: nothing can be decided
 * then, and people must see what is going on.
 */
export async function noteLook({ store }: Pick<Desk, 'store'>, { ticket, door, claimed }: Look): Promise<void> {
  const noted = store.noteLook({ ticket, door, claimed: claimed && boundedText(claimed, LONGEST_CLAIM, sha256) });
  const shown = new AbortController();
  const late = sleep(LOG_MS, undefined, { signal: shown.signal });
  try {
    await Promise.race([noted, late]);
  } catch (error) {
    const unwritable = error instanceof HoldshortError && UNWRITABLE.has(error.code);
    if (!unwritable) throw error;
  } finally {
    noted.catch(() => undefined);
    shown.abort();
    late.catch(() => undefined);
  }
}

const UNWRITABLE: ReadonlySet<string> = new Set(['store_unavailable', 'clock_went_back']);

/**
 * The name that decides by default, as anyone who opens a ticket claims it; unchecked, for looking asks for no name.
 */
export function nameClaimed({ as, env, osUser }: Identity): string {
  return as ?? (env.HOLDSHORT_APPROVER || osUser);
}
