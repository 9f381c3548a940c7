import { expect, test } from 'vitest';
import { servedHouse } from '../scenes/page.ts';
import { authenticator } from '../scenes/passkey.ts';
import { answered, choiceOf, handMade } from './hand-made.ts';
import { post } from './requests.ts';

const NONSENSE = {
  id: 'AA',
  rawId: 'AA',
  type: 'public-key',
  clientExtensionResults: {},
  response: { clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' },
};

test('B12: the log names the page for what a stranger sent, and the person from their signature on', async () => {
  const house = await servedHouse();
  const ticket = await house.openTicket();
  const ida = await handMade(house, 'ida');
  const asks = `/tickets/${ticket.id}/question`;
  const choice = choiceOf(house, ticket, ida.key);
  expect((await post(house, asks, { ...choice, digest: 'a'.repeat(64) })).status).toBe(403);
  const { question } = JSON.parse((await post(house, asks, choice)).body);
  const answers = `/tickets/${ticket.id}/answer`;
  expect((await post(house, answers, { s: choice.s, question, response: NONSENSE })).status).toBe(403);
  expect((await post(house, answers, { s: choice.s, question: 'made up', response: NONSENSE })).status).toBe(403);
  expect(await house.rejections()).toMatchObject([
    { actor: 'page', detail: { claimed: 'ida', code: 'wrong_digest' } },
    { actor: 'page', detail: { claimed: 'ida', code: 'approval_invalid' } },
    { actor: 'page', detail: { code: 'not_confirmed' } },
  ]);
  // Both were asked while it waited; the second signature is hers, and comes too late.
  const both = [choice, choice].map(async (one) => JSON.parse((await post(house, asks, one)).body));
  const [first, second] = await Promise.all(both);
  expect((await answered(house, ticket, ida.passkey, first)).status).toBe(200);
  expect((await answered(house, ticket, ida.passkey, second)).status).toBe(409);
  // Her answer brought again is nobody's.
  expect((await answered(house, ticket, ida.passkey, second)).status).toBe(403);
  expect((await house.rejections()).slice(3)).toMatchObject([
    { actor: 'approver:ida', detail: { code: 'already_decided' } },
    { actor: 'page', detail: { code: 'not_confirmed' } },
  ]);
});

test('B12: a flood at one ticket is written in bounds and counted, and silences no other', async () => {
  const house = await servedHouse();
  const [one, other] = [await house.openTicket(), await house.openTicket()];
  const ida = await handMade(house, 'ida');
  const nonsense = (ticket: typeof one) => ({ ...choiceOf(house, ticket, ida.key), digest: 'a'.repeat(64) });
  for (let sent = 0; sent < 100; sent++) await post(house, `/tickets/${one.id}/question`, nonsense(one));
  expect(await house.rejections()).toHaveLength(60);
  expect((await house.rejections()).at(-1)).toMatchObject({ detail: { not_written_after: true } });
  await post(house, `/tickets/${other.id}/question`, nonsense(other));
  expect(await house.rejections()).toHaveLength(61);
  house.wait(600_000);
  await post(house, `/tickets/${one.id}/question`, nonsense(one));
  expect((await house.rejections()).at(-1)).toMatchObject({ actor: 'page', detail: { not_written_before: 40 } });
});

test('B12: an open question is not pushed out by those that a stranger has asked', async () => {
  const house = await servedHouse();
  const ticket = await house.openTicket();
  const ida = await handMade(house, 'ida');
  const asks = `/tickets/${ticket.id}/question`;
  const choice = choiceOf(house, ticket, ida.key);
  const hers = JSON.parse((await post(house, asks, choice)).body);
  for (let asked = 0; asked < 600; asked++) await post(house, asks, { ...choice, reason: `no. ${asked}` });
  expect((await answered(house, ticket, ida.passkey, hers)).status).toBe(200);
  expect(await house.state(ticket.id)).toBe('approved');
});

test('B12: a question that another page sealed, or that was altered on its way, is none', async () => {
  const [house, stranger] = [await servedHouse(), await servedHouse()];
  const ticket = await house.openTicket();
  const ida = await handMade(house, 'ida');
  const asks = `/tickets/${ticket.id}/question`;
  const asked = JSON.parse((await post(house, asks, choiceOf(house, ticket, ida.key))).body);
  const altered = { ...asked, question: asked.question.replace('"approve"', '"deny"') };
  const theirs = await stranger.openTicket();
  const eve = await handMade(stranger, 'ida');
  const foreign = JSON.parse(
    (await post(stranger, `/tickets/${theirs.id}/question`, choiceOf(stranger, theirs, eve.key))).body,
  );
  for (const wrong of [altered, foreign])
    expect(JSON.parse((await answered(house, ticket, authenticator(), wrong)).body)).toMatchObject({
      refusal: { code: 'not_confirmed' },
    });
  expect(await house.state(ticket.id)).toBe('pending');
});
