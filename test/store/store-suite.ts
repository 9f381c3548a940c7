import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTrail } from '../../src/audit/trail.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import type { Claim, Store } from '../../src/store/port.ts';
import { decision, draftOf, intentOf, newId, openingOf, person, signed } from './openings.ts';

export interface StoreUnderTest {
  /** Opens another store on the same data. */
  open(clock: () => number): Store;
  cleanUp(): Promise<void>;
}

const code = (expected: string) => expect.objectContaining({ code: expected });
const event = (ticket?: string) => ({ type: 'call.completed', actor: 'agent:claude', ticket, detail: {} }) as const;

/** What every store must do, whatever it is made of. */
export function storeSuite(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as a store`, () => {
    let under: StoreUnderTest;
    let store: Store;
    let now: number;
    const ann = person('ann');
    const bob = person('bob');
    const agent = () => store.forAgent('claude', 's1');
    const approver = () => store.forApprover();
    const executor = () => store.forExecutor('ex1');
    const opened = async (changes: Parameters<typeof openingOf>[1] = {}) =>
      (await agent().openTicket(openingOf(now, changes))).ticket;
    const claimed = async (id: Parameters<ReturnType<typeof executor>['claim']>[0], owner = 'ex1'): Promise<Claim> => {
      const claim = await executor().claim(id, owner, 30_000);
      expect(claim).toBeDefined();
      return claim!;
    };

    beforeEach(async () => {
      now = Date.parse('2026-01-02T03:04:05.678Z');
      under = await make();
      store = under.open(() => now);
    });

    afterEach(async () => {
      // Whatever an operation did, the log must hold.
      const verification = await verifyLog(store.forAudit());
      await store.close();
      await under.cleanUp();
      expect(verification).toMatchObject({ ok: true });
    });

    describe('opening', () => {
      it('stores the plan as it was given and logs it in the same breath', async () => {
        const opening = openingOf(now);
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
        const [entry] = await store.forAudit().entries(1, 10);
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
        const again = await agent().openTicket(openingOf(now, { call: 'c1' }));
        expect(again.existing).toBe(true);
        expect(again.ticket.id).toBe(first.id);
        await agent().withdraw(first.id, 'no longer wanted');
        expect((await agent().openTicket(openingOf(now, { call: 'c1' }))).existing).toBe(false);
      });

      it('does not give one that is over its time', async () => {
        const first = await opened({ call: 'c1' });
        now += 3_600_000;
        expect((await agent().openTicket(openingOf(now, { call: 'c1' }))).existing).toBe(false);
        expect((await agent().ticket(first.id)).state).toBe('expired');
      });

      it('moves on the ticket that was being planned', async () => {
        const id = newId();
        const draft = draftOf(now);
        expect((await agent().startPlanning(id, draft)).state).toBe('planning');
        now += 60_000;
        const { ticket } = await agent().openTicket(openingOf(Date.parse(draft.created_at), { id }));
        expect(ticket.trail.map(({ state }) => state)).toEqual(['planning', 'pending']);
        expect(checkTrail(ticket)).toEqual({ ok: true });
      });

      it('ends the ticket that was being planned when the same call waits already', async () => {
        const first = await opened({ call: 'c1' });
        const id = newId();
        await agent().startPlanning(id, draftOf(now));
        const again = await agent().openTicket(openingOf(now, { id, call: 'c1' }));
        expect(again).toMatchObject({ existing: true, ticket: { id: first.id } });
        expect(await agent().ticket(id)).toMatchObject({ state: 'withdrawn', refusal: { code: 'conflict' } });
      });

      it('refuses a ticket that was withdrawn while it was planned', async () => {
        const id = newId();
        await agent().startPlanning(id, draftOf(now));
        await agent().withdraw(id, 'no longer wanted');
        await expect(agent().openTicket(openingOf(now, { id }))).rejects.toEqual(code('conflict'));
        await expect(agent().startPlanning(id, draftOf(now))).rejects.toEqual(code('conflict'));
      });

      it('ends planning in a refusal', async () => {
        const id = newId();
        await agent().startPlanning(id, draftOf(now));
        await agent().refusePlanning(id, { code: 'protected', message: 'm', recovery: 'r' });
        const ticket = await agent().ticket(id);
        expect(ticket).toMatchObject({ state: 'refused', refusal: { code: 'protected' } });
        expect(checkTrail(ticket)).toEqual({ ok: true });
      });

      it('refuses a plan that is not the one of its draft, and leaves nothing behind', async () => {
        const opening = openingOf(now, { plan: { operator: 'mallory' } });
        await expect(agent().openTicket(opening)).rejects.toEqual(code('internal'));
        await expect(agent().ticket(opening.id)).rejects.toEqual(code('not_found'));
        expect((await store.forAudit().head()).size).toBe(0);
      });
    });

    describe('reading', () => {
      it('finds a ticket by the beginning of its id', async () => {
        const { id } = await opened();
        expect((await agent().ticket(id.slice(0, 12))).id).toBe(id);
        expect((await agent().ticket(id.slice(4, 10))).id).toBe(id);
        await expect(agent().ticket(id.slice(4, 9))).rejects.toEqual(code('usage'));
        await expect(agent().ticket('tkt_zzzzzzzz')).rejects.toEqual(code('not_found'));
        await expect(agent().ticket("tkt_' OR 1=1 --")).rejects.toEqual(code('not_found'));
      });

      it('asks for more when two tickets begin alike', async () => {
        const alike = ['tkt_aaaaaaaaaaaaaaaaaaa0', 'tkt_aaaaaaaaaaaaaaaaaaa1'] as ReturnType<typeof newId>[];
        for (const id of alike) await opened({ id });
        await expect(agent().ticket('aaaaaaaa')).rejects.toEqual(code('usage'));
        expect((await agent().ticket(alike[1]!)).id).toBe(alike[1]);
      });

      it("shows an agent nothing of another's", async () => {
        const { id } = await opened();
        const other = store.forAgent('other', 's2');
        await expect(other.ticket(id)).rejects.toEqual(code('not_found'));
        await expect(other.withdraw(id, 'mine now')).rejects.toEqual(code('not_found'));
        expect((await other.tickets({ limit: 10, agent: 'claude' })).items).toEqual([]);
        await expect(other.openTicket(openingOf(now))).rejects.toEqual(code('internal'));
      });

      it('pages through tickets, newest first', async () => {
        const ids: string[] = [];
        for (let index = 0; index < 5; index += 1) ids.unshift((await opened()).id);
        await agent().withdraw(ids[2] as ReturnType<typeof newId>, 'not this one');
        const first = await approver().tickets({ state: 'pending', limit: 3 });
        const rest = await approver().tickets({ state: 'pending', limit: 3, cursor: first.cursor });
        expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids.filter((_, index) => index !== 2));
        expect(rest.cursor).toBeUndefined();
        await expect(approver().tickets({ limit: 3, cursor: 'tkt_none' })).rejects.toEqual(code('usage'));
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
          ['abandonResidue', 'announceResidue', 'openTicket', 'refusePlanning', 'startPlanning', 'withdraw'].sort(),
        );
        expect(verbs(approver())).toEqual(['recordDecision', 'recordStatement']);
        expect(verbs(executor())).toEqual(
          ['begin', 'claim', 'due', 'expire', 'finish', 'release', 'renew', 'residueRemoved', 'stop'].sort(),
        );
        expect(Object.keys(store.forAudit()).sort()).toEqual(['entries', 'head', 'ticketRows']);
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
        now += 3_600_000;
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

    describe('executing', () => {
      it('takes a ticket from claim to outcome', async () => {
        const { id } = await opened({ state: 'approved' });
        expect((await executor().due()).approved).toEqual([id]);
        const claim = await claimed(id);
        expect((await executor().due()).approved).toEqual([]);
        await executor().begin(claim, intentOf(claim, executor().now()), {});
        now += 1000;
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
        now += 20_000;
        expect(await executor().renew(first, 30_000)).toBe(true);
        now += 30_000;
        const second = await claimed(id, 'ex2');
        expect(second.epoch).toBeGreaterThan(first.epoch);
        expect(await executor().renew(first, 30_000)).toBe(false);
        await executor().release(first);
        await expect(executor().begin(first, intentOf(first, executor().now()), {})).rejects.toEqual(code('conflict'));
        await executor().begin(second, intentOf(second, executor().now()), {});
        await expect(executor().finish(first, 'succeeded', {}, undefined)).rejects.toEqual(code('conflict'));
        await executor().finish(second, 'failed', {}, { code: 'aws_rejected', message: 'm', recovery: 'r' });
        expect(await agent().ticket(id)).toMatchObject({ state: 'failed', refusal: { code: 'aws_rejected' } });
      });

      it('begins once', async () => {
        const { id } = await opened({ state: 'approved' });
        const claim = await claimed(id);
        const begin = () => executor().begin(claim, intentOf(claim, executor().now()), {});
        const outcomes = await Promise.allSettled([begin(), begin(), begin()]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
      });

      it('does not begin what is pending, denied or over its time', async () => {
        const { id } = await opened();
        expect(await executor().claim(id, 'ex1', 1000)).toBeUndefined();
        const late = await opened({ state: 'approved' });
        const claim = await claimed(late.id);
        now += 3_600_000;
        await expect(executor().begin(claim, intentOf(claim, executor().now()), {})).rejects.toEqual(code('expired'));
      });

      it('lets proof settle what is unknown, by whoever has it, and nothing else', async () => {
        const { id } = await opened({ state: 'approved' });
        const sender = await claimed(id);
        await executor().begin(sender, intentOf(sender, executor().now()), {});
        now += 60_000;
        expect((await executor().due()).unsettled).toEqual([id]);
        const observer = await claimed(id, 'ex2');
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
        await agent().startPlanning(planning, draftOf(now));
        await expect(executor().expire(pending.id)).rejects.toEqual(code('conflict'));
        expect((await executor().due()).expired).toEqual([]);
        now += 3_600_000;
        expect((await executor().due()).expired).toEqual([pending.id, planning]);
        for (const id of [pending.id, planning]) {
          await executor().expire(id);
          expect(await agent().ticket(id)).toMatchObject({ state: 'expired', refusal: { code: 'expired' } });
        }
        expect((await executor().due()).expired).toEqual([]);
      });
    });

    describe('residues', () => {
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
        expect((await executor().due()).residues).toEqual([]);
        await agent().withdraw(id, 'no longer wanted');
        expect((await executor().due()).residues).toEqual([residueOf(id)]);
        await executor().residueRemoved(residueOf(id), removed);
        expect((await executor().due()).residues).toEqual([]);
      });

      it('are due when planning gave up, or never said', async () => {
        const [silent, abandoned] = [newId(), newId()];
        await agent().announceResidue(residueOf(silent), requested);
        await agent().announceResidue(residueOf(abandoned), requested);
        await store.forAgent('other', 's2').abandonResidue(abandoned);
        expect((await executor().due()).residues).toEqual([]);
        await agent().abandonResidue(abandoned);
        expect((await executor().due()).residues).toEqual([residueOf(abandoned)]);
        now += 15 * 60_000;
        expect((await executor().due()).residues).toHaveLength(2);
      });

      it('are used up by a change that succeeded', async () => {
        const id = newId();
        await agent().announceResidue(residueOf(id), requested);
        await opened({ id, state: 'approved' });
        const claim = await claimed(id);
        await executor().begin(claim, intentOf(claim, executor().now()), {});
        await executor().finish(claim, 'succeeded', {}, undefined);
        await agent().abandonResidue(id);
        expect((await executor().due()).residues).toEqual([]);
      });
    });

    describe('the log', () => {
      it('numbers entries without gaps and never goes back in time', async () => {
        await agent().append(event());
        now -= 1500;
        expect(await agent().append(event())).toEqual({ seq: 2 });
        const texts = (await store.forAudit().entries(1, 10)).map(({ text }) => JSON.parse(text));
        expect(texts.map(({ seq, at }) => [seq, at])).toEqual([
          [1, '2026-01-02T03:04:05.678Z'],
          [2, '2026-01-02T03:04:05.678Z'],
        ]);
      });

      it('refuses every write when the clock went back, and changes nothing', async () => {
        const { id } = await opened();
        now -= 2001;
        await expect(agent().append(event())).rejects.toEqual(code('clock_went_back'));
        await expect(agent().withdraw(id, 'no longer wanted')).rejects.toEqual(code('clock_went_back'));
        expect((await agent().ticket(id)).state).toBe('pending');
        now += 2001;
      });

      it('stays printable whatever it is given', async () => {
        await agent().append({ ...event(), detail: { name: '\u001b[31m\u202e\u00a0\ud800"\\' } });
        const [entry] = await store.forAudit().entries(1, 1);
        expect(entry!.text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(entry!.text).detail.name).toBe('\u001b[31m\u202e\u00a0\ud800"\\');
      });
    });

    describe('watching', () => {
      const nextChange = (on: Store) =>
        new Promise<void>((resolve) => {
          const stop = on.forApprover().watch(() => {
            stop();
            resolve();
          });
        });

      it('tells of its own commits and of those of others', async () => {
        const other = under.open(() => now);
        for (const writer of [store, other]) {
          // The first call says that watching has begun.
          await nextChange(store);
          const seen: number[] = [];
          const told = new Promise<void>((resolve) => {
            const stop = store.forExecutor('ex1').watch(() => {
              void store
                .forAudit()
                .head()
                .then(({ size }) => {
                  seen.push(size);
                  if (size < before.size + 1) return;
                  stop();
                  resolve();
                });
            });
          });
          const before = await store.forAudit().head();
          await writer.forAgent('claude', 's1').append(event());
          await told;
          expect(seen.at(-1)).toBe(before.size + 1);
        }
        await other.close();
      });
    });
  });
}
