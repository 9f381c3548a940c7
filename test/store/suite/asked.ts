import { describe, expect, it } from 'vitest';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { StoredTicket } from '../../../src/store/port.ts';
import { intentOf } from '../../scenes/openings.ts';
import type { Subject } from './subject.ts';

const PLACE = { account: '123456789012', region: 'eu-west-1' };
const HOUR = 3_600_000;

function deletes(name: string): { draft: { tool: string }; plan: Partial<PlanRecord> } {
  const id = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1`;
  const target = { id, type: 'AWS::CloudFormation::Stack', name, stack_name: name, tags: {} };
  const lifecycle = { kind: 'stack', name, event: 'delete' } as const;
  return { draft: { tool: 'cloudformation_delete_stack' }, plan: { targets: [target], lifecycle } };
}

/** What agents asked for before. */
export function askedSuite(subject: Subject): void {
  const { agent, executor, opened } = subject;
  const harmless = { effects: ['modify' as const] };

  /** Runs an approved ticket to this outcome. */
  async function ran({ id }: StoredTicket, to: 'succeeded' | 'failed' | 'unknown' | undefined): Promise<void> {
    const claim = await subject.claimed(id);
    await executor().begin(claim, intentOf(claim, await executor().now()), { decisions: 0, statements: 0 }, {}, 10_000);
    if (to) await executor().finish(claim, to, { detail: '', resources: [] }, undefined);
    await executor().release(claim);
  }

  describe('what an agent asked before', () => {
    it('counts its own destructive tickets of the last hour, whatever became of them', async () => {
      await opened({ state: 'approved' });
      const { id } = await opened();
      await agent().withdraw(id, 'no longer wanted');
      await opened({ plan: harmless, state: 'approved' });
      await opened({ plan: { environment: 'sandbox' }, state: 'approved' });
      await opened({ state: 'refused' });
      expect(await agent().asked('new')).toEqual({ destructive_last_hour: 2, pending: 0 });
      expect(await subject.store.forAgent({ agent: 'other', operator: 'ann', session: 's2' }).asked('new')).toEqual({
        destructive_last_hour: 0,
        pending: 0,
      });
      subject.now += HOUR - 1;
      expect((await agent().asked('new')).destructive_last_hour).toBe(2);
      subject.now += 1;
      expect((await agent().asked('new')).destructive_last_hour).toBe(0);
    });

    it('counts what waits, but not what is over its time', async () => {
      await opened({ plan: harmless });
      await opened();
      await opened({ state: 'approved' });
      expect(await agent().asked('new')).toEqual({ destructive_last_hour: 2, pending: 2 });
      subject.now += HOUR;
      expect((await agent().asked('new')).pending).toBe(0);
    });

    it('does not count the pending ticket of the same call, which that call would get again', async () => {
      await opened({ call: 'c1' });
      expect(await agent().asked('c1')).toEqual({ destructive_last_hour: 0, pending: 0 });
      expect(await agent().asked('c2')).toEqual({ destructive_last_hour: 1, pending: 1 });
      const ended = await opened({ call: 'c3', state: 'approved' });
      await ran(ended, 'failed');
      expect((await agent().asked('c3')).destructive_last_hour).toBe(2);
    });
  });

  describe('the deletion of a stack', () => {
    const find = (name: string, place = PLACE, kind = 'stack') =>
      subject.store.forAgent({ agent: 'other', operator: 'ann', session: 's2' }).deletion({ ...place, kind, name });

    it('is found by the name in the plan, for another agent too', async () => {
      const { id, draft } = await opened(deletes('shop'));
      expect(await find('shop')).toEqual({ ticket: id, agent: 'claude', state: 'pending', at: draft.created_at });
      expect(await find('shop2')).toBeUndefined();
      expect(await find('shop', PLACE, 'table')).toBeUndefined();
      expect(await find('shop', { ...PLACE, region: 'eu-west-2' })).toBeUndefined();
      expect(await find('shop', { ...PLACE, account: '000000000000' })).toBeUndefined();
    });

    it('is none when another tool is about the stack', async () => {
      const { plan } = deletes('shop');
      const updates = { ...plan, lifecycle: { kind: 'stack', name: 'shop', event: 'update' as const } };
      await opened({ draft: { tool: 'cloudformation_deploy_stack' }, plan: updates });
      expect(await find('shop')).toBeUndefined();
    });

    it('that was refused, withdrawn or failed, or is over its time, is none', async () => {
      await opened({ ...deletes('shop'), state: 'refused' });
      const { id } = await opened(deletes('shop'));
      await agent().withdraw(id, 'no longer wanted');
      await ran(await opened({ ...deletes('shop'), state: 'approved' }), 'failed');
      await opened(deletes('shop'));
      subject.now += HOUR;
      expect(await find('shop')).toBeUndefined();
    });

    it('that was done counts for a day, from when it was done', async () => {
      const ticket = await opened({ ...deletes('shop'), state: 'approved' });
      subject.now += HOUR / 2;
      await ran(ticket, 'succeeded');
      const done = new Date(subject.now).toISOString();
      expect(await find('shop')).toEqual({ ticket: ticket.id, agent: 'claude', state: 'succeeded', at: done });
      subject.now += 24 * HOUR - 1;
      expect(await find('shop')).toBeDefined();
      subject.now += 1;
      expect(await find('shop')).toBeUndefined();
    });

    it('that is under way, or of which it is not known, counts until it is', async () => {
      const running = await opened({ ...deletes('running'), state: 'approved' });
      await ran(running, undefined);
      const unknown = await opened({ ...deletes('unknown'), state: 'approved' });
      await ran(unknown, 'unknown');
      subject.now += 48 * HOUR;
      expect(await find('running')).toMatchObject({ ticket: running.id, state: 'executing' });
      expect(await find('unknown')).toMatchObject({ ticket: unknown.id, state: 'unknown' });
    });

    it('that waits comes before one that was done', async () => {
      await ran(await opened({ ...deletes('shop'), state: 'approved' }), 'succeeded');
      const { id } = await opened(deletes('shop'));
      expect(await find('shop')).toMatchObject({ ticket: id, state: 'pending' });
    });
  });
}
