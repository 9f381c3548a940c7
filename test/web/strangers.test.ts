import { expect, test } from 'vitest';
import { servedInstallation } from '../scenes/page.ts';
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
  const installation = await servedInstallation();
  const ticket = await installation.openTicket();
  const ida = await handMade(installation, 'ida');
  const asks = `/tickets/${ticket.id}/question`;
  const choice = choiceOf(installation, ticket, ida.key);
  expect((await post(installation, asks, { ...choice, digest: 'a'.repeat(64) })).status).toBe(403);
  const { question } = JSON.parse((await post(installation, asks, choice)).body);
  const answers = `/tickets/${ticket.id}/answer`;
  expect((await post(installation, answers, { s: choice.s, question, response: NONSENSE })).status).toBe(403);
  expect((await post(installation, answers, { s: choice.s, question: 'made up', response: NONSENSE })).status).toBe(
    403,
  );
  expect(await installation.rejections()).toMatchObject([
    { actor: 'page', detail: { claimed: 'ida', code: 'wrong_digest' } },
    { actor: 'page', detail: { claimed: 'ida', code: 'approval_invalid' } },
    { actor: 'page', detail: { code: 'not_confirmed' } },
  ]);
  // Both were asked while it waited; the second signature is hers, and comes too late.
  const both = [choice, choice].map(async (one) => JSON.parse((await post(installation, asks, one)).body));
  const [first, second] = await Promise.all(both);
  expect((await answered(installation, ticket, ida.passkey, first)).status).toBe(200);
  expect((await answered(installation, ticket, ida.passkey, second)).status).toBe(409);
  // Her answer brought again is nobody's.
  expect((await answered(installation, ticket, ida.passkey, second)).status).toBe(403);
  expect((await installation.rejections()).slice(3)).toMatchObject([
    { actor: 'approver:ida', detail: { code: 'already_decided' } },
    { actor: 'page', detail: { code: 'not_confirmed' } },
  ]);
});

test('B12: a flood at one ticket is written in bounds and counted, and silences no other', async () => {
  const installation = await servedInstallation();
  const [one, other] = [await installation.openTicket(), await installation.openTicket()];
  const ida = await handMade(installation, 'ida');
  const nonsense = (ticket: typeof one) => ({ ...choiceOf(installation, ticket, ida.key), digest: 'a'.repeat(64) });
  for (let sent = 0; sent < 100; sent++) await post(installation, `/tickets/${one.id}/question`, nonsense(one));
  expect(await installation.rejections()).toHaveLength(60);
  expect((await installation.rejections()).at(-1)).toMatchObject({ detail: { not_written_after: true } });
  await post(installation, `/tickets/${other.id}/question`, nonsense(other));
  expect(await installation.rejections()).toHaveLength(61);
  installation.wait(600_000);
  await post(installation, `/tickets/${one.id}/question`, nonsense(one));
  expect((await installation.rejections()).at(-1)).toMatchObject({ actor: 'page', detail: { not_written_before: 40 } });
});

test('B12: an open question is not pushed out by those that a stranger has asked', async () => {
  const installation = await servedInstallation();
  const ticket = await installation.openTicket();
  const ida = await handMade(installation, 'ida');
  const asks = `/tickets/${ticket.id}/question`;
  const choice = choiceOf(installation, ticket, ida.key);
  const hers = JSON.parse((await post(installation, asks, choice)).body);
  for (let asked = 0; asked < 600; asked++) await post(installation, asks, { ...choice, reason: `no. ${asked}` });
  expect((await answered(installation, ticket, ida.passkey, hers)).status).toBe(200);
  expect(await installation.state(ticket.id)).toBe('approved');
});

test('B12: a question that another page sealed, or that was altered on its way, is none', async () => {
  const [installation, stranger] = [await servedInstallation(), await servedInstallation()];
  const ticket = await installation.openTicket();
  const ida = await handMade(installation, 'ida');
  const asks = `/tickets/${ticket.id}/question`;
  const asked = JSON.parse((await post(installation, asks, choiceOf(installation, ticket, ida.key))).body);
  const altered = { ...asked, question: asked.question.replace('"approve"', '"deny"') };
  const theirs = await stranger.openTicket();
  const eve = await handMade(stranger, 'ida');
  const foreign = JSON.parse(
    (await post(stranger, `/tickets/${theirs.id}/question`, choiceOf(stranger, theirs, eve.key))).body,
  );
  for (const wrong of [altered, foreign])
    expect(JSON.parse((await answered(installation, ticket, authenticator(), wrong)).body)).toMatchObject({
      refusal: { code: 'not_confirmed' },
    });
  expect(await installation.state(ticket.id)).toBe('pending');
});
