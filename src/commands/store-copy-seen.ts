import { join } from 'node:path';
import { appendLeaf, EMPTY_FRONTIER, leafHash, peaksOf } from '../audit/merkle.ts';
import type { AnchorFolder } from '../store/anchor/anchor.ts';
import { otherServer, shorter } from '../store/head/failures.ts';
import { readHeadFile } from '../store/head/file.ts';
import { isSame, type Tree } from '../store/head/following.ts';
import { type Keeper, keeperOf } from '../store/head/keeper.ts';
import type { Kept } from '../store/head/kept.ts';
import type { Anchored } from '../store/head/port.ts';
import type { Source } from '../store/sqlite/source.ts';

/** A database, and how many entries its log has. */
interface There {
  readonly server: string;
  readonly size: number;
}

/**
 * The log is the one that was seen here, up to its end.
 * @throws log_not_continued where it is another, or went on in another database
 */
export async function requireSeen(keysDir: string, anchor: AnchorFolder, source: Source, there: There): Promise<void> {
  const anchored = anchor.read();
  if (isBelieved(anchored)) {
    if (anchored.server !== there.server) throw otherServer(anchored, there.server);
    if (anchored.size > there.size) throw shorter(anchored, there.size);
  }
  const file = join(keysDir, 'head.db');
  const isOfThis = anchored !== undefined && anchored.size > 0 && !isBelieved(anchored);
  const isBehind = isOfThis && anchored.size < ((await readHeadFile(file))?.size ?? 0) && isOnTheWay(anchored, source);
  await withHead(keeperOf(file, isOfThis && !isBehind ? anchor : undefined), source, async (kept, keeper) => {
    const head = kept.head();
    if (head?.server === undefined) await keeper.upToDate(source.look);
    else if (head.server !== there.server) throw otherServer(head, there.server);
  });
}

export async function withHead<T>(
  keeper: Keeper,
  source: Source,
  work: (head: Kept, keeper: Keeper) => T | Promise<T>,
): Promise<T> {
  try {
    return await work(await keeper.kept(source.look), keeper);
  } finally {
    await keeper.close();
  }
}

/** A host took in entries from a database: one that saw nothing yet has nothing to lose where it goes on elsewhere. */
export function isBelieved(anchored: Anchored | undefined): anchored is Anchored & { readonly server: string } {
  return anchored?.server !== undefined && anchored.size > 0;
}

export function treeOf({ tree: { log_id, size, frontier } }: Source): Tree {
  return { log_id, size, peaks: peaksOf(frontier) };
}

/** A move that was taken back left it there, and the file went on without the anchor. */
function isOnTheWay(anchored: Anchored, source: Source): boolean {
  let tree = EMPTY_FRONTIER;
  for (const page of source.entries())
    for (const { text } of page) {
      if (tree.size === anchored.size) return isSame(tree, anchored);
      tree = appendLeaf(tree, leafHash(text));
    }
  return isSame(tree, anchored);
}
