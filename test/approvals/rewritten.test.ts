import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { approve, deny } from '../../approvals/cli/decide.ts';
import { listPending } from '../../approvals/companion/read.ts';
import { assessTicket } from '../../approvals/tickets/assess.ts';
import { bundledCompanion } from '../scenes/bundled-companion.ts';
import { codeOf, type House, openHouse } from '../scenes/installation.ts';
import { replacePlan, withDatabase } from '../scenes/tampering.ts';

/* Whoever writes the database makes a milder plan of a ticket that waits, with a log to match: nothing there contradicts itself. */

async function rewritten() {
  const house = await openHouse();
  await house.enroll('noa', 'ida');
  const { id } = await house.openTicket();
  // Somebody of this installation looks, and so has seen what was asked for.
  const before = await assessTicket(house.context('noa'), await house.store.forApprover().ticket(id));
  expect(before).toMatchObject({ unseen: undefined, plan: { effects: ['delete'] } });
  const digest = milder(house, id);
  return { house, id, digest };
}

/** @returns its digest */
function milder(house: House, id: string): string {
  return withDatabase({ database: house.file }, (db) =>
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

const shown = async (house: House, id: string) =>
  await assessTicket(house.context('ida'), await house.store.forApprover().ticket(id));

test('A5: a ticket that is not what was seen here says so first, in the terminal, on the page and in chats', async () => {
  const { house, id } = await rewritten();
  const assessment = await shown(house, id);
  expect(assessment.plan.effects).toEqual(['modify']);
  expect(assessment.unseen).toMatchObject({ code: 'log_not_continued' });
  expect(assessment.warnings[0]).toContain('this may not be what the agent asked for, and nothing runs');
  const listed = await listPending(house.context('ida'));
  expect(JSON.stringify(listed.content)).toContain('NOTHING RUNS');
  expect(listed.structuredContent).toMatchObject({ log_problem: { code: 'log_not_continued' } });
});

test('A5: nobody approves it, and everybody can deny it', async () => {
  const { house, id, digest } = await rewritten();
  expect(await codeOf(approve(house.context('ida'), id, { yes: true, digest }))).toBe('log_not_continued');
  await deny(house.context('ida'), id, { yes: true, digest, reason: 'this is not what was asked for' });
  expect((await house.store.forApprover().ticket(id)).state).toBe('denied');
});

/** Nothing was signed, and the log says that somebody tried. */
async function nothingSigned(house: House, id: string) {
  expect((await house.store.forApprover().ticket(id)).decisions).toEqual([]);
  const rejected = (await house.events()).filter(({ type }) => type === 'decision.rejected');
  expect(rejected.map(({ detail }) => detail.code)).toEqual(['wrong_digest']);
}

test.each([
  ['approve', approve],
  ['deny', deny],
] as const)(
  'A5: in a terminal %s signs the plan that was shown, and none that took its place while it was read',
  async (_, decide) => {
    const house = await openHouse();
    await house.enroll('noa', 'ida');
    const { id } = await house.openTicket();
    const answer = () => {
      milder(house, id);
      return decide === approve ? 'payments-production' : 'y';
    };
    expect(await codeOf(decide(house.context('ida', [answer]), id, { reason: 'as shown' }))).toBe('wrong_digest');
    await nothingSigned(house, id);
  },
);

test('A5: in a chat, too', async () => {
  const house = await openHouse();
  await house.enroll('noa', 'ida');
  const { id } = await house.openTicket({ environment: 'development' });
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler('elicitation/create', () => {
    milder(house, id);
    return { action: 'accept' as const, content: { target_name: 'payments-production' } };
  });
  const args = [await bundledCompanion(), house.home, 'ida'];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  onTestFinished(() => client.close());
  const decided = { name: 'approvals_decide', arguments: { ticket_id: id, decision: 'approve' } };
  expect((await client.callTool(decided)).structuredContent).toMatchObject({ refusal: { code: 'wrong_digest' } });
  await nothingSigned(house, id);
});
