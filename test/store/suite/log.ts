import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/port.ts';
import { newId, openingOf, signed } from '../../scenes/openings.ts';
import { code, event, type Subject } from './subject.ts';

export function logSuite(subject: Subject): void {
  const { agent, opened } = subject;

  describe('the log', () => {
    it('numbers entries without gaps and never goes back in time', async () => {
      await agent().append(event());
      subject.now -= 1500;
      expect(await agent().append(event())).toEqual({ seq: 2 });
      const texts = (await subject.store.forAudit().entries(1, 10)).map(({ text }) => JSON.parse(text));
      expect(texts.map(({ seq, at }) => [seq, at])).toEqual([
        [1, '2026-01-02T03:04:05.678Z'],
        [2, '2026-01-02T03:04:05.678Z'],
      ]);
    });

    it('A8: when the clock went back it refuses every write but what only stops something', async () => {
      const { id } = await opened();
      subject.now -= 2001;
      await expect(agent().append(event())).rejects.toEqual(code('clock_went_back'));
      await expect(opened()).rejects.toEqual(code('clock_went_back'));
      expect((await agent().ticket(id)).state).toBe('pending');
      await agent().withdraw(id, 'no longer wanted');
      const [newest, entry] = (await subject.store.forAudit().entries(1, 10)).map(({ text }) => JSON.parse(text));
      expect(entry).toMatchObject({ type: 'ticket.withdrawn', at: newest.at });
      expect(entry.detail.clock).toBe(new Date(subject.now).toISOString());
      expect(newest.detail.clock).toBeUndefined();
      subject.now += 2001;
    });

    it('stays printable whatever it is given', async () => {
      await agent().append({ ...event(), detail: { name: '\u001b[31m\u202e\u00a0\ud800"\\' } });
      const [entry] = await subject.store.forAudit().entries(1, 1);
      expect(entry!.text).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.parse(entry!.text).detail.name).toBe('\u001b[31m\u202e\u00a0\ud800"\\');
    });
  });

  describe('watching', () => {
    it('tells of its own commits and of those of others, until it is stopped', async () => {
      const other = subject.under.open(() => subject.now);
      const calls = callsOf(subject.store);
      // The first call says that watching has begun.
      await calls.after(0);
      for (const writer of [subject.store, other]) {
        const agent = writer.forAgent({ agent: 'claude', operator: 'ann', session: 's1' });
        const [id, never] = [newId(), newId()];
        const residue = { ticket: never, tool: 'cloudformation_deploy_stack', residue: {} };
        await agent.announceResidue(residue, { type: 'aws.requested', actor: 'agent:claude', detail: {} });
        for (const change of [
          () => agent.openTicket(openingOf(subject.now, { id })),
          () => agent.withdraw(id, 'no longer wanted'),
          () => agent.abandonResidue(never),
          () => halt(writer),
        ]) {
          const before = calls.count();
          await change();
          await calls.after(before);
        }
      }
      calls.stop();
      const before = calls.count();
      await opened();
      await other.close();
      expect(calls.count()).toBe(before);
    });

    async function halt(store: Store): Promise<void> {
      const approver = store.forApprover();
      await approver.recordStatement({
        signed: signed(subject.ann, { kind: 'halt', reason: 'stop everything' }),
        expected: (await approver.statements()).length,
        event: { type: 'halt.set', actor: 'approver:ann', detail: {} },
      });
    }
  });
}

function callsOf(store: Store) {
  const calls = new EventTarget();
  let count = 0;
  const stop = store.forExecutor('ex1').watch(() => {
    count += 1;
    calls.dispatchEvent(new Event('call'));
  });
  return {
    stop,
    count: () => count,
    async after(earlier: number): Promise<void> {
      while (count <= earlier) await new Promise((resolve) => calls.addEventListener('call', resolve, { once: true }));
    },
  };
}
