import { acceptedText } from '../../src/kernel/accepted.ts';
import type { Registry } from '../../src/kernel/approvers.ts';
import { recoveryText } from '../../src/kernel/pinned.ts';

/** Someone with an admin's key file could sign any number of them. */
const MOST_SHOWN = 5;

/**
 * Each recovery and each accepted log, the newest first of either; said wherever people look, because it is how someone
 * would take an installation over.
 */
export function replacedText({ recoveries, accepted }: Registry): readonly string[] {
  return [
    ...newest(recoveries.map(recoveryText), 'recoveries'),
    ...newest(accepted.map(acceptedText), 'accepted logs'),
  ];
}

function newest(texts: readonly string[], what: string): readonly string[] {
  const shown = texts.slice(-MOST_SHOWN).toReversed();
  const more = texts.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} older ${what}`] : [])];
}
