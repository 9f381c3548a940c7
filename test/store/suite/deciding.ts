import { describe, expect, it } from 'vitest';
import { checkTrail } from '../../../src/audit/trail.ts';
import type { Refusal } from '../../../src/kernel/errors.ts';
import { decision, signed } from '../../scenes/openings.ts';
import { code, type Subject } from './subject.ts';

export function decidingSuite(subject: Subject): void {
  const { agent, approver, executor, opened, ann, bob } = subject;

  describe('deciding', () => {
    const decide = async (
      by = ann,
      verdict: 'approve' | 'deny' | 'withdraw' = 'approve',
      id?: string,
      to?: 'approved' | 'denied',
    ) => {
      const ticket = await approver().ticket(id!);
      return approver().recordDecision({
        ticket: ticket.id,
        expected: { state: ticket.state, decisions: ticket.decisions.length },
        signed: decision(by, ticket, verdict),
        to,
        actor: `approver:${by.name}`,
        detail: {},
      });
    };

    it('keeps the signed decision and moves the ticket', async () => {
      const { id } = await opened();
      const ticket = await decide(bob, 'approve', id, 'approved');
      expect(ticket.state).toBe('approved');
      expect(ticket.decisions.map(({ statement }) => JSON.parse(statement).by)).toEqual(['bob']);
      expect(checkTrail(ticket)).toEqual({ ok: true });
    });

    it('keeps the login that came with a decision, and when it was recorded, as it is read and as it was seen', async () => {
      const { id } = await opened();
      const { decisions, ...ticket } = await approver().ticket(id);
      // As long as any that is taken.
      const login = `${'a'.repeat(11_990)}.b-_.c`;
      const before = await approver().now();
      await approver().recordDecision({
        ticket: ticket.id,
        expected: { state: 'pending', decisions: decisions.length },
        signed: { ...decision(bob, { ...ticket, decisions }, 'approve'), login },
        to: 'approved',
        actor: 'approver:bob',
        detail: {},
      });
      const [kept] = (await approver().ticket(id)).decisions;
      expect(kept).toMatchObject({ login });
      expect((kept?.at ?? '') >= before && (kept?.at ?? '') <= (await approver().now())).toBe(true);
      expect((await executor().verified(ticket.id)).decisions).toEqual([kept]);
    });

    it('finds the tickets with a decision that breaks the glass, newest first, each once', async () => {
      const ids = [(await opened()).id, (await opened()).id, (await opened()).id] as const;
      const breaking = async (id: string, more: object) => {
        const ticket = await approver().ticket(id);
        const expected = { state: ticket.state, decisions: ticket.decisions.length };
        const statement = decision(ann, ticket, 'approve', more);
        const actor = `approver:${ann.name}`;
        await approver().recordDecision({ ticket: ticket.id, expected, signed: statement, actor, detail: {} });
      };
      for (const id of [ids[2], ids[0], ids[2]]) await breaking(id, { break_glass: true, reason: 'down' });
      await breaking(ids[1], {});
      expect(await approver().brokenGlass(5)).toEqual([ids[2], ids[0]]);
      expect(await approver().brokenGlass(1)).toEqual([ids[2]]);
    });

    it('keeps a decision that is not enough yet', async () => {
      const { id } = await opened();
      expect((await decide(ann, 'approve', id)).state).toBe('pending');
      expect((await decide(ann, 'withdraw', id)).state).toBe('pending');
      const ticket = await decide(bob, 'approve', id, 'approved');
      expect(ticket).toMatchObject({ state: 'approved', decisions: { length: 3 } });
    });

    it('lets a denial overtake an approval, and nothing overtake a denial', async () => {
      const { id } = await opened();
      await decide(ann, 'approve', id, 'approved');
      expect((await decide(bob, 'deny', id, 'denied')).state).toBe('denied');
      await expect(decide(bob, 'approve', id, 'approved')).rejects.toEqual(code('conflict'));
      await expect(decide(bob, 'approve', id)).rejects.toEqual(code('conflict'));
    });

    it('refuses what was weighed against something else', async () => {
      const ticket = await opened();
      const record = (state: 'pending' | 'approved', decisions: number) =>
        approver().recordDecision({
          ticket: ticket.id,
          expected: { state, decisions },
          signed: decision(ann, ticket, 'approve'),
          to: 'approved',
          actor: 'approver:ann',
          detail: {},
        });
      await expect(record('approved', 0)).rejects.toEqual(code('conflict'));
      await expect(record('pending', 1)).rejects.toEqual(code('conflict'));
      const outcomes = await Promise.allSettled([record('pending', 0), record('pending', 0), record('pending', 0)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    });

    it('refuses an approval after the hashed expiry, and a decision about another plan', async () => {
      const ticket = await opened();
      const other = await opened();
      await expect(
        approver().recordDecision({
          ticket: ticket.id,
          expected: { state: 'pending', decisions: 0 },
          signed: decision(ann, other, 'approve'),
          to: 'approved',
          actor: 'approver:ann',
          detail: {},
        }),
      ).rejects.toEqual(code('wrong_digest'));
      subject.now += 3_600_000;
      await expect(decide(ann, 'approve', ticket.id, 'approved')).rejects.toEqual(code('expired'));
      expect((await decide(ann, 'deny', ticket.id, 'denied')).state).toBe('denied');
    });

    describe('what was denied', () => {
      const target = { id: 'i-1', type: 'AWS::EC2::Instance', name: 'i-1', tags: {} };
      const plan = { targets: [target], arguments: { instance_ids: ['i-1'], note: 'gr\u00fc\u00df "x"' } };
      const asked = {
        tool: 'ec2_stop_instances',
        account: '123456789012',
        region: 'eu-west-1',
        arguments: plan.arguments,
        targets: [target],
      };
      const refusal = { code: 'denied', message: 'denied by ann: no', recovery: 'ask ann' } as const;
      const denied = async (why: Refusal = refusal) => {
        const ticket = await opened({ plan });
        return approver().recordDecision({
          ticket: ticket.id,
          expected: { state: 'pending', decisions: 0 },
          signed: decision(ann, ticket, 'deny'),
          to: 'denied',
          actor: 'approver:ann',
          refusal: why,
          detail: {},
        });
      };

      it('is found for an hour by whoever asks for the same, and then no more', async () => {
        expect(await agent().deniedBefore(asked)).toBeUndefined();
        const { id, finished_at } = await denied();
        const found = { ticket: id, refusal, at: finished_at };
        const another = subject.store.forAgent({ agent: 'codex', operator: 'ann', session: 's2' });
        expect(await another.deniedBefore(asked)).toMatchObject(found);
        subject.now += 3_599_999;
        expect(await another.deniedBefore(asked)).toMatchObject(found);
        subject.now += 1;
        expect(await another.deniedBefore(asked)).toBeUndefined();
      });

      it.each([
        ['tool', { tool: 'ec2_start_instances' }],
        ['account', { account: '210987654321' }],
        ['region', { region: 'eu-west-2' }],
        ['argument', { arguments: { instance_ids: ['i-1'] } }],
        ['target', { targets: [{ ...target, id: 'i-2', name: 'i-2' }] }],
      ])('is not found for another %s', async (_, other) => {
        await denied();
        expect(await agent().deniedBefore({ ...asked, ...other })).toBeUndefined();
      });

      it('is not what the check before execution ended', async () => {
        await denied({ code: 'approval_invalid', message: 'm', recovery: 'r' });
        expect(await agent().deniedBefore(asked)).toBeUndefined();
      });
    });

    it('keeps statements in order, each weighed against those before it', async () => {
      const enroll = signed(ann, {
        kind: 'enroll',
        name: 'ann',
        public_key: ann.publicKey,
        public_key_id: ann.keyId,
        max_assurance: 'key',
      });
      const halt = signed(ann, { kind: 'halt', reason: 'stop' });
      const enrolled = { type: 'approver.enrolled', actor: 'approver:ann', detail: {} } as const;
      await approver().recordStatement({ signed: enroll, expected: 0, event: enrolled });
      await expect(approver().recordStatement({ signed: enroll, expected: 0, event: enrolled })).rejects.toEqual(
        code('conflict'),
      );
      // A halt doesn't pass for an enrolment.
      await expect(approver().recordStatement({ signed: halt, expected: 1, event: enrolled })).rejects.toEqual(
        code('internal'),
      );
      await approver().recordStatement({ signed: halt, expected: 1, event: { ...enrolled, type: 'halt.set' } });
      expect(await executor().statements()).toEqual([
        { ...enroll, seq: 1 },
        { ...halt, seq: 2 },
      ]);
    });
  });
}
