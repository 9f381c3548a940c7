import { hash } from 'node:crypto';

/**
 * An append-only tree's memory: the roots of its perfect subtrees, the largest (oldest) first, one for each bit that is
 * set in `size`.
 */
export interface Frontier {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, peaks: [] };

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 6962 section 2.1: the prefixes keep a leaf from ever passing for an inner node. */
export function leafHash(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? sha256(`\0${data}`) : sha256(Buffer.concat([LEAF, data]));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([NODE, left, right]));
}

/** A stored frontier is its peaks, one after the other. */
export function peaksOf(frontier: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: frontier.length / 32 }, (_, index) => frontier.subarray(32 * index, 32 * index + 32));
}

export function appendLeaf({ size, peaks }: Frontier, leaf: Uint8Array): Frontier {
  const kept = [...peaks];
  let carried = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = kept.pop();
    if (!left) throw new RangeError(`a frontier of size ${size} needs more than ${peaks.length} peaks`);
    carried = nodeHash(left, carried);
  }
  return { size: size + 1, peaks: [...kept, carried] };
}

/** The Merkle Tree Hash of all leaves so far; that of an empty tree is the hash of nothing. */
export function rootOf({ peaks }: Frontier): Uint8Array {
  return peaks.length === 0 ? sha256('') : peaks.reduceRight((right, left) => nodeHash(left, right));
}

export function rootOfLeaves(leaves: Iterable<Uint8Array>): Uint8Array {
  let frontier = EMPTY_FRONTIER;
  for (const leaf of leaves) frontier = appendLeaf(frontier, leaf);
  return rootOf(frontier);
}

/** Which entries each peak covers, in the frontier's order; sequence numbers from 1, both ends included. */
export function peakRanges(size: number): readonly { readonly from: number; readonly to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  let from = 1;
  for (let width = 2 ** 52; width >= 1; width /= 2) {
    if (Math.floor(size / width) % 2 === 0) continue;
    ranges.push({ from, to: from + width - 1 });
    from += width;
  }
  return ranges;
}

function sha256(data: string | Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}
