import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../../src/kernel/resolution.ts';
import type { TicketId } from '../../../src/kernel/ticket.ts';
import type { Claim } from '../../../src/store/port.ts';
import { intentOf, newId, person, signed } from '../../scenes/openings.ts';
import { code, type Subject } from './subject.ts';

const HALF_AN_HOUR = 30 * 60_000;

export function residuesSuite(subject: Subject): void {
  const { agent, approver, executor, opened, claimed } = subject;
  // So long ago that AWS takes its request no more.
  const begin = async (claim: Claim) => {
    const intended_at = new Date(Date.parse(await executor().now()) - HALF_AN_HOUR).toISOString();
    await executor().begin(claim, intentOf(claim, intended_at), { decisions: 0, statements: 0 }, {}, 10_000);
  };

  describe('residues', () => {
    it('C18: come in pages, each once and none left out', { timeout: 60_000 }, async () => {
      const ids: TicketId[] = [];
      while (ids.length < 120) ids.push(newId());
      for (const id of ids) await agent().announceResidue(residueOf(id), requested);
      for (const id of ids) await agent().abandonResidue(id);
      const page = await executor().residues();
      const left = [...page, ...(await executor().residues(page.at(-1)))];
      expect(page).toHaveLength(100);
      expect(left.map(({ ticket }) => ticket)).toEqual([...ids].sort());
    });

    const residueOf = (ticket: string) => ({
      ticket,
      tool: 'cloudformation_deploy_stack',
      residue: { stack_name: 's', change_set_name: ticket },
    });
    const requested = { type: 'aws.requested', actor: 'agent:claude', detail: {} } as const;
    const removed = { ...requested, type: 'aws.removed', actor: 'executor:ex1' } as const;

    it('are due once their ticket ended without running', async () => {
      const id = newId();
      await agent().announceResidue(residueOf(id), requested);
      await opened({ id });
      expect(await executor().residues()).toEqual([]);
      await agent().withdraw(id, 'no longer wanted');
      expect(await executor().residues()).toEqual([{ ...residueOf(id), announced_at: '2026-01-02T03:04:05.678Z' }]);
      const left = { ...residueOf(id), announced_at: await executor().now() };
      await expect(executor().residueRemoved(left, removed)).rejects.toEqual(code('conflict'));
      expect(await executor().takeResidue(left, 1000)).toBe(true);
      await executor().residueRemoved(left, removed);
      expect(await executor().residues()).toEqual([]);
    });

    it('are not given up for a ticket that is there, whoever says so: its state tells', async () => {
      const ids = [newId(), newId()];
      for (const id of ids) await agent().announceResidue(residueOf(id), requested);
      const [pending, approved] = ids as [TicketId, TicketId];
      await opened({ id: pending });
      await opened({ id: approved, state: 'approved' });
      for (const id of ids) await agent().abandonResidue(id);
      expect(await executor().residues()).toEqual([]);
      await agent().withdraw(approved, 'no longer wanted');
      expect(await executor().residues()).toMatchObject([residueOf(approved)]);
    });

    it("are one executor's at a time, until it lets go, or its claim lapses", async () => {
      const [id, other] = [newId(), newId()];
      for (const each of [id, other]) {
        await agent().announceResidue(residueOf(each), requested);
        await agent().abandonResidue(each);
      }
      const announced_at = await executor().now();
      const [left, another] = [id, other].map((each) => ({ ...residueOf(each), announced_at }));
      const [one, two] = [executor(), subject.store.forExecutor('ex2')];
      const taken = await Promise.all([one, two, one, two].map((each) => each.takeResidue(left!, 30_000)));
      expect(taken).toEqual([true, false, false, false]);
      expect(await two.takeResidue(another!, 30_000)).toBe(true);
      await two.releaseResidue(left!);
      subject.now += 29_999;
      expect(await two.takeResidue(left!, 30_000)).toBe(false);
      await expect(two.residueRemoved(left!, removed)).rejects.toEqual(code('conflict'));
      await one.releaseResidue(left!);
      expect(await two.takeResidue(left!, 30_000)).toBe(true);
      // It dies; what comes back to life after its claim says nothing of what is another's by then.
      subject.now += 30_000;
      expect(await one.takeResidue(left!, 30_000)).toBe(true);
      await expect(two.residueRemoved(left!, removed)).rejects.toEqual(code('conflict'));
      await one.residueRemoved(left!, removed);
      expect(await one.takeResidue(left!, 30_000)).toBe(false);
      expect(await executor().residues()).toMatchObject([residueOf(other)]);
    });

    it('are due when planning gave up, or never said', async () => {
      const [silent, abandoned] = [newId(), newId()];
      await agent().announceResidue(residueOf(silent), requested);
      await agent().announceResidue(residueOf(abandoned), requested);
      await subject.store.forAgent({ agent: 'other', operator: 'ann', session: 's2' }).abandonResidue(abandoned);
      expect(await executor().residues()).toEqual([]);
      await agent().abandonResidue(abandoned);
      expect(await executor().residues()).toMatchObject([residueOf(abandoned)]);
      subject.now += 15 * 60_000;
      expect(await executor().residues()).toHaveLength(2);
    });

    it('are used up by a change that succeeded', async () => {
      const id = newId();
      await agent().announceResidue(residueOf(id), requested);
      await opened({ id, state: 'approved' });
      const claim = await claimed(id);
      await begin(claim);
      await executor().finish(claim, 'succeeded', {}, undefined);
      await agent().abandonResidue(id);
      expect(await executor().residues()).toEqual([]);
    });

    it('are due when the change failed, not while nobody knows', async () => {
      const id = newId();
      await agent().announceResidue(residueOf(id), requested);
      await opened({ id, state: 'approved' });
      const claim = await claimed(id);
      await begin(claim);
      const refusal = { code: 'aws_rejected', message: 'm', recovery: 'r' } as const;
      await executor().finish(claim, 'unknown', {}, refusal);
      expect(await executor().residues()).toEqual([]);
      await executor().finish(claim, 'failed', {}, refusal);
      expect(await executor().residues()).toMatchObject([residueOf(id)]);
    });

    it("B10: are used up where a person's word says that it happened, and due where it says that it did not", async () => {
      for (const happened of [true, false]) {
        const id = newId();
        await agent().announceResidue(residueOf(id), requested);
        const { plan } = await opened({ id, state: 'approved' });
        await begin(await claimed(id));
        await executor().finish({ ticket: id, owner: 'ex1', epoch: 1 }, 'unknown', {}, undefined);
        const about = { ticket: id, digest: plan!.digest, happened, seen: evidenceOf({}), reason: 'I looked' };
        const word = signed(person('ann'), { kind: 'resolve', ...about });
        const settled = await approver().recordResolution({ ticket: id, signed: word, actor: 'approver:ann' });
        expect(settled).toMatchObject({ state: 'resolved', resolution: word });
        expect(await executor().claim(id, 'ex1', 1000)).toBeUndefined();
        expect(await executor().residues()).toMatchObject(happened ? [] : [residueOf(id)]);
      }
    });
  });
}
