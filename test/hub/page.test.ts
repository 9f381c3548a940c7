import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { recordRequest } from '../../approvals/people/requests.ts';
import { useBrowser } from '../scenes/browser.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { openDesk } from '../scenes/desk.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { type HubClient, hubsBehindOne, tokenOf } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';
import { registeredTab } from '../scenes/page.ts';
import { authenticator, passkeyRequest } from '../scenes/passkey.ts';
import { events } from '../scenes/state.ts';
import { send } from '../web/requests.ts';

/** The approval page of two hubs on one store: any of them answers, and strangers are told nothing. */

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

let cloud: Cloud;
let place: Place;
let url: string;
let ports: readonly number[];
let taken: () => readonly number[];
let issuer: TestIssuer;
let mara: HubClient;
let ids: string[];
let links: { readonly list: string; readonly enroll: string };

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 9 }] });
  place = makePlace({ endpoint: cloud.endpoint });
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  const made = await hubsBehindOne(place, '', 2);
  ({ url, ports, taken, issuer } = made);
  await bind('mara', 'mara-1', made.issuer.issuer);
  mara = await made.hubs[0]!.client(await tokenOf(made.issuer, url));
  ids = (await mara.call('ec2_describe_instances')).instances.map(({ instance_id }: any) => instance_id);
  links = await printed();
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const bind = (name: string, subject: string, issuer: string) =>
  done(place, 'approvers', 'bind', name, `--issuer=${issuer}`, `--subject=${subject}`, '--as', 'noa');

const opened = async (at: number) =>
  (await mara.call('ec2_stop_instances', { instance_ids: [ids[at]], reason: REASON })).ticket;

/** What `holdshort web` prints where hubs have the page. */
async function printed() {
  const { code, stdout } = await place.cli(['--config', join(place.home, 'hub-0.yaml'), 'web']);
  const [list = '', enrolling = ''] = stdout.match(/http:\S+/g) ?? [];
  expect(code).toBe(0);
  return { list, enroll: enrolling };
}

const secretIn = (address: string) => new URL(address).searchParams.get('s') ?? '';
const countOf = (type: string) => events(place).filter((event) => event.type === type).length;

