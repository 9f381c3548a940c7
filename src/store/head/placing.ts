import { noHead, notContinued, olderAnchor, otherServer } from './failures.ts';
import { isSame, type Tree } from './following.ts';
import type { Anchor, Anchored, Head, Placed, Shared } from './port.ts';

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
export function reserve(own: Placed | undefined, anchor: Anchor, tree: Tree, server?: string): void {
  const head = seenWhole(own, tree);
  for (;;) {
    const before = anchor.read();
    if (isThere(before, head, server) || isReserved(before, head)) return;
    if (before?.server !== undefined && before.size > 0) throw otherServer(before, server);
    // Where a host was faster it is compared again: it saw nothing yet, and it is the last that can do so.
    if (anchor.replace(before, asOf(inFile(head), tree))) return;
  }
}

/**
 * The second: it was seen in the database, where it is, entry by entry. Twice is the same as once.
 * @throws log_not_continued where it was not reserved
 */
export function moveTo(own: Placed | undefined, anchor: Anchor, tree: Tree, server: string): void {
  const head = seenWhole(own, tree);
  const before = anchor.read();
  if (isThere(before, head, server)) return;
  if (!before || !isReserved(before, head)) throw olderAnchor(before ?? NOTHING, head);
  if (!anchor.replace(before, asOf({ ...head, server }, tree)))
    throw notContinued(head, 'another host went on meanwhile');
}

/** One of no entries is of that log, and not of whichever comes to be in its place. */
export function asOf(head: Placed, { log_id }: Tree): Shared {
  return head.size === 0 ? { ...head, log_id } : head;
}

/** Is the anchor's head one that another log than this came after? */
export function isOfOther(anchored: Anchored, { log_id }: Tree): boolean {
  return anchored.size === 0 && anchored.log_id !== log_id;
}

const NOTHING: Placed = { size: 0, peaks: [], at: '', accepted: 0 };

function seenWhole(head: Placed | undefined, tree: Tree): Placed {
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
