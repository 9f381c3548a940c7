import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { makePlace, type Place, until } from '../scenes/front-door.ts';
import { type Hub, hubConfig, startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';
import { META } from './meta.ts';

let place: Place;
let hub: Hub;
let issuer: TestIssuer;

beforeAll(async () => {
  place = makePlace({});
  const its = await withIssuer(place);
  issuer = its.issuer;
  hub = await startHub(place, its.url);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
});

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const MODERN = { ...LIST, params: { _meta: META } };
const MODERN_HEADERS = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };

const bearer = async (who: { readonly sub?: string } = {}) => ({
  authorization: `Bearer ${await tokenOf(issuer, hub.url, who)}`,
});

/** With a Host of one's own, which fetch doesn't send. */
function statusWith(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(hub.url + path, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the hub', () => {
  it('says where tokens for it come from (RFC 9728)', async () => {
    const response = await fetch(`${hub.url}/.well-known/oauth-protected-resource/mcp`);
    expect(await response.json()).toEqual({
      resource: hub.resource,
      authorization_servers: [issuer.issuer],
      bearer_methods_supported: ['header'],
      resource_name: 'Holdshort',
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await fetch(`${hub.url}/.well-known/oauth-protected-resource`)).status).toBe(404);
    // Nobody is asked in a chat client unless the configuration says so.
    for (const path of ['/.well-known/oauth-protected-resource/companion/mcp', '/companion/mcp'])
      expect((await fetch(hub.url + path)).status).toBe(404);
  });

  it('says that it is alive and ready, by whatever name it is asked', async () => {
    expect(await statusWith('/healthz', { host: '10.1.2.3' })).toBe(200);
    expect(await statusWith('/readyz', { host: '10.1.2.3' })).toBe(200);
  });

  it('refuses several messages at once, what is no JSON, and what is too long', async () => {
    const at = await bearer();
    expect((await hub.post([LIST, { ...LIST, id: 2 }], at)).status).toBe(400);
    expect((await hub.post('{', at)).status).toBe(400);
    expect((await hub.post(LIST, { ...at, 'content-type': 'text/plain' })).status).toBe(415);
    const long = { ...LIST, params: { cursor: 'x'.repeat(4 * 1024 * 1024) } };
    expect((await hub.post(long, await bearer({ sub: 'long' }))).status).toBe(413);
    // Nobody's is read.
    expect((await hub.post(long, {})).status).toBe(401);
  });

  it.each([
    'null',
    'true',
    '1',
    '"tools/call"',
    '{}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":null}',
    '{"jsonrpc":"2.0","id":null,"method":null,"params":[]}',
  ])("answers JSON that is no message as the sender's fault: %s", async (body) => {
    for (const headers of [{}, MODERN_HEADERS]) {
      const response = await hub.post(body, { ...(await bearer()), ...headers });
      const { error } = (await response.json()) as { readonly error?: unknown };
      expect([response.status < 500, typeof error], String(response.status)).toEqual([true, 'object']);
    }
  });

  it.each(['GET', 'DELETE'])('has no sessions of the older protocol: %s', async (method) => {
    expect((await fetch(hub.resource, { method, headers: await bearer() })).status).toBe(405);
  });

  it('counts no request that is answered without a body', async () => {
    const headers = await bearer();
    for (let at = 0; at < 40; at += 1) {
      const { status } = await fetch(hub.resource, { method: 'HEAD', headers });
      expect(status).toBe(405);
    }
    expect((await hub.post(LIST, headers)).status).toBe(200);
  });

  it('is not kept busy by a long name that looks like keys', async () => {
    const name = 'AKIA'.repeat(1_000_000);
    const call = { ...LIST, method: 'tools/call', params: { name, arguments: {} } };
    const response = await hub.post(call, await bearer({ sub: 'named' }));
    expect(await response.text()).toContain('more characters');
  });

  it('listens to no more than a stream has room for', async () => {
    const uris = Array.from({ length: 4_000 }, (_, at) => `holdshort://tickets/${at}`);
    const message = {
      ...MODERN,
      method: 'subscriptions/listen',
      params: { _meta: META, notifications: { resourceSubscriptions: uris } },
    };
    const headers = { ...MODERN_HEADERS, 'mcp-method': 'subscriptions/listen', ...(await bearer({ sub: 'curious' })) };
    expect((await hub.post(message, headers)).status).toBe(413);
  });

  it('ends a stream that only listens with the token that it was asked for with', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const token = await tokenOf(issuer, hub.url, { exp });
    const { client } = await hub.client(token, { versionNegotiation: { mode: 'auto' } });
    const stream = await client.listen({ resourceSubscriptions: ['holdshort://tickets/tkt_zzzzzzzzzzzzzzzzzzzz'] });
    expect(await stream.closed).not.toBe('local');
  });

  it('takes no more of one person than is due to one, whatever the client is called', async () => {
    const clients = ['kiro-a', 'kiro-b', 'kiro-c'];
    const tokens = await Promise.all(clients.map((client_id) => tokenOf(issuer, hub.url, { sub: 'hasty', client_id })));
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, at) => hub.post(ping, { authorization: `Bearer ${tokens[at % 3]}` })),
    );
    const busy = answers.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    for (const answer of busy) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
    expect((await hub.post(ping, await bearer())).status).toBe(200);
  });
});