/** As the page's own script asks, of one hub of the two. */
async function ask(hub: number, path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await send(`http://127.0.0.1:${ports[hub]}${path}`, {
    method: 'POST',
    headers: { host: new URL(url).host, origin: url, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, answer: answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body };
}

const look = (hub: number, path: string, headers: Record<string, string> = {}) =>
  send(`http://127.0.0.1:${ports[hub]}${path}`, { headers: { host: new URL(url).host, ...headers } });

/** A person with a passkey of this page, whose answers are made by hand. */
async function withPasskey(name: string, role: 'admin' | 'approver' = 'approver') {
  const passkey = authenticator('ec', { origin: url, credential_id: randomBytes(16).toString('base64url') });
  const { key, signed } = passkeyRequest(name, passkey, url);
  const { desk, close } = openDesk(place.home, 'noa');
  await recordRequest(desk, signed, 'page');
  await close();
  await done(place, 'approvers', 'enroll', name, '--key', key, '--role', role, '--yes', '--as', 'noa');
  const responseTo = ({ options }: any) => {
    const proof = JSON.parse(passkey.assert(Buffer.from(''), { origin: url, more: { challenge: options.challenge } }));
    const id = options.allowCredentials[0].id;
    const { client_data: clientDataJSON, authenticator_data: authenticatorData, signature } = proof;
    const response = { clientDataJSON, authenticatorData, signature };
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  };
  return { key, responseTo };
}

const choice = ({ review_url, digest }: any, key: string, more: object = {}) => ({
  ...{ s: secretIn(review_url), digest, decision: 'approve', key, reason: '' },
  ...more,
});

describe('the page of hubs', () => {
  it('is where tickets and `web` lead; a passkey made through any of them decides through any', async () => {
    expect(links.list).toMatch(new RegExp(`^${url}/\\?s=[\\w-]{43}$`));
    const { tab } = await registeredTab(browser(), { enroll: () => links.enroll } as never, 'ida');
    const key = (await tab.text('.fingerprint')).trim();
    await done(place, 'approvers', 'enroll', 'ida', '--key', key, '--yes', '--as', 'noa');
    const ticket = await opened(0);
    expect(ticket.review_url).toMatch(new RegExp(`^${url}/tickets/${ticket.id}\\?s=[\\w-]{43}$`));
    const { status, headers } = await tab.goto(ticket.review_url);
    expect(status).toBe(200);
    const names = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    expect(names).toMatchObject({
      'content-security-policy': expect.stringMatching(/script-src 'self'.*frame-ancestors 'none'/),
      ...{ 'x-frame-options': 'DENY', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
    const before = taken().map((count) => count);
    await tab.click('button[value=approve]');
    await tab.until(`document.body.innerText.includes('Approved')`);
    expect((await mara.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('approved');
    expect(taken().every((count, at) => count > before[at]!)).toBe(true);
    expect(tab.complaints).toEqual([]);
  });

  it('takes at one what another asked, and not once more at the first', async () => {
    const { key, responseTo } = await withPasskey('eva');
    const ticket = await opened(1);
    const path = `/tickets/${ticket.id}`;
    const asked = await ask(0, `${path}/question`, choice(ticket, key));
    expect(asked.status).toBe(200);
    const { question } = asked.answer;
    const answer = { s: secretIn(ticket.review_url), question, response: responseTo(asked.answer) };
    const before = countOf('decision.recorded');
    expect(await ask(1, `${path}/answer`, answer)).toMatchObject({ status: 200 });
    for (const hub of [0, 1]) expect((await ask(hub, `${path}/answer`, answer)).status).toBeGreaterThanOrEqual(400);
    expect(countOf('decision.recorded')).toBe(before + 1);
  });

  it('goes on at one hub with the login that another sent its signer to, asked for as soon as the file says so', async () => {
    const { key, responseTo } = await withPasskey('lea');
    await bind('lea', 'lea-1', issuer.issuer);
    const files = [0, 1].map((at) => join(place.home, `hub-${at}.yaml`));
    const before = files.map((file) => readFileSync(file, 'utf8'));
    try {
      for (const [at, file] of files.entries())
        writeFileSync(
          file,
          `${before[at]}approvals:\n  login: { issuer: ${issuer.issuer}, client_id: page, client_secret_file: ./secret }\n`,
        );
      writeFileSync(join(place.home, 'secret'), 'a secret: with % and +\n');
      issuer.secrets.set('page', 'a secret: with % and +');
      const ticket = await opened(8);
      const [path, s] = [`/tickets/${ticket.id}`, secretIn(ticket.review_url)];
      const asked = await ask(0, `${path}/question`, choice(ticket, key));
      const answer = { s, question: asked.answer.question, response: responseTo(asked.answer) };
      const { away } = (await ask(1, `${path}/answer`, answer)).answer;
      expect(away.answers).toBe(`${path}/login`);
      const browse = async (sub: string) => {
        issuer.person = { sub };
        const { headers } = await fetch(away.address, { redirect: 'manual' });
        const { origin, pathname, searchParams } = new URL(headers.get('location') ?? '');
        expect(origin + pathname).toBe(`${url}/login`);
        const { state, code, iss } = Object.fromEntries(searchParams);
        return { s, held: away.held, state, code, iss };
      };
      expect(await ask(0, away.answers, await browse('mara-1'))).toMatchObject({
        answer: { refusal: { code: 'approval_invalid', message: expect.stringContaining('login of nobody bound') } },
      });
      const good = await browse('lea-1');
      expect(await ask(0, away.answers, good)).toMatchObject({ status: 200, answer: { go: expect.any(String) } });
      // A code is good for once, and so is what was signed.
      expect((await ask(1, away.answers, good)).status).toBe(403);
      expect((await ask(1, away.answers, await browse('lea-1'))).status).toBeGreaterThanOrEqual(400);
      const [decided, ...more] = events(place).filter(
        ({ type, ticket: of }) => type === 'decision.recorded' && of === ticket.id,
      );
      expect(decided?.detail).toMatchObject({ login: expect.any(String) });
      expect(more).toEqual([]);
    } finally {
      for (const [at, file] of files.entries()) writeFileSync(file, before[at] ?? '');
    }
  });

  it('takes no question that was read another meaning into, nor one for another ticket', async () => {
    const { key, responseTo } = await withPasskey('uma');
    const [one, two] = [await opened(2), await opened(3)];
    const asked = await ask(0, `/tickets/${one.id}/question`, choice(one, key));
    const { question } = asked.answer;
    const answer = { s: secretIn(one.review_url), question, response: responseTo(asked.answer) };
    const forged = question.replace('"decision":"approve"', '"decision":"deny"');
    expect(forged).not.toBe(question);
    const late = question.replace(/"until":(\d+)/, '"until":9$1');
    for (const other of [forged, late])
      expect(await ask(1, `/tickets/${one.id}/answer`, { ...answer, question: other })).toMatchObject({
        answer: { refusal: { code: 'not_confirmed' } },
      });
    const there = await ask(1, `/tickets/${two.id}/answer`, { ...answer, s: secretIn(two.review_url) });
    expect(there).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
    expect((await mara.call('ticket_get', { ticket_id: two.id })).ticket.state).toBe('pending');
  });

  it('a statement that was recorded is none at the other hub, whatever was said since', async () => {
    const { key, responseTo } = await withPasskey('noa', 'admin');
    const bound = countOf('approver.bound');
    const s = secretIn(links.enroll);
    const about = { person: 'mara', issuer: 'https://other.example', subject: 'm-2' };
    const asked = await ask(0, '/enroll/login', { s, login: 'bind', ...about, key });
    expect(asked.status).toBe(200);
    const answer = { s, question: asked.answer.question, response: responseTo(asked.answer) };
    expect((await ask(0, '/enroll/login/answer', answer)).status).toBe(200);
    const unbound = await ask(0, '/enroll/login', { s, login: 'unbind', ...about, key });
    const undone = { s, question: unbound.answer.question, response: responseTo(unbound.answer) };
    expect((await ask(0, '/enroll/login/answer', undone)).status).toBe(200);
    const again = await ask(1, '/enroll/login/answer', answer);
    expect(again).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
    expect(again.answer.refusal.message).toContain('recorded before');
    expect(countOf('approver.bound')).toBe(bound + 1);
  });

  it('tells strangers nothing: each address without its secret is one that never was', async () => {
    const [one, two] = [await opened(4), await opened(5)];
    const other = secretIn(two.review_url);
    const paths = [
      ...['/', '/enroll', '/?s=', `/?s=${secretIn(one.review_url)}`, `/enroll?s=${secretIn(one.review_url)}`],
      ...[`/tickets/${one.id}`, `/tickets/${one.id}?s=${other}`, `/tickets/${one.id}/decided?s=${other}`],
      ...[`/tickets/${one.id}?s=${secretIn(links.list)}`, '/nothing'],
    ];
    const answers = await Promise.all(paths.map((path) => look(0, path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.body).not.toContain(one.id);
    const { status } = await ask(0, `/tickets/${one.id}/question`, choice(one, 'k', { s: other }));
    expect(status).toBe(404);
  });

  it.each([
    ['of another origin', { origin: 'https://evil.example' }, 403],
    ['that a browser says is from elsewhere', { 'sec-fetch-site': 'cross-site' }, 403],
    ['that a form could send', { 'content-type': 'text/plain' }, 415],
    ['for another host', { host: 'evil.example' }, 403],
  ])('takes no decision %s', async (_, headers, status) => {
    const ticket = await opened(6);
    const before = countOf('decision.rejected');
    expect((await ask(0, `/tickets/${ticket.id}/question`, choice(ticket, 'k'), headers)).status).toBe(status);
    expect(countOf('decision.rejected')).toBe(before);
  });

  it('is shown inside no other page, and to no other name', async () => {
    const { pathname, search } = new URL((await opened(6)).review_url);
    expect((await look(1, pathname + search)).status).toBe(200);
    expect((await look(1, pathname + search, { 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await look(1, pathname + search, { host: 'evil.example' })).status).toBe(403);
  });

  it('who asks without end for one ticket keeps nobody from another', async () => {
    const [flooded, other] = [await opened(6), await opened(7)].map(({ review_url }) => new URL(review_url));
    const at = ({ pathname, search }: URL) => look(0, pathname + search);
    const answers = await Promise.all(Array.from({ length: 250 }, () => at(flooded!)));
    const busy = answers.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(Number(busy[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await at(other!)).status).toBe(200);
  });
});
