import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendLeaf,
  EMPTY_FRONTIER,
  leafHash,
  nodeHash,
  peakRanges,
  rootOf,
  rootOfLeaves,
} from '../../src/audit/merkle.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** RFC 6962 section 2.1, word for word: split at the largest power of two below n. */
function treeHash(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return createHash('sha256').digest();
  if (entries.length === 1) return createHash('sha256').update(Uint8Array.of(0)).update(entries[0]!).digest();
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return createHash('sha256')
    .update(Uint8Array.of(1))
    .update(treeHash(entries.slice(0, k)))
    .update(treeHash(entries.slice(k)))
    .digest();
}

/** The reference vectors of the certificate-transparency project: inputs, and the root after each. */
const VECTORS = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
] as const;

describe('the Merkle tree', () => {
  it('hashes an empty tree as nothing', () => {
    expect(hex(rootOf(EMPTY_FRONTIER))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('gives the published roots', () => {
    let frontier = EMPTY_FRONTIER;
    for (const [input, root] of VECTORS) {
      frontier = appendLeaf(frontier, leafHash(Buffer.from(input, 'hex')));
      expect(hex(rootOf(frontier))).toBe(root);
    }
  });

  it('gives the root that the RFC defines, for any list', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (entries) => {
        expect(hex(rootOfLeaves(entries.map(leafHash)))).toBe(hex(treeHash(entries)));
      }),
    );
  });

  it('keeps one peak for each bit of the size, each the root of its range', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 70 }), (texts) => {
        const leaves = texts.map(leafHash);
        const frontier = leaves.reduce(appendLeaf, EMPTY_FRONTIER);
        const ranges = peakRanges(texts.length);
        expect(ranges.length).toBe(texts.length.toString(2).replaceAll('0', '').length);
        expect(frontier.peaks.map(hex)).toEqual(
          ranges.map(({ from, to }) => hex(rootOfLeaves(leaves.slice(from - 1, to)))),
        );
      }),
    );
  });

  it('never lets two leaves pass for a leaf', () => {
    const [left, right] = [leafHash('a'), leafHash('b')];
    expect(hex(nodeHash(left, right))).not.toBe(hex(leafHash(Buffer.concat([left, right]))));
  });

  it('hashes a text as its bytes', () => {
    expect(hex(leafHash('abc'))).toBe(hex(leafHash(Buffer.from('abc'))));
  });

  it('refuses a frontier that lacks a peak', () => {
    expect(() => appendLeaf({ size: 3, peaks: [leafHash('a')] }, leafHash('b'))).toThrow(RangeError);
  });
});
