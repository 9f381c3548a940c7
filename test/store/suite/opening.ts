import { describe, expect, it } from 'vitest';
import { checkTrail } from '../../../src/audit/trail.ts';
import { draftOf, newId, openingOf } from '../../scenes/openings.ts';
import { code, type Subject } from './subject.ts';

export function openingSuite(subject: Subject): void {
  const { agent, opened } = subject;

  describe('opening', () => {
    it('stores the plan as it was given and logs it in the same breath', async () => {
      const opening = openingOf(subject.now);
      const { ticket, existing } = await agent().openTicket(opening);
      expect(existing).toBe(false);
      expect(ticket).toMatchObject({ id: opening.id, state: 'pending', draft: opening.draft, plan: opening.plan });
      expect(ticket.trail).toEqual([
        {
          seq: 1,
          at: '2026-01-02T03:04:05.678Z',
          state: 'pending',
          actor: 'agent:claude',
          digest: opening.plan.digest,
        },
      ]);
      expect(checkTrail(ticket)).toEqual({ ok: true });
      const [entry] = await subject.store.forAudit().entries(1, 10);
      expect(JSON.parse(entry!.text)).toMatchObject({
        seq: 1,
        type: 'ticket.pending',
        session: 's1',
        ticket: opening.id,
        tool: 'ec2_stop_instances',
        environment: 'production',
        detail: { summary: 'stop 1 instance' },
      });
    });

    it('gives the pending ticket of the same call instead of a second one', async () => {
      const first = await opened({ call: 'c1' });
      const again = await agent().openTicket(openingOf(subject.now, { call: 'c1' }));
      expect(again.existing).toBe(true);
      expect(again.ticket.id).toBe(first.id);
      await agent().withdraw(first.id, 'no longer wanted');
      expect((await agent().openTicket(openingOf(subject.now, { call: 'c1' }))).existing).toBe(false);
    });

    it('gives the approved ticket of the same call too, until it is begun: asked twice, it runs once', async () => {
      const first = await opened({ call: 'c1', state: 'approved' });
      for (const state of ['approved', 'pending'] as const) {
        const again = await agent().openTicket(openingOf(subject.now, { call: 'c1', state }));
        expect(again).toMatchObject({ existing: true, ticket: { id: first.id, state: 'approved' } });
      }
      const another = subject.store.forAgent({ agent: 'codex', operator: 'ann', session: 's2' });
      const theirs = openingOf(subject.now, { call: 'c1', state: 'approved', draft: { agent: 'codex' } });
      expect((await another.openTicket(theirs)).existing).toBe(false);
      const forBob = subject.store.forAgent({ agent: 'claude', operator: 'bob', session: 's3' });
      const his = openingOf(subject.now, { call: 'c1', state: 'approved', draft: { operator: 'bob' } });
      expect((await forBob.openTicket(his)).existing).toBe(false);
      const claim = await subject.claimed(first.id);
      const intent = { token: 't', intended_at: await subject.executor().now() };
      await subject.executor().begin(claim, intent, { decisions: 0, statements: 0 }, {}, 10_000);
      const next = await agent().openTicket(openingOf(subject.now, { call: 'c1', state: 'pending' }));
      expect(next.existing).toBe(false);
    });

    it('does not give one that is over its time', async () => {
      const first = await opened({ call: 'c1' });
      subject.now += 3_600_000;
      expect((await agent().openTicket(openingOf(subject.now, { call: 'c1' }))).existing).toBe(false);
      expect((await agent().ticket(first.id)).state).toBe('expired');
    });

    it('moves on the ticket that was being planned', async () => {
      const id = newId();
      const draft = draftOf(subject.now);
      expect((await agent().startPlanning(id, draft)).state).toBe('planning');
      subject.now += 60_000;
      const { ticket } = await agent().openTicket(openingOf(Date.parse(draft.created_at), { id }));
      expect(ticket.trail.map(({ state }) => state)).toEqual(['planning', 'pending']);
      expect(checkTrail(ticket)).toEqual({ ok: true });
    });

    it('gives it the time that its environment allows, once that is known', async () => {
      const id = newId();
      const draft = draftOf(subject.now, { expires_at: new Date(subject.now + 14_400_000).toISOString() });
      await agent().startPlanning(id, draft);
      const opening = openingOf(subject.now, { id });
      const { ticket } = await agent().openTicket(opening);
      expect(ticket.draft).toEqual(opening.draft);
      expect(ticket.draft.expires_at).not.toBe(draft.expires_at);
      expect(await agent().ticket(id)).toMatchObject({ state: 'pending', draft: opening.draft });
      expect(checkTrail(ticket)).toEqual({ ok: true });
    });

    it('refuses a plan for another call than the one that was being planned', async () => {
      const id = newId();
      await agent().startPlanning(id, draftOf(subject.now));
      const other = openingOf(subject.now, { id, draft: { reason: 'something else altogether' } });
      await expect(agent().openTicket(other)).rejects.toEqual(code('conflict'));
      expect((await agent().ticket(id)).state).toBe('planning');
    });

    it('ends the ticket that was being planned when the same call waits already', async () => {
      const first = await opened({ call: 'c1' });
      const id = newId();
      await agent().startPlanning(id, draftOf(subject.now));
      const again = await agent().openTicket(openingOf(subject.now, { id, call: 'c1' }));
      expect(again).toMatchObject({ existing: true, ticket: { id: first.id } });
      expect(await agent().ticket(id)).toMatchObject({ state: 'withdrawn', refusal: { code: 'conflict' } });
    });

    it('refuses a ticket that was withdrawn while it was planned', async () => {
      const id = newId();
      await agent().startPlanning(id, draftOf(subject.now));
      await agent().withdraw(id, 'no longer wanted');
      await expect(agent().openTicket(openingOf(subject.now, { id }))).rejects.toEqual(code('conflict'));
      await expect(agent().startPlanning(id, draftOf(subject.now))).rejects.toEqual(code('conflict'));
    });

    it('ends planning in a refusal', async () => {
      const id = newId();
      await agent().startPlanning(id, draftOf(subject.now));
      await agent().refusePlanning(id, { code: 'protected', message: 'm', recovery: 'r' });
      const ticket = await agent().ticket(id);
      expect(ticket).toMatchObject({ state: 'refused', refusal: { code: 'protected' } });
      expect(checkTrail(ticket)).toEqual({ ok: true });
    });

    it('refuses a plan that is not the one of its draft, and leaves nothing behind', async () => {
      const opening = openingOf(subject.now, { plan: { operator: 'mallory' } });
      await expect(agent().openTicket(opening)).rejects.toEqual(code('internal'));
      await expect(agent().ticket(opening.id)).rejects.toEqual(code('not_found'));
      expect((await subject.store.forAudit().head()).size).toBe(0);
    });
  });
}
