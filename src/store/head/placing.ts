import type { Frontier } from '../../audit/merkle.ts';
import { noHead, notContinued, olderAnchor, otherServer } from './failures.ts';
import { isSame } from './following.ts';
import type { Anchor, Anchored, Head, Placed } from './port.ts';

/*
 * A log that moves out of a file takes the anchor's head along in two steps. A host that saw the database while it was
 * empty would otherwise take in whatever comes to be there, at the very moment when it is committed.
 */

/**
 * The first step: all that was seen here was seen in the file, so that no host goes on in any database, whatever that
 * holds. Twice is the same as once.
 * @param tree where the file's log ends
 * @throws log_not_continued where something else was seen, or a host believes a database already
 */
export function reserve(own: Placed | undefined, anchor: Anchor, tree: Frontier, server?: string): void {
  const head = seenWhole(own, tree);
  for (;;) {
    const before = anchor.read();
    if (isThere(before, head, server) || isReserved(before, head)) return;
    if (before?.server !== undefined && before.size > 0) throw otherServer(before, server);
    // Where a host was faster it is compared again: it saw nothing yet, and it is the last that can do so.
    if (anchor.replace(before, inFile(head))) return;
  }
}

/**
 * The second: it was seen in the database, where it is, entry by entry. Twice is the same as once.
 * @throws log_not_continued where it was not reserved
 */
export function moveTo(own: Placed | undefined, anchor: Anchor, tree: Frontier, server: string): void {
  const head = seenWhole(own, tree);
  const before = anchor.read();
  if (isThere(before, head, server)) return;
  if (!before || !isReserved(before, head)) throw olderAnchor(before ?? NOTHING, head);
  if (!anchor.replace(before, { ...head, server })) throw notContinued(head, 'another host went on meanwhile');
}

const NOTHING: Placed = { size: 0, peaks: [], at: '', accepted: 0 };

function seenWhole(head: Placed | undefined, tree: Frontier): Placed {
  if (!head) throw noHead(tree.size);
  if (!isSame(head, tree)) throw notContinued(head, 'what is moved is not what was seen of it');
  return head;
}

/** Others may have gone on there by now. */
function isThere(before: Anchored | undefined, head: Head, server: string | undefined): boolean {
  return before?.server !== undefined && before.server === server && before.size > 0 && before.size >= head.size;
}

function isReserved(before: Anchored | undefined, head: Head): boolean {
  return before !== undefined && before.server === undefined && isSame(before, head);
}

function inFile({ size, peaks, at, accepted }: Placed): Placed {
  return { size, peaks, at, accepted };
}
