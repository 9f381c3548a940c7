import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { readEnrolled } from '../../approvals/desk.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { revoke } from '../../approvals/people/revoke.ts';
import { linksOf } from '../../approvals/web/links.ts';
import { servePage } from '../../approvals/web/server.ts';
import { addAuthenticator, type Tab, useBrowser } from '../scenes/browser.ts';
import { approverTab, decide, refusalOn, type ServedInstallation, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

/** Asks for a question as the page's script does, from the page. */
async function ask(
  tab: Tab,
  installation: ServedInstallation,
  ticket: { id: string },
  more: Record<string, string> = {},
) {
  await tab.goto(installation.links.ticket(ticket.id));
  const choice = await tab.run<Record<string, string>>(`({
    s: new URLSearchParams(location.search).get('s'),
    digest: document.querySelector('main').dataset.digest,
    decision: 'approve', key: document.querySelector('#key').value, reason: '' })`);
  const body = { ...choice, ...more };
  const { status, answer } = await post(tab, `/tickets/${ticket.id}/question`, body);
  return { s: choice.s ?? '', status, options: answer.options, question: answer.question, refusal: answer.refusal };
}

/** Lets the authenticator sign a question; `as` is the page's own way, from its JSON to JSON. */
async function sign(tab: Tab, options: object): Promise<any> {
  return tab.run(`navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)}) })
    .then((credential) => credential.toJSON())`);
}

async function post(tab: Tab, path: string, body: object): Promise<{ status: number; answer: any }> {
  return tab.run(`fetch(${JSON.stringify(path)}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(body))} })
    .then(async (answer) => ({ status: answer.status, answer: await answer.json() }))`);
}

const answer = (tab: Tab, ticket: { id: string }, s: string, question: string, response: object) =>
  post(tab, `/tickets/${ticket.id}/answer`, { s, question, response });

async function noaSigner(installation: ServedInstallation) {
  const file = readKey(installation.keysDir, 'noa', 'key');
  if (!file) throw new Error('noa has no key');
  return unlockKey(file, async () => '');
}

/** What is true after every refusal: nothing moved, and the log says that someone tried. */
async function nothingDecided(installation: ServedInstallation, ticket: { id: string }, code: string, times = 1) {
  expect(await installation.state(ticket.id)).toBe('pending');
  expect((await installation.desk.store.ticket(ticket.id)).decisions).toEqual([]);
  expect((await installation.rejections()).map(({ detail }) => detail.code)).toEqual(Array(times).fill(code));
  expect(installation.failures).toEqual([]);
}

describe('the page refuses', () => {
  test("another ticket's assertion, whichever question it is brought to", async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'ida');
    const [one, two] = [await installation.openTicket(), await installation.openTicket()];
    const aboutTwo = await ask(tab, installation, two);
    const assertion = await sign(tab, aboutTwo.options);
    const aboutOne = await ask(tab, installation, one);
    const brought = await answer(tab, one, aboutOne.s, aboutOne.question, assertion);
    expect(brought).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
    // With its own question, but at the first ticket's address.
    const moved = await answer(tab, one, aboutOne.s, aboutTwo.question, assertion);
    expect(moved).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
    await nothingDecided(installation, one, 'approval_invalid', 2);
    await nothingDecided(installation, two, 'approval_invalid', 2);
  });

  test('a replay, and all but one of 50 at once', async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'ida');
    // Two people are needed, so that the ticket stays open.
    const ticket = await installation.openTicket({ environment: 'staging' });
    const { s, options, question } = await ask(tab, installation, ticket);
    const assertion = await sign(tab, options);
    const body = JSON.stringify({ s, question, response: assertion });
    const statuses = await tab.run<number[]>(
      `Promise.all(Array.from({ length: 50 }, () => fetch('/tickets/${ticket.id}/answer', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then(({ status }) => status)))`,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 403)).toHaveLength(49);
    const again = await answer(tab, ticket, s, question, assertion);
    expect(again).toMatchObject({ status: 403, answer: { refusal: { code: 'not_confirmed' } } });
    expect((await installation.desk.store.ticket(ticket.id)).decisions).toHaveLength(1);
    const rejections = (await installation.rejections()).map(({ detail }) => detail.code);
    expect(rejections).toEqual(Array(50).fill('not_confirmed'));
  });

  test('a passkey whose holder did not prove to be it', async () => {
    const installation = await servedInstallation();
    const { tab, authenticator } = await approverTab(browser(), installation, 'ida');
    const ticket = await installation.openTicket();
    await authenticator.unverified();
    await decide(tab, installation.links, ticket.id, 'approve');
    // The browser gives up by itself.
    expect(await refusalOn(tab)).toContain('Nothing was decided');
    // And an authenticator that doesn't ask its holder, with a browser that doesn't mind.
    const { s, options, question } = await ask(tab, installation, ticket);
    const assertion = await sign(tab, { ...options, userVerification: 'discouraged' });
    const brought = await answer(tab, ticket, s, question, assertion);
    expect(brought).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
    await nothingDecided(installation, ticket, 'approval_invalid');
  });

  test('an assertion from another port, where the same passkey signs as well', async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'ida');
    const ticket = await installation.openTicket();
    // Another page of this machine: for authenticators it is the same `localhost`.
    const other = await servePage(
      { port: 0, links: (port) => linksOf(`http://localhost:${port}`, () => Buffer.alloc(32, 8)) },
      {
        ...installation.desk,
        seals: installation.seals,
        loginSeals: installation.loginSeals,
        monotonic: () => 0,
        assets: resolve('dist/web'),
        failed: () => undefined,
      },
    );
    try {
      const { s, options, question } = await ask(tab, installation, ticket);
      await tab.goto(other.links.list());
      const assertion = await sign(tab, options);
      await tab.goto(installation.links.ticket(ticket.id));
      const brought = await answer(tab, ticket, s, question, assertion);
      expect(brought).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
      expect(brought.answer.refusal.message).toContain('origin');
      await nothingDecided(installation, ticket, 'approval_invalid');
    } finally {
      await other.close();
    }
  });

  test('a question that is older than two minutes', async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'ida');
    const ticket = await installation.openTicket();
    const { s, options, question } = await ask(tab, installation, ticket);
    const assertion = await sign(tab, options);
    // Setting back the computer's clock keeps nothing open.
    installation.tick(-1500);
    installation.wait(120_000);
    const brought = await answer(tab, ticket, s, question, assertion);
    expect(brought).toMatchObject({ status: 403, answer: { refusal: { code: 'not_confirmed' } } });
    expect(brought.answer.refusal.message).toContain('older than two minutes');
    await nothingDecided(installation, ticket, 'not_confirmed');
  });

  test('a key that was revoked, before the question or after it', async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'ida');
    const ticket = await installation.openTicket();
    const { s, options, question } = await ask(tab, installation, ticket);
    const assertion = await sign(tab, options);
    await revoke(installation.desk, 'ida', 'her laptop is gone', await noaSigner(installation));
    const brought = await answer(tab, ticket, s, question, assertion);
    expect(brought).toMatchObject({ status: 403, answer: { refusal: { code: 'not_enrolled' } } });
    const { registry } = await readEnrolled(installation.desk);
    const { id } = [...registry.keys.values()].find(({ name }) => name === 'ida') ?? { id: '' };
    const digest = (await installation.desk.store.ticket(ticket.id)).plan!.digest;
    const later = await post(tab, `/tickets/${ticket.id}/question`, {
      s,
      key: id,
      digest,
      decision: 'approve',
      reason: '',
    });
    expect(later).toMatchObject({ status: 403, answer: { refusal: { code: 'not_enrolled' } } });
    await nothingDecided(installation, ticket, 'not_enrolled', 2);
    // Nor is it offered any more.
    await tab.goto(installation.links.ticket(ticket.id));
    expect(await tab.text('.decide')).toContain('No passkey is enrolled for this page yet');
  });

  test('an approval while the clock is set back', async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'ida');
    const ticket = await installation.openTicket();
    const { s, options, question } = await ask(tab, installation, ticket);
    const assertion = await sign(tab, options);
    installation.tick(-3_600_000);
    const brought = await answer(tab, ticket, s, question, assertion);
    expect(brought).toMatchObject({ status: 503, answer: { refusal: { code: 'clock_went_back' } } });
    installation.tick(3_600_000);
    await nothingDecided(installation, ticket, '', 0);
    // The question is used up all the same.
    const again = await answer(tab, ticket, s, question, assertion);
    expect(again).toMatchObject({ status: 403, answer: { refusal: { code: 'not_confirmed' } } });
  });

  test('a digest that the page did not show, and the operator', async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'mara');
    const ticket = await installation.openTicket();
    const other = await ask(tab, installation, ticket, { digest: 'a'.repeat(64) });
    expect(other).toMatchObject({ status: 403, refusal: { code: 'wrong_digest' } });
    await decide(tab, installation.links, ticket.id, 'approve');
    expect(await refusalOn(tab)).toContain('may not approve this');
    expect((await installation.rejections()).map(({ detail }) => detail.code)).toEqual([
      'wrong_digest',
      'operator_excluded',
    ]);
    await decide(tab, installation.links, ticket.id, 'deny');
    expect(await refusalOn(tab)).toContain('a denial needs a reason');
  });

  test('to be framed by another page', async () => {
    const installation = await servedInstallation();
    const { tab } = await approverTab(browser(), installation, 'ida');
    const ticket = await installation.openTicket();
    const evil = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<iframe src="${installation.links.ticket(ticket.id)}"></iframe>`);
    });
    await new Promise<void>((listening) => evil.listen(0, 'localhost', listening));
    try {
      await tab.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`);
      const { frameTree } = await tab.send('Page.getFrameTree');
      const [child] = frameTree.childFrames;
      const { executionContextId } = await tab.send('Page.createIsolatedWorld', { frameId: child.frame.id });
      const { result } = await tab.send('Runtime.evaluate', {
        contextId: executionContextId,
        expression: 'location.href + document.body.innerText',
      });
      expect(result.value).toMatch(/^chrome-error:/);
      expect(result.value).not.toContain('payments');
    } finally {
      evil.close();
    }
  });

  test('to call a passkey hardware whose maker nobody named', async () => {
    for (const makers of [[], [rootCertificates[0] ?? '']]) {
      const installation = await servedInstallation({ makers });
      const tab = await browser().tab();
      await addAuthenticator(tab);
      await tab.goto(installation.links.enroll());
      const s = new URL(installation.links.enroll()).searchParams.get('s');
      const asked = await post(tab, '/enroll/registration', { s, name: 'ida', hardware: true });
      const { options, question } = asked.answer;
      expect(options.attestation).toBe('direct');
      const response = await tab.run<object>(
        `navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)}) }).then((made) => made.toJSON())`,
      );
      const made = await post(tab, '/enroll/registered', { s, question, response });
      expect(made).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
      expect((await installation.desk.store.statements()).some(({ statement }) => statement.includes('passkey'))).toBe(
        false,
      );
      await tab.close();
    }
  });
});
