import { describe, expect, it } from 'vitest';
import { checkTrail } from '../../../src/audit/trail.ts';
import { decision, signed } from '../openings.ts';
import { code, type Subject } from './subject.ts';

export function decidingSuite(subject: Subject): void {
  const { approver, executor, opened, ann, bob } = subject;

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
      expect(await executor().statements()).toEqual([enroll, halt]);
    });
  });
}
