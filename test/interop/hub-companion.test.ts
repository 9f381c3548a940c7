import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { pageOfHubs, secretIn } from '../hub/peoples.ts';
import { sharedBrowser } from '../scenes/browser.ts';
import { NO_CHROMIUM } from '../scenes/chromium.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import type { Said } from '../scenes/hosts.ts';
import { type Hub, startHub } from '../scenes/hub.ts';
import { type OidcIssuer, startOidc } from '../scenes/oidc.ts';
import { freePort } from '../scenes/page-process.ts';
import { events } from '../scenes/state.ts';
import { cardHost } from '../web/card-host.ts';
import { older, PersonsProvider, present, type Remote } from './oauth.ts';

/**
 * People's chat clients, which are given the hub's second address and nothing else: they find the issuer by themselves,
 * get a token for exactly that address, and put a held ticket before their person by the best that they can show.
 */

const USE = 'holdshort.use';
const DECIDE = 'holdshort.decide';
/** As a company has it: a client in which an agent works, to which the issuer gives no token for deciding. */
const AGENTS = 'an-agents';

let cloud: Cloud;
let place: Place;
let hub: Hub;
let login: OidcIssuer;
let companion: string;
let agent: Remote;
let ids: string[];

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 8, tags: { env: 'dev' } }] });
  place = makePlace({ endpoint: cloud.endpoint });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  companion = `${url}/companion/mcp`;
  login = await startOidc({ resources: [`${url}/mcp`, companion], scopes: [USE, DECIDE] });
  place.atEnd(() => login.close());
  for (const name of ['mara', 'ida', 'otto']) login.people.set(name, { sub: `${name}-1`, groups: ['payments'] });
  login.programs.set('nightly', { groups: ['payments'] });
  await login.add({
    ...{ client_id: 'nightly', client_secret: 'a-secret-of-tests', scope: USE },
    ...{ grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  });
  await login.add({
    ...{ client_id: AGENTS, scope: `openid offline_access ${USE}`, token_endpoint_auth_method: 'none' },
    ...{ redirect_uris: ['http://localhost:1/callback'], grant_types: ['authorization_code', 'refresh_token'] },
  });
  writeFileSync(
    join(place.home, 'config.yaml'),
    `environments:
  - name: development
    match: { tags: { env: dev } }
hub:
  listen: localhost:${port}
  url: ${url}
  issuer: ${login.issuer}
  scope: ${USE}
  companions: {}
  agents:
    - match: { groups: payments }
      agent: kiro
`,
  );
  await enroll(place, 'noa');
  for (const name of ['mara', 'ida', 'otto']) await enroll(place, name, 'noa');
  for (const [name, subject] of [
    ['mara', 'nightly'],
    ['ida', 'ida-1'],
    ['otto', 'otto-1'],
  ])
    await done(place, 'approvers', 'bind', name!, `--issuer=${login.issuer}`, `--subject=${subject}`, '--as', 'noa');
  hub = await startHub(place, url);
  await answersCount('ida', url, port);
  agent = await present(hub.resource, { ...program(), scope: USE });
  ids = (await agent.call('ec2_describe_instances')).instances.map(({ instance_id }: any) => instance_id);
}, 120_000);
afterAll(async () => {
  await agent?.close();
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const program = () => ({ id: 'nightly', secret: 'a-secret-of-tests', issuer: login.issuer });

/** This person's passkey signs that what they answer in a chat client counts as theirs. */
async function answersCount(name: string, url: string, port: number): Promise<void> {
  const page = pageOfHubs(place, url, [port]);
  const { key, responseTo } = await page.withPasskey(name);
  const { stdout } = await place.cli(['web']);
  const s = secretIn(stdout.match(/http:\S+/g)?.[1] ?? '');
  const { answer } = await page.ask(0, '/enroll/chat', { s, key });
  const body = { s, question: answer.question, response: responseTo(answer) };
  expect(await page.ask(0, '/enroll/chat/answer', body)).toMatchObject({ status: 200 });
}

const as = (name: string) => new PersonsProvider(async (to) => (await login.browser().visit(to, name)).address);

async function held(at: number): Promise<{ id: string; target: string }> {
  const target = ids[at]!;
  const { ticket } = await agent.call('ec2_terminate_instances', { instance_ids: [target], reason: REASON });
  expect(ticket.state).toBe('pending');
  return { id: ticket.id, target };
}

const posted = (token: string) =>
  fetch(companion, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' });

let taken = 0;
/** Each test's own machine. */
const next = () => taken++;

const stateOf = async (id: string) => (await agent.call('ticket_get', { ticket_id: id })).ticket.state;
const decisionsOn = (id: string) =>
  events(place).filter(({ type, ticket }) => type === 'decision.recorded' && ticket === id);

const FORMS = { elicitation: { form: {} } };
const CARDS = { extensions: { 'io.modelcontextprotocol/ui': {} } };
describe.each([
  ['the present SDK', present],
  ['the older SDK', older],
] as const)('%s', (_, connect) => {
  it('finds the issuer from the 401, gets a token for exactly this address, and lists three tools', async () => {
    const provider = as('ida');
    const chat = await connect(companion, provider);
    expect(provider.discovery).toMatchObject({
      resourceMetadataUrl: `${hub.url}/.well-known/oauth-protected-resource/companion/mcp`,
      authorizationServerUrl: login.issuer,
      resourceMetadata: { resource: companion, scopes_supported: [DECIDE] },
    });
    expect(decodeJwt(provider.kept?.access_token ?? '')).toMatchObject({ aud: companion, sub: 'ida-1', scope: DECIDE });
    expect(await chat.tools()).toEqual(['approvals_list', 'approvals_show', 'approvals_decide']);
    await chat.close();
  });

  it("an agent's token is none there, and its client gets none for it from the issuer", async () => {
    const before = hub.said().length;
    const provider = as('mara');
    provider.client = { client_id: AGENTS, issuer: login.issuer };
    const working = await connect(hub.resource, provider);
    expect(await working.tools()).toContain('ec2_terminate_instances');
    await working.close();
    const its = provider.kept?.access_token ?? '';
    expect(decodeJwt(its)).toMatchObject({ aud: hub.resource, sub: 'mara-1' });
    const answer = await posted(its);
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'invalid_token' }]);
    expect(hub.said().slice(before)).toContain('"path":"/companion/mcp","status":401,"why":"audience"');
    expect(hub.said()).not.toContain(its);
    // It asks the issuer for another one, as the 401 tells it to.
    const trying = as('mara');
    trying.client = { client_id: AGENTS, issuer: login.issuer };
    await expect(connect(companion, trying)).rejects.toThrow();
    expect(trying.callback.get('error')).toBe('invalid_scope');
    expect(trying.kept).toBe(undefined);
  });

  it.each([
    ['a form', FORMS],
    ['a form and the page', { elicitation: { form: {}, url: {} } }],
  ])('puts a ticket before its person: %s', async (_, capabilities) => {
    const { id, target } = await held(next());
    const asked: string[] = [];
    const answer = (message: string) => {
      asked.push(message);
      return { action: 'accept', content: { target_name: target, reason: 'Only a development machine.' } } as const;
    };
    const chat = await connect(companion, as('ida'), { capabilities, answer });
    expect((await chat.call('approvals_list')).tickets.map(({ ticket_id }: any) => ticket_id)).toContain(id);
    expect((await chat.said('approvals_show', { ticket_id: id })).text).toContain(target);
    const { data, text, isError } = await chat.said('approvals_decide', { ticket_id: id, decision: 'approve' });
    expect(isError).toBe(false);
    if (connect === present) {
      expect(data).toMatchObject({ decided: true, by: 'ida' });
      expect(asked).toEqual([expect.stringContaining('APPROVE this as ida?')]);
      expect(decisionsOn(id)).toMatchObject([{ actor: 'approver:ida', detail: { assurance: 'client' } }]);
      expect(await stateOf(id)).toBe('approved');
    } else {
      // The older era says in another request what a client can show, so it gets the page's address.
      expect(data).toMatchObject({ decided: false });
      expect(text).toContain(`${hub.url}/tickets/${id}?s=`);
      expect(asked).toEqual([]);
      expect(await stateOf(id)).toBe('pending');
    }
    await chat.close();
  });
});