test('a rule that is taken out holds without a restart', async () => {
  await using scene = makePlace({});
  const { issuer: login, url, written } = await withIssuer(scene);
  const served = await startHub(scene, url);
  const token = await tokenOf(login, url);
  const ask = async () => (await served.post(LIST, { authorization: `Bearer ${token}` })).status;
  expect(await ask()).toBe(200);
  written(['scope: holdshort.new']);
  expect(await ask()).toBe(403);
});

test('a stream that listens is told nothing more once its rule is taken out', async () => {
  await using scene = makePlace({});
  const { issuer: login, url, written } = await withIssuer(scene);
  const served = await startHub(scene, url);
  const token = await tokenOf(login, url);
  const listening = await served.client(token, { versionNegotiation: { mode: 'auto' } });
  const stream = await listening.client.listen({
    resourceSubscriptions: ['holdshort://tickets/tkt_zzzzzzzzzzzzzzzzzzzz'],
  });
  written(['scope: holdshort.another']);
  expect(await stream.closed).not.toBe('local');
});

test("the older protocol's read is answered with one text, and a call that waits with a stream", async () => {
  const call = (name: string, args: object) => ({ ...LIST, method: 'tools/call', params: { name, arguments: args } });
  const headers = await bearer();
  const read = await hub.post(call('ticket_list', {}), headers);
  expect(read.headers.get('content-type')).toBe('text/event-stream');
  expect(await read.text()).toContain('"result"');
  for (const message of [LIST, call('ec2_describe_instances', { region: 7 })]) {
    const answer = await hub.post(message, headers);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({ id: 1, result: {} });
  }
});

test('who leaves while they are answered takes no place from their next call', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  let asked = 0;
  silent.on('connection', () => (asked += 1));
  await once(silent, 'listening');
  await using scene = makePlace({ endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
  scene.atEnd(async () => void silent.close());
  const { issuer: login, url } = await withIssuer(scene);
  const served = await startHub(scene, url);
  const headers = { authorization: `Bearer ${await tokenOf(login, url)}`, 'content-type': 'application/json' };
  const read = { ...LIST, method: 'tools/call', params: { name: 'ec2_describe_instances', arguments: {} } };
  const leaving = new AbortController();
  const accept = 'application/json, text/event-stream';
  // As many as one may have under way.
  const left = Array.from({ length: 32 }, () =>
    fetch(served.resource, {
      ...{ method: 'POST', headers: { ...headers, accept }, signal: leaving.signal },
      body: JSON.stringify(read),
    })
      .then((answer) => answer.text())
      .catch(() => 'left'),
  );
  await until(
    () => asked,
    (connections) => connections > 0,
  );
  expect((await served.post(LIST, headers)).status).toBe(429);
  leaving.abort();
  expect(await Promise.all(left)).toEqual(left.map(() => 'left'));
  await until(
    () => served.post(LIST, headers).then(({ status }) => status),
    (status) => status === 200,
    5_000,
  );
  // What it asked of AWS would be waited for.
  await served.stop('SIGKILL');
});

test('plain HTTP is served to this machine alone', async () => {
  await using scene = makePlace({
    config: hubConfig('https://login.example.com', 'https://hub.example.com').replace('127.0.0.1', '0.0.0.0'),
  });
  const ran = await scene.cli(['hub']);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('over plain HTTP');
});

test('a hub that is told to end answers what is under way, ends streams, and exits', async () => {
  await using scene = makePlace({});
  const { issuer: login, url } = await withIssuer(scene);
  const served = await startHub(scene, url);
  const listening = await served.client(await tokenOf(login, url), { versionNegotiation: { mode: 'auto' } });
  await listening.client.listen({ resourceSubscriptions: ['holdshort://tickets/tkt_zzzzzzzzzzzzzzzzzzzz'] });
  served.child.kill('SIGTERM');
  await until(
    () => served.child.exitCode,
    (code) => code !== null,
  );
  expect(served.child.exitCode).toBe(0);
});
