import { describe, expect, it } from 'vitest';
import { checkTrail } from '../../../src/audit/trail.ts';
import type { TicketId } from '../../../src/kernel/ticket.ts';
import type { Claim, Due } from '../../../src/store/port.ts';
import { decision, draftOf, intentOf, newId, signed } from '../../scenes/openings.ts';
import { code, type Subject } from './subject.ts';

export function executingSuite(subject: Subject): void {
  const { agent, approver, executor, opened, claimed } = subject;
  const taking = (owner = 'ex1', most = 100, without: readonly string[] = [], foreign: readonly string[] = []) => ({
    ...{ owner, most, without, foreign },
    ...{ leaseMs: 30_000, regions: [] as readonly string[] },
  });
  const begin = async (claim: Claim, weighed = { decisions: 0, statements: 0 }) =>
    executor().begin(claim, intentOf(claim, await executor().now()), weighed, {}, 10_000);

  describe('executing', () => {
    it('takes a ticket from claim to outcome', async () => {
      const { id } = await opened({ state: 'approved' });
      const [claim = await claimed(id), ...others] = await executor().take('approved', taking());
      expect([claim, others]).toEqual([{ ticket: id, owner: 'ex1', epoch: 1 }, []]);
      expect(await executor().take('approved', taking('ex2'))).toEqual([]);
      await begin(claim);
      subject.now += 1000;
      await executor().finish(claim, 'succeeded', { resources: ['i-1'] }, undefined);
      const ticket = await agent().ticket(id);
      expect(ticket).toMatchObject({
        state: 'succeeded',
        intent: { token: `holdshort-${id.slice(4)}`, intended_at: '2026-01-02T03:04:05.678Z' },
        result: { resources: ['i-1'] },
        finished_at: '2026-01-02T03:04:06.678Z',
      });
      expect(checkTrail(ticket)).toEqual({ ok: true });
      expect(await executor().claim(id, 'ex1', 1000)).toBeUndefined();
    });

    it('has one living claim, and fences off the one before it', async () => {
      const { id } = await opened({ state: 'approved' });
      const first = await claimed(id);
      expect(await executor().claim(id, 'ex2', 30_000)).toBeUndefined();
      subject.now += 20_000;
      expect(await executor().renew([first], 30_000)).toEqual([first]);
      subject.now += 30_000;
      const second = await claimed(id, 'ex2');
      expect(second.epoch).toBeGreaterThan(first.epoch);
      expect(await executor().renew([first], 30_000)).toEqual([]);
      await executor().release(first);
      await expect(begin(first)).rejects.toEqual(code('conflict'));
      await begin(second);
      await expect(executor().finish(first, 'succeeded', {}, undefined)).rejects.toEqual(code('conflict'));
      await executor().finish(second, 'failed', {}, { code: 'aws_rejected', message: 'm', recovery: 'r' });
      expect(await agent().ticket(id)).toMatchObject({ state: 'failed', refusal: { code: 'aws_rejected' } });
    });

    it('keeps the claim of what was begun from that moment on, whatever was left of it', async () => {
      const { id } = await opened({ state: 'approved' });
      const claim = await claimed(id);
      subject.now += 29_000;
      await begin(claim);
      subject.now += 9_000;
      expect(await executor().take('unsettled', taking('ex2'))).toEqual([]);
      subject.now += 1_000;
      expect(await executor().take('unsettled', taking('ex2'))).toEqual([{ ticket: id, owner: 'ex2', epoch: 2 }]);
    });

    it('tells which kits the log names', async () => {
      const [first = '', second = '', none] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
      expect(await executor().namedKits([first])).toEqual([]);
      for (const sha256 of [first, second]) {
        const claim = await claimed((await opened({ state: 'approved' })).id);
        const intent = { ...intentOf(claim, await executor().now()), kit: { sha256, bytes: 1 } };
        await executor().begin(claim, intent, { decisions: 0, statements: 0 }, {}, 10_000);
        await executor().finish(claim, 'succeeded', {}, undefined);
      }
      expect([...(await executor().namedKits([second, none ?? '', first]))].sort()).toEqual([first, second]);
      expect(await executor().namedKits([])).toEqual([]);
    });

    it('fences off the same executor before its own restart', async () => {
      const { id } = await opened({ state: 'approved' });
      const first = await claimed(id);
      await executor().release(first);
      const second = await claimed(id);
      await expect(begin(first)).rejects.toEqual(code('conflict'));
      await executor().release(first);
      expect(await executor().renew([first, second], 30_000)).toEqual([second]);
    });

    it('gives each due ticket to one of those that take at once, and to none more than it has room for', async () => {
      const ids: TicketId[] = [];
      while (ids.length < 12) ids.push((await opened({ state: 'approved' })).id);
      const owners = ['ex1', 'ex2', 'ex3', 'ex4'];
      const taken = await Promise.all(owners.map((owner) => executor().take('approved', taking(owner, 3))));
      expect(taken.map((claims) => claims.length)).toEqual([3, 3, 3, 3]);
      expect(taken.flat().map(({ ticket }) => ticket)).toEqual(ids);
      expect(await executor().take('approved', taking('ex5', 0))).toEqual([]);
      expect(await executor().renew(taken.flat(), 30_000)).toEqual(taken.flat());
    });

    it('gives first what was never taken, then the oldest, and leaves alone what it is told to', async () => {
      const ids: TicketId[] = [];
      while (ids.length < 4) ids.push((await opened({ state: 'approved' })).id);
      const [first, second, third, fourth] = ids;
      for (const claim of await executor().take('approved', taking('ex1', 2))) await executor().release(claim);
      const next = await executor().take('approved', taking('ex1', 3));
      expect(next.map(({ ticket }) => ticket)).toEqual([third, fourth, first]);
      for (const claim of next) await executor().release(claim);
      const left = await executor().take('approved', taking('ex1', 4, [third ?? '']));
      expect(left.map(({ ticket }) => ticket)).toEqual([second, fourth, first]);
    });

    it('takes those of the regions that it is told, and of all where it is told none', async () => {
      const here = await opened({ state: 'approved' });
      const there = await opened({ state: 'approved', draft: { region: 'us-east-1' } });
      const idsOf = (claims: readonly Claim[]) => claims.map(({ ticket }) => ticket);
      const takes = async (kind: Due, ...regions: readonly string[]) =>
        await executor().take(kind, { ...taking(), regions });
      expect(await takes('approved', 'ap-south-1', 'eu-west-2')).toEqual([]);
      const [claim, ...others] = await takes('approved', 'us-east-1', 'us-east-2');
      expect([claim?.ticket, others]).toEqual([there.id, []]);
      await begin(claim!);
      await executor().release(claim!);
      expect(await takes('unsettled', 'eu-west-1')).toEqual([]);
      expect(idsOf(await takes('unsettled'))).toEqual([there.id]);
      expect(idsOf(await takes('approved'))).toEqual([here.id]);
    });

    it('leaves the tickets of accounts that it can not speak for to others', async () => {
      const [account, another] = ['123456789012', '999999999999'];
      const here = await opened({ state: 'approved', plan: { account } });
      const there = await opened({ state: 'approved', plan: { account: another } });
      const idsOf = (claims: readonly Claim[]) => claims.map(({ ticket }) => ticket);
      expect(idsOf(await executor().take('approved', taking('ex1', 9, [], [account])))).toEqual([there.id]);
      expect(await executor().take('approved', taking('ex2', 9, [], [account, another]))).toEqual([]);
      const [claim, ...others] = await executor().take('approved', taking('ex2', 9, [], [another]));
      expect([claim?.ticket, others]).toEqual([here.id, []]);
      await begin(claim!);
      await executor().release(claim!);
      expect(await executor().take('unsettled', taking('ex1', 9, [], [account]))).toEqual([]);
      expect(idsOf(await executor().take('unsettled', taking('ex1')))).toEqual([here.id]);
    });

    it('begins once', async () => {
      const { id } = await opened({ state: 'approved' });
      const claim = await claimed(id);
      const outcomes = await Promise.allSettled([begin(claim), begin(claim), begin(claim)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    });

    it('does not begin on a clearance that knew nothing of a later decision or statement', async () => {
      const { ann, bob } = subject;
      const ticket = await opened({ state: 'approved' });
      const claim = await claimed(ticket.id);
      await approver().recordDecision({
        ticket: ticket.id,
        expected: { state: 'approved', decisions: 0 },
        signed: decision(ann, ticket, 'withdraw'),
        actor: 'approver:ann',
        detail: {},
      });
      await approver().recordStatement({
        signed: signed(bob, { kind: 'halt', reason: 'stop everything' }),
        expected: 0,
        event: { type: 'halt.set', actor: 'approver:bob', detail: {} },
      });
      for (const weighed of [
        { decisions: 0, statements: 1 },
        { decisions: 1, statements: 0 },
        { decisions: 2, statements: 1 },
      ])
        await expect(begin(claim, weighed)).rejects.toEqual(code('conflict'));
      expect(await agent().ticket(ticket.id)).toMatchObject({ state: 'approved' });
      await begin(claim, { decisions: 1, statements: 1 });
      expect(await agent().ticket(ticket.id)).toMatchObject({ state: 'executing' });
    });

    it('begins each further step once, right after the one before, on what was weighed', async () => {
      const steps = ['stop', 'change', 'start'].map((tool) => ({ tool, detail: tool, leaves: 'halfway' }));
      const ticket = await opened({ state: 'approved', plan: { steps } });
      const claim = await claimed(ticket.id);
      const step = async (number: number, by = claim, weighed = { decisions: 0, statements: 0 }) =>
        executor().beginStep(by, { ...intentOf(by, await executor().now()), step: number }, weighed, {}, 10_000);
      await expect(step(2)).rejects.toEqual(code('tampered'));
      await executor().begin(
        claim,
        { ...intentOf(claim, await executor().now()), step: 1 },
        { decisions: 0, statements: 0 },
        {},
        10_000,
      );
      await expect(step(3)).rejects.toEqual(code('conflict'));
      await expect(step(1)).rejects.toEqual(code('conflict'));
      const outcomes = await Promise.allSettled([step(2), step(2), step(2)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
      expect(await agent().ticket(ticket.id)).toMatchObject({ state: 'executing', intent: { step: 2 } });
      await approver().recordDecision({
        ticket: ticket.id,
        expected: { state: 'executing', decisions: 0 },
        signed: decision(subject.ann, ticket, 'deny'),
        actor: 'approver:ann',
        detail: {},
      });
      await expect(step(3)).rejects.toEqual(code('conflict'));
      subject.now += 60_000;
      const other = await claimed(ticket.id, 'ex2');
      const weighed = { decisions: 1, statements: 0 };
      await expect(step(3, claim, weighed)).rejects.toEqual(code('conflict'));
      await step(3, other, weighed);
      await expect(step(4, other, weighed)).rejects.toEqual(code('conflict'));
      // There is nothing left that a denial could keep from being sent.
      await expect(
        approver().recordDecision({
          ticket: ticket.id,
          expected: { state: 'executing', decisions: 1 },
          signed: decision(subject.ann, ticket, 'deny'),
          actor: 'approver:ann',
          detail: {},
        }),
      ).rejects.toEqual(code('conflict'));
      expect(checkTrail(await agent().ticket(ticket.id))).toEqual({ ok: true });
    });

    it('does not begin what is pending, denied or over its time', async () => {
      const { id } = await opened();
      expect(await executor().claim(id, 'ex1', 1000)).toBeUndefined();
      const late = await opened({ state: 'approved' });
      const claim = await claimed(late.id);
      subject.now += 3_600_000;
      await expect(begin(claim)).rejects.toEqual(code('expired'));
    });

    it('lets proof settle what is unknown, by whoever has it, and nothing else', async () => {
      const { id } = await opened({ state: 'approved' });
      const sender = await claimed(id);
      await begin(sender);
      subject.now += 60_000;
      const [observer = sender] = await executor().take('unsettled', taking('ex2'));
      expect(observer).toEqual({ ticket: id, owner: 'ex2', epoch: 2 });
      const unsure = { code: 'aws_unreachable', message: 'm', recovery: 'r' } as const;
      await executor().finish(observer, 'unknown', {}, unsure);
      await expect(executor().finish(observer, 'unknown', {}, unsure)).rejects.toEqual(code('conflict'));
      await executor().finish(sender, 'succeeded', { late: true }, undefined);
      const ticket = await agent().ticket(id);
      expect(ticket).toMatchObject({ state: 'succeeded', result: { late: true } });
      expect(ticket.refusal).toBeUndefined();
      await expect(executor().finish(observer, 'failed', {}, unsure)).rejects.toEqual(code('conflict'));
    });

    it('stops what the recheck found changed', async () => {
      const refusal = { code: 'stale', message: 'm', recovery: 'r' } as const;
      for (const to of ['stale', 'denied'] as const) {
        const { id } = await opened({ state: 'approved' });
        await executor().stop(await claimed(id), to, refusal);
        expect(await agent().ticket(id)).toMatchObject({ state: to, refusal });
      }
    });

    it('expires what is over its time, and only that', async () => {
      const pending = await opened();
      const planning = newId();
      await agent().startPlanning(planning, draftOf(subject.now));
      await expect(executor().expire(pending.id)).rejects.toEqual(code('conflict'));
      expect(await executor().overdue()).toEqual([]);
      subject.now += 3_600_000;
      expect(await executor().overdue()).toEqual([pending.id, planning]);
      for (const id of [pending.id, planning]) {
        await executor().expire(id);
        expect(await agent().ticket(id)).toMatchObject({ state: 'expired', refusal: { code: 'expired' } });
      }
      expect(await executor().overdue()).toEqual([]);
    });
  });
}
