import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, leafHash } from '../../../src/audit/merkle.ts';
import { asciiJson } from '../../../src/kernel/plan.ts';
import { makeHeadFile } from '../../../src/store/head/file.ts';
import { rootText } from '../../../src/store/head/following.ts';
import { acceptHead, compareHead, type Keeper, keeperOf, verifiedIn } from '../../../src/store/head/keeper.ts';
import { looksBy } from '../../../src/store/postgres/log-reader.ts';
import type { Reader } from '../../../src/store/postgres/reader.ts';
import { type Folder, temporaryFolder } from '../sqlite/folder.ts';
import { code } from '../suite/subject.ts';

/* A look reads of the log what there is at one moment, and then the kept head: others see more of it in between. */

let folder: Folder;
let keeper: Keeper;
let tree: Frontier;
let texts: string[];
let meanwhile: () => Promise<unknown>;

beforeEach(async () => {
  folder = temporaryFolder();
  await makeHeadFile(`${folder.file}.head`);
  keeper = keeperOf(`${folder.file}.head`);
  [tree, texts, meanwhile] = [EMPTY_FRONTIER, [], async () => {}];
  write();
  await keeper.upToDate(look);
});
afterEach(async () => {
  await keeper.close();
  rmSync(folder.path, { recursive: true, force: true });
});

function write(): void {
  const seq = texts.length + 1;
  const at = '2026-11-30T00:00:00.000Z';
  const text = asciiJson({ seq, at, type: 'call.completed', actor: 'agent:a', detail: {} });
  texts.push(text);
  tree = appendLeaf(tree, leafHash(text));
}

/** What a REPEATABLE READ transaction reads, which stands from its first statement on. */
const look = looksBy(async (work) => {
  const [then, there] = [tree, texts.map((text, at) => ({ seq: at + 1, text, leaf: leafHash(text) }))];
  const between = meanwhile;
  meanwhile = async () => {};
  await between();
  const reader = {
    get: async () => ({ log_id: 'log_seen', size: then.size, frontier: Buffer.concat(then.peaks) }),
    all: async (_: string, from: number | number[], to = 0) =>
      there.filter(({ seq }) => (typeof from === 'number' ? seq >= from && seq <= to : from.includes(seq))),
  };
  return await work(reader as unknown as Reader);
});

/** Another look takes in what is written while the next one is under way. */
function seenFurther(): void {
  meanwhile = async () => {
    write();
    await keeper.upToDate(look);
  };
}

test('what others saw since a look began is not lost', async () => {
  seenFurther();
  await expect(verifiedIn(keeper, look, 'tkt_x')).resolves.toMatchObject({ statements: [] });
  seenFurther();
  await keeper.upToDate(look);
  const accepted = { size: tree.size, root: rootText(tree) };
  seenFurther();
  await acceptHead(keeper, look, accepted);
  expect(texts.length).toBe(4);
  expect(await compareHead(keeper, look)).toMatchObject({ seen: { size: 4 }, now: { size: 4 }, lost: [] });
});

test('a log that is shorter when it is looked at again has lost entries', async () => {
  write();
  await keeper.upToDate(look);
  [tree, texts] = [EMPTY_FRONTIER, []];
  write();
  await expect(verifiedIn(keeper, look, 'tkt_x')).rejects.toEqual(code('log_not_continued'));
  await expect(keeper.upToDate(look)).rejects.toEqual(code('log_not_continued'));
});