test('a client that only opens addresses is sent to the ticket on the page, and has decided nothing by it', async () => {
  const { id } = await held(next());
  const asked: string[] = [];
  const answer = (message: string) => {
    asked.push(message);
    return { action: 'accept' } as const;
  };
  const chat = await present(companion, as('ida'), { capabilities: { elicitation: { url: {} } }, answer });
  onTestFinished(() => chat.close());
  const { data, text } = await chat.said('approvals_decide', { ticket_id: id, decision: 'approve' });
  expect(asked).toEqual([expect.stringContaining('Open the approval page to approve this as ida?')]);
  expect(data).toMatchObject({ decided: false, offered: 'page' });
  expect(text).toContain(`${hub.url}/tickets/${id}?s=`);
  expect(await stateOf(id)).toBe('pending');
});

test('a token for this address without the scope is turned away, and told what is missing', async () => {
  const asked = new URLSearchParams({ grant_type: 'client_credentials', resource: companion });
  const authorization = `Basic ${Buffer.from('nightly:a-secret-of-tests').toString('base64')}`;
  const got = await fetch(`${login.issuer}/token`, { method: 'POST', headers: { authorization }, body: asked });
  const { access_token } = (await got.json()) as { access_token: string };
  expect(decodeJwt(access_token)).toMatchObject({ aud: companion, sub: 'nightly' });
  const answer = await posted(access_token);
  expect([answer.status, await answer.json()]).toEqual([403, { error: 'insufficient_scope' }]);
  expect(answer.headers.get('www-authenticate')).toContain(`error="insufficient_scope", scope="${DECIDE}"`);
});

