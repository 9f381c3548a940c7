import { expect, test } from 'vitest';
import { evidenceOf } from '../../src/kernel/resolution.ts';
import { servedInstallation } from '../scenes/page.ts';
import { LOST, lost } from '../scenes/unknown.ts';
import { answered, choiceOf, handMade } from './hand-made.ts';
import { post, send } from './requests.ts';

/* A person says on the page, with a passkey, what became of a ticket of which AWS's records can't tell. */

async function unknown(sent: 'long ago' | 'just now' = 'long ago') {
  const installation = await servedInstallation({ policy: 'permit (principal, action, resource);' });
  const ida = await handMade(installation, 'ida');
  const { id } = await installation.openTicket();
  const intended_at = await installation.store.forExecutor('x1').now();
  const { ticket, executor, claim } = await lost(installation, id, sent === 'just now' ? { intended_at } : {});
  const page = async () => (await send(installation.links.decided(id))).body;
  const ask = (more: object = {}, key = ida.key) =>
    post(installation, `/tickets/${id}/resolve/question`, {
      ...choiceOf(installation, ticket, key),
      decision: 'not_happened',
      seen: evidenceOf(LOST),
      reason: 'the console shows it',
      ...more,
    });
  const answer = (asked: { body: string }) =>
    answered(installation, ticket, ida.passkey, JSON.parse(asked.body), {}, 'resolve/');
  return { installation, ida, ticket, executor, claim, page, ask, answer };
}

const refused = (answer: { body: string }) => JSON.parse(answer.body).refusal.code;

test("it is asked for beside what is known, signed with a passkey, and shown as that person's word", async () => {
  const { installation, ticket, page, ask, answer } = await unknown();
  const before = await page();
  expect(before).toContain(`data-seen="${evidenceOf(LOST)}"`);
  expect(before).toContain('It did not happen</button>');
  expect((await answer(await ask())).status).toBe(200);
  expect(await installation.state(ticket.id)).toBe('resolved');
  const after = await page();
  expect(after).toContain('ida says that it did not happen (not known from AWS): the console shows it');
  expect(after).not.toContain('resolve/question');
  expect((await send(installation.links.list())).body).toContain('<td>resolved</td>');
});

test('it is refused without a reason, of another plan, of what nobody saw, and once it is settled', async () => {
  const { installation, ticket, executor, claim, ask, answer } = await unknown();
  expect(refused(await ask({ reason: ' ' }))).toBe('usage');
  expect(refused(await ask({ digest: '0'.repeat(64) }))).toBe('wrong_digest');
  expect(refused(await ask({ seen: '0'.repeat(64) }))).toBe('conflict');
  const asked = await ask();
  await executor.note(claim, { type: 'execution.observed', result: { ...LOST, detail: 'the stack is gone' } });
  expect(refused(await answer(asked))).toBe('conflict');
  const seen = evidenceOf({ ...LOST, detail: 'the stack is gone' });
  expect((await answer(await ask({ seen }))).status).toBe(200);
  expect(refused(await ask({ seen }))).toBe('already_decided');
  expect(await installation.state(ticket.id)).toBe('resolved');
});

test('whom the agent works for is not offered it, and refused', async () => {
  const { installation, ticket, page, ask } = await unknown();
  const mara = await handMade(installation, 'mara');
  const select = /<select id="resolve-key"[\s\S]*?<\/select>/.exec(await page())?.[0];
  expect(select).toContain('ida');
  expect(select).not.toContain('mara');
  expect(refused(await ask({}, mara.key))).toBe('operator_excluded');
  expect(await installation.state(ticket.id)).toBe('unknown');
});

test('that it did not happen is not offered while AWS may still take its request, and refused', async () => {
  const { installation, ticket, page, ask, answer } = await unknown('just now');
  const early = await page();
  expect(early).toContain('It happened</button>');
  expect(early).not.toContain('It did not happen</button>');
  expect(early).toContain('AWS may still take its request until');
  expect(refused(await ask())).toBe('wrong_state');
  expect((await answer(await ask({ decision: 'happened' }))).status).toBe(200);
  expect(await installation.state(ticket.id)).toBe('resolved');
});
