import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { executedTickets } from '../../src/commands/executed.ts';
import type { Executed } from '../../src/executor/context.ts';

/*
 * The list of what was begun, read as it grows. Two of these are two processes: they have nothing but the file in
 * common.
 */

const at = '2026-01-02T03:04:05.678Z';
const intent = (token: string) => ({ token, intended_at: at });
let keys = '';
let file = '';
let mine: Executed;
let others: Executed;

beforeEach(() => {
  keys = mkdtempSync(join(tmpdir(), 'holdshort-executed-'));
  file = join(keys, 'executed');
  [mine, others] = [executedTickets(keys), executedTickets(keys)];
});
afterEach(() => rmSync(keys, { recursive: true }));

test('what another process adds is seen by the next question, whatever was asked before', () => {
  expect([mine.has('tkt_a'), mine.wasAccepted('tkt_a'), mine.hasEnded('tkt_a')]).toEqual([false, false, false]);
  others.add('tkt_a', intent('one'));
  expect([mine.has('tkt_a'), mine.hasAs('tkt_a', intent('one')), mine.hasAs('tkt_a', intent('two'))]).toEqual([
    true,
    true,
    false,
  ]);
  others.accept('tkt_a');
  expect(mine.wasAccepted('tkt_a')).toBe(true);
  others.doubt('tkt_a');
  expect([mine.wasAccepted('tkt_a'), mine.wasDoubted('tkt_a')]).toEqual([false, true]);
  others.add('tkt_a step 2', intent('three'));
  others.end('tkt_a');
  expect([mine.has('tkt_a step 2'), mine.has('tkt_a step 3'), mine.hasEnded('tkt_a')]).toEqual([true, false, true]);
  expect([mine.has('tkt_'), mine.has('tkt_b'), mine.has('tkt_a step')]).toEqual([false, false, false]);
});

test('a line that a crash cut off tells that it began and nothing else, and swallows none that follows', () => {
  others.add('tkt_a', intent('one'));
  const whole = readFileSync(file, 'utf8').trimEnd();
  for (let cut = 1; cut <= whole.length; cut++) {
    writeFileSync(file, whole.slice(0, cut));
    const fresh = executedTickets(keys);
    const began = cut >= 'tkt_a begun '.length;
    expect([fresh.has('tkt_a'), fresh.hasAs('tkt_a', intent('one'))], whole.slice(0, cut)).toEqual([began, false]);
    others.add('tkt_b', intent('two'));
    others.accept('tkt_b');
    for (const reader of [fresh, executedTickets(keys)]) {
      const seen = [reader.has('tkt_b'), reader.hasAs('tkt_b', intent('two')), reader.wasAccepted('tkt_b')];
      expect(seen, `after ${whole.slice(0, cut)}`).toEqual([true, true, true]);
      expect(reader.has('tkt_a')).toBe(began);
    }
  }
});

test('what a process saw begun, doubted or ended stays so where the file is cut, removed or put back', () => {
  mine.add('tkt_old', intent('old'));
  copyFileSync(file, `${file}.old`);
  for (const id of ['tkt_a', 'tkt_b', 'tkt_c']) {
    mine.add(id, intent(id));
    mine.accept(id);
  }
  mine.doubt('tkt_b');
  mine.end('tkt_c');
  const [size, all] = [readFileSync(file).length, readFileSync(file)];
  const told = () => [
    ['tkt_a', 'tkt_b', 'tkt_c'].map((id) => mine.has(id)),
    [mine.wasDoubted('tkt_b'), mine.hasEnded('tkt_c')],
    // What lets something go on counts as long as it is there.
    [mine.hasAs('tkt_a', intent('tkt_a')), mine.wasAccepted('tkt_a'), mine.wasAccepted('tkt_b')],
  ];
  const stays = [
    [true, true, true],
    [true, true],
  ];
  expect(told()).toEqual([...stays, [true, true, false]]);
  const ways: readonly [name: string, change: () => void][] = [
    ['cut in place', () => truncateSync(file, 10)],
    ['removed', () => rmSync(file)],
    ['an older copy in its place', () => copyFileSync(`${file}.old`, file)],
    [
      'an older file in its place',
      () => {
        copyFileSync(`${file}.old`, `${file}.new`);
        renameSync(`${file}.new`, file);
      },
    ],
    ['as long as it was, of other tickets', () => writeFileSync(file, `${'x'.repeat(size - 1)}\n`)],
    [
      'longer than it was, of other tickets',
      () => {
        copyFileSync(`${file}.old`, file);
        for (let n = 0; readFileSync(file).length <= size; n++) others.add(`tkt_more${n}`, intent('more'));
      },
    ],
  ];
  for (const [name, change] of ways) {
    writeFileSync(file, all);
    expect(told(), name).toEqual([...stays, [true, true, false]]);
    change();
    // Before the next question, and in what was read already.
    others.add('tkt_late', intent(name));
    expect([mine.has('tkt_late'), mine.hasAs('tkt_late', intent(name))], name).toEqual([true, true]);
    expect(told(), name).toEqual([...stays, [false, false, false]]);
    const fresh = executedTickets(keys);
    expect(fresh.hasAs('tkt_late', intent(name)), name).toBe(true);
    expect(fresh.has('tkt_a'), name).toBe(false);
  }
});

test('a list that can not be read is no list without the ticket', () => {
  mine.add('tkt_a', intent('one'));
  rmSync(file);
  appendFileSync(join(keys, 'other'), '');
  expect(executedTickets(join(keys, 'other')).has.bind(undefined, 'tkt_a')).toThrow(/ENOTDIR/);
});
