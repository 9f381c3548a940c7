import { Client } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';
import { approve, deny } from '../../approvals/cli/decide.ts';
import { listPending } from '../../approvals/companion/read.ts';
import { assessTicket } from '../../approvals/tickets/assess.ts';
import { companionOn } from '../scenes/companion.ts';
import { codeOf, type Installation, openInstallation } from '../scenes/installation.ts';
import { withDatabase } from '../scenes/tables.ts';
import { replacePlan } from '../scenes/tampering.ts';

/*
 * Anyone who writes the database makes a milder plan of a ticket that waits, with a log to match: nothing there
 * contradicts itself.
 */

async function rewritten() {
  const installation = await openInstallation();
  await installation.enroll('noa', 'ida');
  const { id } = await installation.openTicket();
  // Someone of this installation looks, and so has seen what was asked for.
  const before = await assessTicket(installation.context('noa'), await installation.store.forApprover().ticket(id));
  expect(before).toMatchObject({ unseen: undefined, plan: { effects: ['delete'] } });
  const digest = milder(installation, id);
  return { installation, id, digest };
}

/** @returns its digest */
function milder(installation: Installation, id: string): string {
  return withDatabase({ database: installation.file }, (db) =>
    replacePlan(
      db,
      id,
      (plan) => ({
        ...plan,
        effects: ['modify'],
        impact: plan.impact.map((line) => ({ ...line, effect: 'modify' as const })),
      }),
      true,
    ),
  );
}

const shown = async (installation: Installation, id: string) =>
  await assessTicket(installation.context('ida'), await installation.store.forApprover().ticket(id));

test('A5: a ticket that is not what was seen here says so first, in the terminal, on the page and in chats', async () => {
  const { installation, id } = await rewritten();
  const assessment = await shown(installation, id);
  expect(assessment.plan.effects).toEqual(['modify']);
  expect(assessment.unseen).toMatchObject({ code: 'log_not_continued' });
  expect(assessment.warnings[0]).toContain('this may not be what the agent asked for, and nothing runs');
  const listed = await listPending(installation.context('ida'));
  expect(JSON.stringify(listed.content)).toContain('NOTHING RUNS');
  expect(listed.structuredContent).toMatchObject({ log_problem: { code: 'log_not_continued' } });
});

test('A5: nobody approves it, and everybody can deny it', async () => {
  const { installation, id, digest } = await rewritten();
  expect(await codeOf(approve(installation.context('ida'), id, { yes: true, digest }))).toBe('log_not_continued');
  await deny(installation.context('ida'), id, { yes: true, digest, reason: 'this is not what was asked for' });
  expect((await installation.store.forApprover().ticket(id)).state).toBe('denied');
});

/** Nothing was signed, and the log says that someone tried. */
async function nothingSigned(installation: Installation, id: string) {
  expect((await installation.store.forApprover().ticket(id)).decisions).toEqual([]);
  const rejected = (await installation.events()).filter(({ type }) => type === 'decision.rejected');
  expect(rejected.map(({ detail }) => detail.code)).toEqual(['wrong_digest']);
}

test.each([
  ['approve', approve],
  ['deny', deny],
] as const)(
  'A5: in a terminal %s signs the plan that was shown, and none that took its place while it was read',
  async (_, decide) => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'ida');
    const { id } = await installation.openTicket();
    const answer = () => {
      milder(installation, id);
      return decide === approve ? 'payments-production' : 'y';
    };
    expect(await codeOf(decide(installation.context('ida', [answer]), id, { reason: 'as shown' }))).toBe(
      'wrong_digest',
    );
    await nothingSigned(installation, id);
  },
);

test('A5: in a chat, too', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa', 'ida');
  const { id } = await installation.openTicket({ environment: 'development' });
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler('elicitation/create', () => {
    milder(installation, id);
    return { action: 'accept' as const, content: { target_name: 'payments-production' } };
  });
  await client.connect(companionOn(installation.home, 'ida'));
  onTestFinished(() => client.close());
  const decided = { name: 'approvals_decide', arguments: { ticket_id: id, decision: 'approve' } };
  expect((await client.callTool(decided)).structuredContent).toMatchObject({ refusal: { code: 'wrong_digest' } });
  await nothingSigned(installation, id);
});
