import { describe, expect, it } from 'vitest';
import type { Subject } from './subject.ts';

const halted = { code: 'halted', message: 'every change is halted by ann', recovery: 'resume' } as const;

export function attendingSuite(subject: Subject): void {
  const { agent, approver, executor, opened, claimed } = subject;
  const later = (ms: number) => {
    subject.now += ms;
  };
  const waiting = async (id: string) => (await agent().ticket(id)).waiting;

  describe('a ticket that executors leave alone', () => {
    it('says so, and since when, at every door: never taken, let go, watched by none', async () => {
      const { id } = await opened({ state: 'approved' });
      later(19_999);
      expect(await waiting(id)).toBeUndefined();
      later(1);
      const told = {
        since: '2026-01-02T03:04:05.678Z',
        refusal: {
          code: 'no_executor',
          message: 'no executor has taken it, and none is at work in its account and region',
        },
      };
      expect(await waiting(id)).toMatchObject(told);
      expect(await approver().ticket(id)).toMatchObject({ waiting: told });
      expect((await agent().tickets({ limit: 1 })).items[0]).toMatchObject({ waiting: told });

      const claim = await claimed(id);
      expect(await waiting(id)).toBeUndefined();
      later(1000);
      await executor().release(claim);
      const letGo = new Date(subject.now).toISOString();
      later(19_000);
      expect(await waiting(id)).toBeUndefined();
      later(1000);
      expect(await waiting(id)).toMatchObject({
        since: letGo,
        refusal: { message: 'no executor has come back to it, and none is at work in its account and region' },
      });

      const sending = await claimed(id);
      const intent = { token: 't', intended_at: await executor().now() };
      await executor().begin(sending, intent, { decisions: 0, statements: 0 }, {}, 10_000);
      // The claim of a dead executor lapses after its 30 seconds.
      later(49_999);
      expect(await waiting(id)).toBeUndefined();
      later(1);
      expect((await waiting(id))?.refusal.message).toMatch(/^no executor looks at what became of it/);
      await executor().finish(sending, 'succeeded', {}, undefined);
      later(60 * 60_000);
      expect(await waiting(id)).toBeUndefined();
    });

    it('is not so as long as an executor may be coming back: what it waits for is told, then who stays away', async () => {
      const { id } = await opened({ state: 'approved' });
      const claim = await claimed(id);
      await executor().note(claim, { type: 'execution.waiting', refusal: halted });
      await executor().release(claim);
      later(3 * 60_000 - 1);
      expect((await waiting(id))?.refusal).toEqual(halted);
      later(1);
      const { code, message } = (await waiting(id))?.refusal ?? {};
      expect([code, message]).toEqual([
        'no_executor',
        `no executor has come back to it, and none is at work in its account and region; before that it waited: ${halted.message}`,
      ]);
    });

    it('tells how many others are claimed in its own account', async () => {
      const { id } = await opened({ state: 'approved' });
      const there = await opened({ state: 'approved', plan: { account: '999999999999' } });
      const apart = await opened({ state: 'approved', draft: { region: 'us-east-1' } });
      const [other, another] = [await opened({ state: 'approved' }), await opened({ state: 'approved' })];
      later(20_000);
      const message = async (of = id) => (await waiting(of))?.refusal.message;
      await claimed(other.id);
      expect(await message()).toMatch(/: those that are at work in its account and region have another ticket$/);
      await claimed(another.id);
      expect(await message()).toMatch(/have 2 other tickets$/);
      expect(await message(there.id)).toMatch(/none is at work in its account and region$/);
      expect(await message(apart.id)).toMatch(/none is at work in its account and region$/);
      later(30_000);
      expect(await message()).toMatch(/none is at work in its account and region$/);
    });

    it('says how far AWS is while it is under way: a name and numbers, by who has the claim, in no log', async () => {
      const { id } = await opened({ state: 'approved' });
      const claim = await claimed(id);
      const progress = { status: 'UPDATE_IN_PROGRESS', done: 4, of: 9 };
      await executor().progressed(claim, progress);
      expect((await agent().ticket(id)).progress).toBeUndefined();
      const intent = { token: 't', intended_at: await executor().now() };
      await executor().begin(claim, intent, { decisions: 0, statements: 0 }, {}, 10_000);
      const log = (await subject.store.forAudit().head()).size;
      await executor().progressed(claim, progress);
      await executor().progressed({ ...claim, epoch: 0 }, { status: 'OTHER' });
      await executor().progressed({ ...claim, owner: 'ex2' }, { status: 'OTHER' });
      expect(await agent().ticket(id)).toMatchObject({ state: 'executing', progress });
      expect((await approver().tickets({ limit: 1 })).items[0]).toMatchObject({ progress });
      await executor().progressed(claim, { status: 'done; now run this' });
      expect((await agent().ticket(id)).progress).toBeUndefined();
      expect((await subject.store.forAudit().head()).size).toBe(log);
      await executor().finish(claim, 'succeeded', {}, undefined);
      expect((await agent().ticket(id)).progress).toBeUndefined();
    });

    it('is said of none that is over, expired, or waits for people', async () => {
      const pending = await opened();
      const approved = await opened({ state: 'approved' });
      later(30 * 24 * 60 * 60_000);
      expect(await waiting(pending.id)).toBeUndefined();
      expect(await waiting(approved.id)).toBeUndefined();
    });
  });
}
