import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { linksOf } from '../../approvals/web/links.ts';
import { useBrowser } from '../scenes/browser.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { type HubClient, hubsBehindOne, tokenOf } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';
import { registeredTab } from '../scenes/page.ts';
import { events } from '../scenes/state.ts';
import { pageOfHubs, secretIn } from './peoples.ts';

/** The approval page of two hubs on one store: any of them answers, and strangers are told nothing. */

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

let cloud: Cloud;
let place: Place;
let url: string;
let ports: readonly number[];
let page: ReturnType<typeof pageOfHubs>;
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
  page = pageOfHubs(place, url, ports);
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

const countOf = (type: string) => events(place).filter((event) => event.type === type).length;

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
    const { key, responseTo } = await page.withPasskey('eva');
    const ticket = await opened(1);
    const path = `/tickets/${ticket.id}`;
    const asked = await page.ask(0, `${path}/question`, choice(ticket, key));
    expect(asked.status).toBe(200);
    const { question } = asked.answer;
    const answer = { s: secretIn(ticket.review_url), question, response: responseTo(asked.answer) };
    const before = countOf('decision.recorded');
    expect(await page.ask(1, `${path}/answer`, answer)).toMatchObject({ status: 200 });
    for (const hub of [0, 1])
      expect((await page.ask(hub, `${path}/answer`, answer)).status).toBeGreaterThanOrEqual(400);
    expect(countOf('decision.recorded')).toBe(before + 1);
  });

  it('goes on at one hub with the login that another sent its signer to, asked for as soon as the file says so', async () => {
    const { key, responseTo } = await page.withPasskey('lea');
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
      const asked = await page.ask(0, `${path}/question`, choice(ticket, key));
      const answer = { s, question: asked.answer.question, response: responseTo(asked.answer) };
      const { away } = (await page.ask(1, `${path}/answer`, answer)).answer;
      expect(away.answers).toBe(`${path}/login`);
      const browse = async (sub: string) => {
        issuer.person = { sub };
        const { headers } = await fetch(away.address, { redirect: 'manual' });
        const { origin, pathname, searchParams } = new URL(headers.get('location') ?? '');
        expect(origin + pathname).toBe(`${url}/login`);
        const { state, code, iss } = Object.fromEntries(searchParams);
        return { s, held: away.held, state, code, iss };
      };
      expect(await page.ask(0, away.answers, await browse('mara-1'))).toMatchObject({
        answer: { refusal: { code: 'approval_invalid', message: expect.stringContaining('login of nobody bound') } },
      });
      // One touch of a passkey buys a few codes, and no entry of its owner's for each that is made up.
      const other = await page.ask(0, `${path}/question`, choice(ticket, key));
      const touched = { s, question: other.answer.question, response: responseTo(other.answer) };
      const held = (await page.ask(0, `${path}/answer`, touched)).answer.away;
      const guess = { s, held: held.held, state: held.state, code: 'made up', iss: issuer.issuer };
      const refusals: string[] = [];
      for (let at = 0; at < 7; at++) refusals.push((await page.ask(0, held.answers, guess)).answer.refusal.message);
      expect(refusals.map((text) => text.includes('tried too often'))).toEqual([...Array(5).fill(false), true, true]);
      const guessed = events(place).filter(({ type, ticket: of }) => type === 'decision.rejected' && of === ticket.id);
      expect(guessed.slice(-7).map(({ actor }) => actor)).toEqual(['approver:lea', ...Array(6).fill('page')]);
      const good = await browse('lea-1');
      expect(await page.ask(0, away.answers, good)).toMatchObject({ status: 200, answer: { go: expect.any(String) } });
      // A code is good for once, and so is what was signed.
      expect((await page.ask(1, away.answers, good)).status).toBe(403);
      expect((await page.ask(1, away.answers, await browse('lea-1'))).status).toBeGreaterThanOrEqual(400);
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
    const { key, responseTo } = await page.withPasskey('uma');
    const [one, two] = [await opened(2), await opened(3)];
    const asked = await page.ask(0, `/tickets/${one.id}/question`, choice(one, key));
    const { question } = asked.answer;
    const answer = { s: secretIn(one.review_url), question, response: responseTo(asked.answer) };
    const forged = question.replace('"decision":"approve"', '"decision":"deny"');
    expect(forged).not.toBe(question);
    const late = question.replace(/"until":(\d+)/, '"until":9$1');
    for (const other of [forged, late])
      expect(await page.ask(1, `/tickets/${one.id}/answer`, { ...answer, question: other })).toMatchObject({
        answer: { refusal: { code: 'not_confirmed' } },
      });
    const there = await page.ask(1, `/tickets/${two.id}/answer`, { ...answer, s: secretIn(two.review_url) });
    expect(there).toMatchObject({ status: 403, answer: { refusal: { code: 'approval_invalid' } } });
    expect((await mara.call('ticket_get', { ticket_id: two.id })).ticket.state).toBe('pending');
  });

  it('a statement that was recorded is none at the other hub, whatever was said since', async () => {
    const { key, responseTo } = await page.withPasskey('noa', 'admin');
    const bound = countOf('approver.bound');
    const s = secretIn(links.enroll);
    const about = { person: 'mara', issuer: 'https://other.example', subject: 'm-2' };
    const asked = await page.ask(0, '/enroll/login', { s, login: 'bind', ...about, key });
    expect(asked.status).toBe(200);
    const answer = { s, question: asked.answer.question, response: responseTo(asked.answer) };
    expect((await page.ask(0, '/enroll/login/answer', answer)).status).toBe(200);
    const unbound = await page.ask(0, '/enroll/login', { s, login: 'unbind', ...about, key });
    const undone = { s, question: unbound.answer.question, response: responseTo(unbound.answer) };
    expect((await page.ask(0, '/enroll/login/answer', undone)).status).toBe(200);
    const again = await page.ask(1, '/enroll/login/answer', answer);
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
    const answers = await Promise.all(paths.map((path) => page.look(0, path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.body).not.toContain(one.id);
    const { status } = await page.ask(0, `/tickets/${one.id}/question`, choice(one, 'k', { s: other }));
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
    expect((await page.ask(0, `/tickets/${ticket.id}/question`, choice(ticket, 'k'), headers)).status).toBe(status);
    expect(countOf('decision.rejected')).toBe(before);
  });

  it('is shown inside no other page, and to no other name', async () => {
    const { pathname, search } = new URL((await opened(6)).review_url);
    expect((await page.look(1, pathname + search)).status).toBe(200);
    expect((await page.look(1, pathname + search, { 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await page.look(1, pathname + search, { host: 'evil.example' })).status).toBe(403);
  });

  it('who asks without end for one ticket keeps nobody from another', async () => {
    // One that isn't there costs the least, so that the limit is reached however slow this machine is.
    const key = readFileSync(join(place.home, 'keys', 'links.key'));
    const { pathname, search } = new URL(linksOf(url, () => key).ticket('tkt_zzzzzzzzzzzzzzzzzzzz'));
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const headers = { host: new URL(url).host };
    const asked = () =>
      new Promise<IncomingMessage>((done, failed) => {
        get({ host: '127.0.0.1', port: ports[0], path: pathname + search, headers, agent }, (answer) =>
          answer.resume().once('end', () => done(answer)),
        ).once('error', failed);
      });
    const answers = await Promise.all(Array.from({ length: 500 }, asked));
    agent.destroy();
    const busy = answers.filter(({ statusCode }) => statusCode === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(Number(busy[0]?.headers['retry-after'])).toBeGreaterThan(0);
    const other = new URL((await opened(7)).review_url);
    expect((await page.look(0, other.pathname + other.search)).status).toBe(200);
  });
});
