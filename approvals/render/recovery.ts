import type { Registry } from '../../src/kernel/approvers.ts';
import { recoveryText } from '../../src/kernel/pinned.ts';

/** Somebody with an admin's key file could sign any number of them. */
const MOST_SHOWN = 5;

/** Each recovery, the newest first; said wherever people look, because it is how somebody would take an installation over. */
export function recoveriesText({ recoveries }: Registry): readonly string[] {
  const shown = recoveries.slice(-MOST_SHOWN).toReversed();
  const more = recoveries.length - shown.length;
  return [...shown.map(recoveryText), ...(more > 0 ? [`and ${more} older recoveries`] : [])];
}