test('the card: read over HTTP, shown by the host, and answered on it, once', async (context) => {
  const browser = await sharedBrowser();
  if (!browser) return context.skip(NO_CHROMIUM);
  onTestFinished(() => browser.close());
  const { id, target } = await held(next());
  const chat = await present(companion, as('ida'), { capabilities: CARDS });
  onTestFinished(() => chat.close());
  // What the card sends: its question is in no text that a model reads.
  const sent: Record<string, unknown>[] = [];
  const said: Said[] = [];
  const host = await cardHost(
    {
      read: chat.read,
      async call(name, args = {}) {
        sent.push(args);
        const answer = await chat.said(name, args);
        said.push(answer);
        return answer;
      },
    },
    { tool: 'approvals_show', args: { ticket_id: id } },
  );
  const tab = await browser.tab();
  await tab.look({ width: 760, height: 900 });
  await tab.goto(host.url);
  const card = `document.querySelector('iframe').contentDocument`;
  await tab.until(`${card}.querySelector('h1')`);
  const typed = (text: string) =>
    tab.run(
      `(${card}.querySelector('#name').value = ${JSON.stringify(text)}, ${card}.querySelector('button.approve').click())`,
    );
  await typed('no such name');
  await tab.until(`/did not hold/.test(${card}.querySelector('.outcome')?.innerText)`);
  expect(decisionsOn(id)).toEqual([]);
  await typed(target);
  await tab.until(`${card}.querySelector('.outcome:not(.danger)')`);
  expect(await tab.run(`${card}.body.innerText`)).toContain('Approved by ida');
  expect(decisionsOn(id)).toMatchObject([{ actor: 'approver:ida', detail: { assurance: 'client' } }]);
  expect(tab.complaints).toEqual([]);
  const brought = sent.find(({ card: answer }: any) => answer?.target_name === target) as any;
  expect(said.map(({ text, data }) => text + JSON.stringify(data)).join()).not.toContain(brought.card.question);
  // Brought again, also by another person's client, it is no answer to anything.
  const ottos = await present(companion, as('otto'), { capabilities: CARDS });
  onTestFinished(() => ottos.close());
  for (const again of [chat, ottos])
    expect(await again.said('approvals_decide', brought)).toMatchObject({ isError: true });
  expect(decisionsOn(id)).toHaveLength(1);
});
