import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Sealing, sealsOf } from '../../approvals/seals.ts';

const KEY = randomBytes(32);
const START = Date.parse('2030-01-01T00:00:00Z');

/** A process of ours, whose clocks go as told. */
function process(more: Partial<Sealing> = {}) {
  const times = { store: 0, own: 0 };
  const seals = sealsOf({
    key: () => KEY,
    purpose: 'page',
    lastsMs: 1_000,
    now: async () => new Date(START + times.store).toISOString(),
    monotonic: () => times.own,
    ...more,
  });
  const pass = (store: number, own = store) => {
    times.store += store;
    times.own += own;
  };
  return { seals, pass };
}

const QUESTION = { decision: 'deny', ticket: 'tkt_1' };

describe('a sealed question', () => {
  it('is opened by every process with the same key, until its time is over', async () => {
    const [asking, answering] = [process(), process()];
    const sealed = await asking.seals.seal(QUESTION);
    answering.pass(999);
    expect(await answering.seals.open(sealed)).toEqual(QUESTION);
    answering.pass(1);
    expect(await answering.seals.open(sealed)).toBe('over');
  });

  it.each([
    ['with another key', { key: () => randomBytes(32) }],
    ['for another purpose', { purpose: 'chat' }],
  ] as const)('is foreign to one %s', async (_, more) => {
    const sealed = await process().seals.seal(QUESTION);
    expect(await process(more).seals.open(sealed)).toBe('foreign');
  });

  it('is foreign once a character of it is another', async () => {
    const { seals } = process();
    const sealed = await seals.seal(QUESTION);
    for (const forged of [
      sealed.replace('deny', 'okay'),
      sealed.replace('"until":', '"until":9'),
      `a${sealed}`,
      '',
      '.',
    ])
      expect(await seals.open(forged), forged).toBe('foreign');
  });

  it("is over where the store's clock was set back: elsewhere behind when it was asked, here by the own clock", async () => {
    const [asking, answering] = [process(), process()];
    const sealed = await asking.seals.seal(QUESTION);
    answering.pass(-1, 1);
    expect(await answering.seals.open(sealed)).toBe('over');
    answering.pass(1, 0);
    expect(await answering.seals.open(sealed)).toEqual(QUESTION);
    asking.pass(-500, 999);
    expect(await asking.seals.open(sealed)).toEqual(QUESTION);
    asking.pass(0, 1);
    expect(await asking.seals.open(sealed)).toBe('over');
  });

  it('is used once', () => {
    const { seals, pass } = process();
    expect([seals.use('one'), seals.use('one'), seals.isUsed('one'), seals.isUsed('two')]).toEqual([
      ...[true, false, true, false],
    ]);
    pass(1_000);
    expect(seals.use('two')).toBe(true);
    expect(seals.isUsed('one')).toBe(false);
  });
});
