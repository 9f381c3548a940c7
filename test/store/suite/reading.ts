import { describe, expect, it } from 'vitest';
import { type newId, openingOf } from '../../scenes/openings.ts';
import { code, event, type Subject } from './subject.ts';

export function readingSuite(subject: Subject): void {
  const { agent, approver, executor, opened } = subject;

  describe('reading', () => {
    it('finds a ticket by the beginning of its id', async () => {
      const { id } = await opened();
      expect((await agent().ticket(id.slice(0, 12))).id).toBe(id);
      expect((await agent().ticket(id.slice(4, 10))).id).toBe(id);
      await expect(agent().ticket(id.slice(4, 9))).rejects.toEqual(code('invalid_input'));
      await expect(agent().ticket('tkt_zzzzzzzz')).rejects.toEqual(code('not_found'));
      await expect(agent().ticket("tkt_' OR 1=1 --")).rejects.toEqual(code('not_found'));
    });

    it('asks for more when two tickets begin alike', async () => {
      const alike = ['tkt_aaaaaaaaaaaaaaaaaaa0', 'tkt_aaaaaaaaaaaaaaaaaaa1'] as ReturnType<typeof newId>[];
      for (const id of alike) await opened({ id });
      await expect(agent().ticket('aaaaaaaa')).rejects.toEqual(code('invalid_input'));
      expect((await agent().ticket(alike[1]!)).id).toBe(alike[1]);
    });

    it("shows an agent nothing of another's", async () => {
      const { id } = await opened();
      const other = subject.store.forAgent({ agent: 'other', operator: 'ann', session: 's2' });
      await expect(other.ticket(id)).rejects.toEqual(code('not_found'));
      await expect(other.withdraw(id, 'mine subject.now')).rejects.toEqual(code('not_found'));
      expect((await other.tickets({ limit: 10, asker: { agent: 'claude', operator: 'ann' } })).items).toEqual([]);
      await expect(other.openTicket(openingOf(subject.now))).rejects.toEqual(code('internal'));
    });

    it('shows the same agent nothing of what it asked for another person', async () => {
      const { id, draft } = await opened();
      const other = subject.store.forAgent({ agent: 'claude', operator: 'bob', session: 's2' });
      await expect(other.ticket(id)).rejects.toEqual(code('not_found'));
      await expect(other.withdraw(id, 'it is not mine')).rejects.toEqual(code('not_found'));
      await expect(other.refusePlanning(id, { code: 'internal', message: '', recovery: '' })).rejects.toEqual(
        code('not_found'),
      );
      expect((await other.tickets({ limit: 10, asker: draft })).items).toEqual([]);
      expect(await other.states(10)).toEqual([]);
      expect(await other.asked('new')).toEqual({ destructive_last_hour: 0, pending: 0 });
      await expect(other.openTicket(openingOf(subject.now))).rejects.toEqual(code('internal'));
      expect((await agent().ticket(id)).state).toBe('pending');
    });

    it('gives the newest states at a glance', async () => {
      const first = await opened();
      const second = await opened({ state: 'approved' });
      expect(await agent().states(10)).toEqual([
        { id: second.id, state: 'approved' },
        { id: first.id, state: 'pending' },
      ]);
      expect(await agent().states(1)).toHaveLength(1);
      expect(await subject.store.forAgent({ agent: 'other', operator: 'ann', session: 's2' }).states(10)).toEqual([]);
    });

    it('tells what a session had read before it opened a ticket, newest first', async () => {
      const read = (tool: string, session = 's1', more: object = {}) =>
        agent().append({
          type: 'call.completed',
          actor: 'agent:claude',
          session,
          tool,
          detail: { arguments: { tool } },
          ...more,
        });
      await read('ec2_describe_instances');
      await read('ec2_describe_volumes', 's2');
      await read('cloudformation_list_stacks', 's1', { type: 'call.failed' });
      await read('ticket_list');
      await read('cloudformation_describe_stack');
      const { id } = await opened();
      await read('ec2_describe_vpcs');
      const later = await opened();
      const reads = await approver().readsBefore(id, 10);
      expect(reads.map(({ seq, tool }) => [seq, tool])).toEqual([
        [5, 'cloudformation_describe_stack'],
        [1, 'ec2_describe_instances'],
      ]);
      expect(reads[0]).toMatchObject({
        at: '2026-01-02T03:04:05.678Z',
        arguments: { tool: 'cloudformation_describe_stack' },
      });
      expect((await approver().readsBefore(later.id, 1)).map(({ tool }) => tool)).toEqual(['ec2_describe_vpcs']);
      await expect(approver().readsBefore('tkt_zzzzzzzzzzzzzzzzzzzz' as typeof id, 1)).rejects.toEqual(
        code('not_found'),
      );
    });

    it('finds what brings back what a ticket changed, whoever asked for it, newest first', async () => {
      const { id: source } = await opened();
      const bringing = (ticket: string, part: number) => ({
        restores: {
          ticket: ticket as typeof source,
          kit: 'a'.repeat(64),
          part,
          of: 2,
          lost: [],
          environment: 'production' as const,
        },
      });
      const first = await opened({ plan: bringing(source, 1) });
      await opened({ plan: bringing(first.id, 1) });
      const other = subject.store.forAgent({ agent: 'restore', operator: 'ann', session: 's2' });
      const draft = { agent: 'restore', session: 's2' };
      const { ticket: second } = await other.openTicket(openingOf(subject.now, { draft, plan: bringing(source, 2) }));
      for (const store of [agent(), other])
        expect((await store.restorations(source)).map(({ id }) => id)).toEqual([second.id, first.id]);
      expect(await agent().restorations(second.id)).toEqual([]);
    });

    it('finds what was brought back before, however many others were asked for and withdrawn since', async () => {
      const { id: source } = await opened();
      const restores = {
        ticket: source,
        kit: 'a'.repeat(64),
        part: 1,
        of: 1,
        lost: [],
        environment: 'production' as const,
      };
      const { id: brought } = await opened({ plan: { restores }, state: 'approved' });
      for (let at = 0; at < 500; at += 1) {
        const { id } = await opened({ plan: { restores } });
        await agent().withdraw(id, 'not this one');
      }
      const [first, ...others] = await agent().restorations(source);
      expect([first?.id, others.length]).toEqual([brought, 499]);
    });

    it('pages through tickets, newest first', async () => {
      const ids: string[] = [];
      for (let index = 0; index < 5; index += 1) ids.unshift((await opened()).id);
      await agent().withdraw(ids[2] as ReturnType<typeof newId>, 'not this one');
      const first = await approver().tickets({ state: 'pending', limit: 3 });
      const rest = await approver().tickets({ state: 'pending', limit: 3, cursor: first.cursor });
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids.filter((_, index) => index !== 2));
      expect(rest.cursor).toBeUndefined();
      await expect(approver().tickets({ limit: 3, cursor: 'tkt_none' })).rejects.toEqual(code('invalid_input'));
    });
  });

  describe('narrowing', () => {
    it('hands out objects that have their own verbs only', () => {
      const shared = ['append', 'now', 'statements', 'ticket', 'tickets', 'watch'];
      const verbs = (object: object) =>
        Object.keys(object)
          .filter((verb) => !shared.includes(verb))
          .sort();
      expect(verbs(agent())).toEqual(
        [
          'abandonResidue',
          'announceResidue',
          'asked',
          'deletion',
          'deniedBefore',
          'news',
          'openTicket',
          'refusePlanning',
          'restorations',
          'startPlanning',
          'states',
          'unsettled',
          'withdraw',
        ].sort(),
      );
      expect(verbs(approver())).toEqual([
        'brokenGlass',
        'keepUp',
        'noteLook',
        'readsBefore',
        'recordDecision',
        'recordRehearsal',
        'recordResolution',
        'recordStatement',
        'verified',
      ]);
      expect(verbs(executor())).toEqual(
        [
          'begin',
          'beginStep',
          'claim',
          'deletion',
          'keepUp',
          'expire',
          'finish',
          'namedKits',
          'note',
          'overdue',
          'progressed',
          'release',
          'renew',
          'residues',
          'takeResidue',
          'releaseResidue',
          'residueRemoved',
          'stop',
          'take',
          'unsettled',
          'verified',
        ].sort(),
      );
      expect(Object.keys(subject.store.forAudit()).sort()).toEqual(['entries', 'head']);
    });

    it("appends nothing that would pass for an operation's entry", async () => {
      for (const type of ['ticket.approved', 'decision.recorded', 'approver.enrolled', 'halt.lifted'] as const)
        await expect(agent().append({ ...event(), type })).rejects.toEqual(code('internal'));
      const { id } = await opened();
      await agent().append({ ...event(id), detail: { ticket_seq: 2, statement_seq: 1 } });
      expect((await agent().ticket(id)).trail_intact).toBe(true);
      expect(await agent().statements()).toEqual([]);
    });
  });
}
