import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { type Hub, type HubClient, hubsBehindOne, tokenOf } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';
import { events } from '../scenes/state.ts';
import { send } from '../web/requests.ts';
import { chatsAt, type Sent } from './chats.ts';
import { pageOfHubs, secretIn } from './peoples.ts';

/** People's chat clients at two hubs: the token says whose chat it is, and lets nobody do more than `client`. */

/** Two people other than the operator, by whatever proves them. */
const POLICY = `
permit (principal, action in Action::"read", resource);
permit (principal, action in Action::"change", resource)
when { context.approvals.without_operator.client >= 2 };
`;

const SCOPE = 'holdshort.decide';

let cloud: Cloud;
let place: Place;
let hubs: readonly Hub[];
let ports: readonly number[];
let issuer: TestIssuer;
let url: string;
let page: ReturnType<typeof pageOfHubs>;
let chats: ReturnType<typeof chatsAt>;
let agent: HubClient;
let ids: string[];
let enrolling: string;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 8 }] });
  place = makePlace({ endpoint: cloud.endpoint });
  writeFileSync(join(place.home, 'policy.cedar'), POLICY);
  writeFileSync(join(place.home, 'config.yaml'), TAKES_KEY);
  await enroll(place, 'noa');
  for (const name of ['mara', 'ida', 'eva', 'otto']) await enroll(place, name, 'noa');
  ({ hubs, issuer, url, ports } = await hubsBehindOne(place, TAKES_KEY, 2, ['companions: {}']));
  for (const name of ['otto', 'mara', 'ida', 'eva'])
    await done(place, 'approvers', 'bind', name, `--issuer=${issuer.issuer}`, `--subject=${name}-1`, '--as', 'noa');
  page = pageOfHubs(place, url, ports);
  chats = chatsAt(url);
  agent = await hubs[0]!.client(await tokenOf(issuer, url));
  ids = (await agent.call('ec2_describe_instances')).instances.map(({ instance_id }: any) => instance_id);
  const { stdout } = await place.cli(['--config', join(place.home, 'hub-0.yaml'), 'web']);
  enrolling = stdout.match(/http:\S+/g)?.[1] ?? '';
}, 120_000);
afterAll(async () => {
  await chats?.close();
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const opened = async (at: number) =>
  (await agent.call('ec2_stop_instances', { instance_ids: [ids[at]], reason: REASON })).ticket;

const stateOf = async ({ id }: any) => (await agent.call('ticket_get', { ticket_id: id })).ticket.state;

/** What the issuer gives a person's chat client. */
const personal = (name: string, claims: object = {}) =>
  issuer.token({ aud: `${url}/companion/mcp`, sub: `${name}-1`, client_id: 'chat', scope: SCOPE, ...claims });

const types = (target: string) => () => ({ action: 'accept', content: { target_name: target } });
const never = () => {
  throw new Error('a form was shown');
};

/** A person's passkey signs that their answers in chat clients count. */
async function lets(name: string) {
  const { key, responseTo } = await page.withPasskey(name);
  const s = secretIn(enrolling);
  const asked = await page.ask(0, '/enroll/chat', { s, key });
  expect(asked.status).toBe(200);
  const answer = { s, question: asked.answer.question, response: responseTo(asked.answer) };
  expect(await page.ask(1, '/enroll/chat/answer', answer)).toMatchObject({ status: 200 });
  return { key, answer };
}

/** The same message again, to one hub of the two. */
async function again({ headers, body }: Sent, hub: number) {
  const to = `http://127.0.0.1:${ports[hub]}/companion/mcp`;
  const { status, body: said } = await send(to, {
    method: 'POST',
    headers: { ...headers, host: new URL(url).host },
    body,
  });
  return { status, said };
}

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const headersOf = () => ({
  ...{ host: new URL(url).host, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
});
const post = async (path: string, headers: Record<string, string>) =>
  send(`http://127.0.0.1:${ports[0]}${path}`, {
    method: 'POST',
    headers: { ...headersOf(), ...headers },
    body: JSON.stringify(PING),
  });
const bearer = async (token: Promise<string>) => ({ authorization: `Bearer ${await token}` });
const decisionsBy = (name: string) =>
  events(place).filter(({ type, actor }) => type === 'decision.recorded' && actor === `approver:${name}`);

describe('as a resource of its own', () => {
  it('has its own metadata, which a request without a token leads to', async () => {
    const metadata = `${url}/.well-known/oauth-protected-resource/companion/mcp`;
    expect(await (await fetch(metadata)).json()).toMatchObject({
      resource: `${url}/companion/mcp`,
      authorization_servers: [issuer.issuer],
      scopes_supported: [SCOPE],
    });
    const { status, headers } = await post('/companion/mcp', {});
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe(`Bearer scope="${SCOPE}", resource_metadata="${metadata}"`);
  });

  it("agents use up nothing of their person's", async () => {
    const ticket = await opened(0);
    const authorization = `Bearer ${await tokenOf(issuer, url)}`;
    const wait = { name: 'ticket_wait', arguments: { ticket_id: ticket.id, timeout_seconds: 40 } };
    const body = JSON.stringify({ ...PING, method: 'tools/call', params: wait });
    const headers = { ...headersOf(), authorization };
    const waits = Array.from({ length: 32 }, () => {
      const sent = request({ host: '127.0.0.1', port: ports[0], path: '/mcp', method: 'POST', headers });
      return sent.on('error', () => undefined).end(body);
    });
    await until(
      () => post('/mcp', { authorization }),
      ({ status }) => status === 429,
    );
    expect((await post('/companion/mcp', await bearer(personal('mara')))).status).toBe(200);
    for (const sent of waits) sent.destroy();
  });
});

describe('in a chat client', () => {
  it('a login that is bound to nobody, or whose person has left, is shown and asked nothing', async () => {
    const ticket = await opened(0);
    await done(place, 'approvers', 'revoke', 'eva', '--reason', 'left', '--as', 'noa');
    for (const [name, why] of [
      ['stranger', 'bound to nobody'],
      ['eva', 'no key that counts'],
    ] as const) {
      const chat = await chats.chatOf(await personal(name), never);
      for (const [tool, args] of [
        ['approvals_list', {}],
        ['approvals_show', { ticket_id: ticket.id }],
        ['approvals_decide', { ticket_id: ticket.id, decision: 'deny' }],
      ] as const) {
        const { data, text, isError } = await chat.call(tool, args);
        expect({ isError, code: data.refusal?.code }, tool).toEqual({ isError: true, code: 'not_enrolled' });
        expect(text).toContain(why);
        expect(text).not.toContain(ticket.id);
      }
    }
    expect(await stateOf(ticket)).toBe('pending');
  });

  it('who has not said that their answers count is shown the ticket, and led to the page', async () => {
    const ticket = await opened(0);
    const chat = await chats.chatOf(await personal('ida'), () => ({ action: 'decline' }));
    expect((await chat.call('approvals_list')).data.tickets.map(({ ticket_id }: any) => ticket_id)).toContain(
      ticket.id,
    );
    expect((await chat.call('approvals_show', { ticket_id: ticket.id })).text).toContain(ids[0]!);
    const { data, text } = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(data).toMatchObject({ decided: false });
    expect(text).toContain(`${url}/tickets/${ticket.id}?s=`);
  });

  it('what a person types counts as theirs, for `client`, on whichever hub, and once', async () => {
    await lets('ida');
    await lets('otto');
    const ticket = await opened(1);
    const chat = await chats.chatOf(await personal('ida'), types(ids[1]!));
    const approved = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(approved.data).toMatchObject({ decided: true, by: 'ida' });
    expect(chat.forms[0]).toContain('APPROVE this as ida?');
    expect(decisionsBy('ida')).toMatchObject([{ detail: { assurance: 'client', decision: 'approve' } }]);
    const answer = chat.sent.at(-1)!;
    expect(answer.body).toContain('inputResponses');
    // Taken back at a terminal; the client brings its old answer, to both.
    await done(place, 'approve', ticket.id, '--withdraw', '--as', 'ida');
    for (const hub of [0, 1]) expect((await again(answer, hub)).said).toMatch(/belongs to no open question|repeated/);
    expect(decisionsBy('ida').filter(({ detail }: any) => detail.decision === 'approve')).toHaveLength(1);
    const ottos = await chats.chatOf(await personal('otto'), types(ids[1]!));
    await ottos.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(await stateOf(ticket)).toBe('pending');
    await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(await stateOf(ticket)).toBe('approved');
  });

  it("another person's answer to the same form is none, nor one that was read another meaning into", async () => {
    const ticket = await opened(2);
    const chat = await chats.chatOf(await personal('ida'), () => ({ action: 'cancel' }));
    await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    const { headers, body } = chat.sent.at(-1)!;
    const accepted = body.replace('"action":"cancel"', `"action":"accept","content":{"target_name":"${ids[2]}"}`);
    expect(accepted).not.toBe(body);
    const ottos = { ...headers, authorization: `Bearer ${await personal('otto')}` };
    for (const hub of [0, 1])
      expect((await again({ headers: ottos, body: accepted }, hub)).said).toContain('belongs to no open question');
    const forged = accepted.replaceAll('\\"person\\":\\"ida\\"', '\\"person\\":\\"otto\\"');
    expect(forged).not.toBe(accepted);
    expect((await again({ headers: ottos, body: forged }, 0)).said).toContain('-32602');
    expect(await stateOf(ticket)).toBe('pending');
  });

  it('the operator approves nothing that their own agent asks for, and may deny it', async () => {
    await lets('mara');
    const ticket = await opened(3);
    const chat = await chats.chatOf(await personal('mara'), () => ({ action: 'accept', content: { deny: 'y' } }));
    const refused = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(refused.data.refusal.code).toBe('operator_excluded');
    expect(chat.forms).toEqual([]);
    await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'deny', reason: 'no' });
    expect(await stateOf(ticket)).toBe('denied');
  });

  it.each([
    ['the present SDK', 'present'],
    ['the older SDK', 'older'],
  ] as const)('%s, in the older protocol: the page instead of a form', async (_, which) => {
    const ticket = await opened(4);
    const token = await personal('ida');
    const args = { ticket_id: ticket.id, decision: 'approve' };
    const older = new OlderClient({ name: 'older', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    const called = async () => {
      if (which === 'present') return (await chats.chatOf(token, never, 'older')).call('approvals_decide', args);
      const requestInit = { headers: { authorization: `Bearer ${token}` } };
      await older.connect(new OlderTransport(new URL(`${url}/companion/mcp`), { requestInit }) as never);
      const { content, structuredContent } = (await older.callTool({
        name: 'approvals_decide',
        arguments: args,
      })) as any;
      await older.close();
      return { text: content[0].text, data: structuredContent };
    };
    const { text, data } = await called();
    expect(data).toMatchObject({ decided: false });
    expect(text).toContain(`${url}/tickets/${ticket.id}?s=`);
  });

  it('a key for chat clients that is revoked counts no more; the next one does', async () => {
    const before = await keyOf('ida');
    await done(place, 'approvers', 'revoke', before, '--reason', 'tried', '--as', 'ida');
    const ticket = await opened(5);
    const chat = await chats.chatOf(await personal('ida'), types(ids[5]!));
    const asked = () => chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect((await asked()).data).toMatchObject({ decided: false });
    await lets('ida');
    expect(await keyOf('ida')).not.toBe(before);
    expect((await asked()).data).toMatchObject({ decided: true });
  });
});

/** The key with which hubs sign for this person. */
async function keyOf(name: string): Promise<string> {
  const signed = events(place).filter(
    ({ type, detail }: any) =>
      type === 'approver.enrolled' && detail.name === name && detail.max_assurance === 'client',
  );
  return (signed.at(-1)!.detail as any).key;
}
