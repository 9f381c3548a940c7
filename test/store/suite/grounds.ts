import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recreatable } from '../../../src/kernel/circumstances.ts';
import { MovedOn } from '../../../src/kernel/errors.ts';
import { type PlanRecord, readPlan } from '../../../src/kernel/plan.ts';
import type { AgentStore, Grounds, Opening, Store, StoredTicket } from '../../../src/store/port.ts';
import { decision, intentOf, openingOf } from '../../scenes/openings.ts';
import type { Subject } from './subject.ts';

const STACK: Recreatable = { account: '123456789012', region: 'eu-west-1', kind: 'stack', name: 'shop' };
const DELETED = { kind: 'stack', name: 'shop', event: 'delete' } as const;
const TARGET = {
  id: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1',
  type: 'AWS::CloudFormation::Stack',
  name: 'shop',
  stack_name: 'shop',
  tags: {},
};

/** One server of an agent weighs a call; before it opens the ticket, another process on the same data is faster. */
export function groundsSuite(subject: Subject): void {
  const { agent, approver, executor, ann } = subject;

  describe('a call that was weighed', () => {
    let other: Store;
    beforeEach(() => {
      other = subject.under.open(() => subject.now);
    });
    afterEach(() => other.close());

    const about = (tool: string, more: Partial<PlanRecord> = {}) =>
      openingOf(subject.now, { draft: { tool }, plan: { targets: [TARGET], ...more } });

    /** With grounds as a server reads them, in its order. */
    async function weighed(opening: Opening, store: AgentStore = agent()): Promise<Opening> {
      const news = await store.news();
      const plan = readPlan(opening.plan, opening.id);
      const deletion = { of: STACK, found: await store.deletion(STACK) };
      const unsettled = await store.unsettled(plan);
      const asked = await store.asked(opening.call);
      expect(await store.deniedBefore(plan)).toBeUndefined();
      const grounds: Grounds = { news, subject: plan, asked, unsettled, deletion };
      return { ...opening, grounds };
    }

    async function openedElsewhere(opening: Opening): Promise<StoredTicket> {
      return (await other.forAgent({ agent: 'claude', operator: 'ann', session: 's2' }).openTicket(opening)).ticket;
    }

    async function ran({ id }: StoredTicket, to?: 'unknown' | 'succeeded'): Promise<void> {
      const claim = await subject.claimed(id);
      await executor().begin(
        claim,
        intentOf(claim, await executor().now()),
        { decisions: 0, statements: 0 },
        {},
        10_000,
      );
      if (to) await executor().finish(claim, to, { detail: '', resources: [] }, undefined);
    }

    async function denied(ticket: StoredTicket): Promise<void> {
      await other.forApprover().recordDecision({
        ticket: ticket.id,
        expected: { state: 'pending', decisions: 0 },
        signed: decision(ann, ticket, 'deny'),
        to: 'denied',
        actor: 'approver:ann',
        refusal: { code: 'denied', message: 'denied by ann', recovery: 'ask ann' },
        detail: {},
      });
    }

    async function refused(opening: Opening, why: string): Promise<void> {
      const answer = agent().openTicket(opening);
      await expect(answer).rejects.toThrow(MovedOn);
      await expect(answer).rejects.toThrow(why);
      await expect(approver().ticket(opening.id)).rejects.toMatchObject({ code: 'not_found' });
    }

    it('C17: is not opened once the same agent asked for something else', async () => {
      const opening = await weighed(about('ec2_stop_instances'));
      await openedElsewhere(about('ec2_reboot_instances'));
      await refused(opening, 'asked for something else');
    });

    it('C17: is not opened once the same was denied', async () => {
      const waiting = await openedElsewhere(about('ec2_stop_instances'));
      const opening = await weighed(about('ec2_stop_instances'));
      await denied(waiting);
      await refused(opening, 'the same was denied');
    });

    it('C17: is not opened once its stack is to be deleted', async () => {
      const opening = await weighed(about('cloudformation_deploy_stack'));
      const deletion = openingOf(subject.now, {
        draft: { tool: 'cloudformation_delete_stack', agent: 'another' },
        plan: { targets: [TARGET], lifecycle: DELETED },
      });
      await other.forAgent({ agent: 'another', operator: 'ann', session: 's2' }).openTicket(deletion);
      await refused(opening, 'deletes the stack');
    });

    it('C17: is not opened once the deletion of its stack went on', async () => {
      const deleting = about('cloudformation_delete_stack', { lifecycle: DELETED });
      const deletion = await openedElsewhere({ ...deleting, state: 'approved' });
      const opening = await weighed(about('cloudformation_deploy_stack'));
      await ran(deletion, 'succeeded');
      await refused(opening, 'deletes the stack');
    });

    it.each([
      ['began', undefined],
      ['ended as unknown', 'unknown'],
    ] as const)('C17: is not opened once a ticket about the same %s', async (_, to) => {
      const approved = await openedElsewhere({ ...about('ec2_stop_instances'), state: 'approved' });
      const opening = await weighed(about('ec2_reboot_instances'));
      await ran(approved, to);
      await refused(opening, 'a ticket about the same');
    });

    it.each(['a "quoted" shop', 'back\\slash', 'é\u2028😀'])('C17: is held up by one about %j', async (name) => {
      const targets = [{ ...TARGET, id: name, name, stack_name: name }];
      const approved = await openedElsewhere({ ...about('ec2_stop_instances', { targets }), state: 'approved' });
      const opening = await weighed(about('ec2_reboot_instances', { targets }));
      await ran(approved);
      await refused(opening, 'a ticket about the same');
    });

    it('C17: is opened where only something else happened', async () => {
      const elsewhere = { ...TARGET, id: 'i-1', name: 'i-1', stack_name: 'other' };
      const opening = await weighed(about('ec2_stop_instances'));
      const [draft, plan] = [{ tool: 'ec2_reboot_instances', agent: 'another' }, { targets: [elsewhere] }];
      await other
        .forAgent({ agent: 'another', operator: 'ann', session: 's2' })
        .openTicket(openingOf(subject.now, { draft, plan }));
      expect(await agent().openTicket(opening)).toMatchObject({ existing: false, ticket: { state: 'pending' } });
    });
  });
}
