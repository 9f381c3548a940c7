import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/present/command-result.ts';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { hubConfig, startHub, tokenOf, withIssuer } from '../scenes/hub.ts';

/**
 * A hub behind proxies that end TLS: plain HTTP from those alone, and nothing that one says about a request is
 * believed.
 */

// From an own address of this machine that isn't loopback: what comes from there came over a network, for all a hub
// knows.
const ADDRESS = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
const missing = ADDRESS === undefined ? 'this machine has no address but loopback' : undefined;
if (missing) console.warn(`skipped: a hub behind proxies: ${missing}`);

const ELSEWHERE = '203.0.113.9';
/** What a proxy says of where a request came from, and what anyone could say. */
const SAID = {
  'x-forwarded-for': '127.0.0.1',
  'x-real-ip': '127.0.0.1',
  forwarded: 'for=127.0.0.1;host=localhost;proto=https',
  'x-forwarded-proto': 'https',
};

/** @param listen instead of all IPv4 addresses */
async function behind(proxies: string, listen = '0.0.0.0') {
  const place = makePlace();
  const { issuer, url } = await withIssuer(place);
  const { port } = new URL(url);
  const config = hubConfig(issuer.issuer, url, [`trusted_proxies: [${proxies}]`]);
  writeFileSync(
    join(place.home, 'config.yaml'),
    config.replace(`listen: 127.0.0.1:${port}`, `listen: "${listen}:${port}"`),
  );
  const hub = await startHub(place, url);
  const token = await tokenOf(issuer, url);
  const ask = (path: string, headers: Record<string, string> = {}, from = ADDRESS, method = 'POST') =>
    new Promise<{ status: number; body: string; headers: object }>((resolve, reject) => {
      const about = { host: new URL(url).host, 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const all = { ...about, accept: 'application/json, text/event-stream', ...headers };
      const sent = request({ host: from, port, path, method, headers: all }, async (answer) => {
        let body = '';
        for await (const chunk of answer) body += chunk;
        resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers });
      });
      sent.on('error', reject);
      sent.end(method === 'POST' ? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) : undefined);
    });
  return { place, url, hub, ask };
}

const ended = (place: Place) => place[Symbol.asyncDispose]();

describe.skipIf(missing !== undefined)('a hub behind proxies', () => {
  it('answers nothing to an address that is none of them, whatever it says of itself, and takes this machine for one', async () => {
    const { place, hub, ask } = await behind(ELSEWHERE);
    try {
      for (const headers of [{}, SAID, { ...SAID, 'x-forwarded-for': ELSEWHERE }])
        for (const [path, method] of [
          ['/mcp', 'POST'],
          ['/mcp', 'GET'],
          ['/.well-known/oauth-protected-resource/mcp', 'GET'],
          ['/', 'GET'],
          ['/healthz', 'GET'],
        ] as const)
          expect(await ask(path, headers, ADDRESS, method), path).toMatchObject({
            ...{ status: 403, body: '' },
            headers: { connection: 'close' },
          });
      expect((await ask('/mcp', {}, '127.0.0.1')).status).toBe(200);
      expect((await ask('/healthz', {}, '127.0.0.1', 'GET')).status).toBe(200);
      expect(hub.child.exitCode).toBe(null);
    } finally {
      await ended(place);
    }
  });

  it.each([
    ['by its address', (address: string) => `${ELSEWHERE}, ${address}`],
    ['by its network', (address: string) => `${address.split('.').slice(0, 3).join('.')}.0/24`],
  ])('takes one that is named %s', async (_, named) => {
    const { place, ask } = await behind(named(ADDRESS!));
    try {
      expect((await ask('/mcp')).status).toBe(200);
      expect((await ask('/healthz', { host: '10.1.2.3' }, ADDRESS, 'GET')).status).toBe(200);
    } finally {
      await ended(place);
    }
  });

  it('takes it by its IPv4 address too where it listens on IPv6', async () => {
    const { place, ask } = await behind(ADDRESS!, '[::]');
    try {
      expect((await ask('/mcp')).status).toBe(200);
    } finally {
      await ended(place);
    }
    const other = await behind(ELSEWHERE, '[::]');
    try {
      expect((await other.ask('/mcp')).status).toBe(403);
    } finally {
      await ended(other.place);
    }
  });

  it('believes nothing that a proxy says: the host and origin of the request itself count', async () => {
    const { place, url, ask } = await behind(ADDRESS!);
    const { host } = new URL(url);
    try {
      // Where the proxy names the right host for a request with another one, it is another one.
      const forwarded = { 'x-forwarded-host': host, forwarded: `host=${host}`, 'x-forwarded-proto': 'https' };
      expect((await ask('/mcp', { ...forwarded, host: 'evil.example' })).status).toBe(403);
      expect((await ask('/mcp', { ...forwarded, host: 'evil.example' }, ADDRESS, 'GET')).status).toBe(403);
      expect(
        (await ask('/mcp', { 'x-forwarded-host': 'evil.example', 'x-original-host': 'evil.example' })).status,
      ).toBe(200);
      expect((await ask('/mcp', { ...forwarded, origin: 'https://evil.example' })).status).toBe(403);
      expect((await ask('/mcp', { ...forwarded, origin: url })).status).toBe(200);
      expect((await ask('/mcp', { 'x-forwarded-proto': 'http' })).status).toBe(200);
      // Without the token nothing that a proxy says makes somebody of it.
      const nobody = { ...forwarded, authorization: 'none', 'x-forwarded-user': 'noa', 'x-forwarded-email': 'noa@x' };
      expect((await ask('/mcp', nobody)).status).toBe(401);
      // The page: the same guard, before anything of it.
      for (const [path, method] of [
        ['/', 'GET'],
        ['/tickets/tkt_zzzzzzzzzzzzzzzzzzzz', 'GET'],
        ['/enroll', 'GET'],
        ['/tickets/tkt_zzzzzzzzzzzzzzzzzzzz/question', 'POST'],
      ] as const) {
        expect((await ask(path, { ...forwarded, host: 'evil.example' }, ADDRESS, method)).status, path).toBe(403);
        expect((await ask(path, { ...forwarded, origin: 'https://evil.example' }, ADDRESS, method)).status).toBe(403);
      }
    } finally {
      await ended(place);
    }
  });
});

it.each([
  ['beside tls', ['tls: { certificate: a, key: b }', 'trusted_proxies: [10.0.3.7]'], 'without tls of its own'],
  ['that are names', ['trusted_proxies: [proxy.internal]'], 'must be an address or a network'],
  ['with more bits than there are', ['trusted_proxies: [10.0.3.0/33]'], 'must be an address or a network'],
  ['that are none', ['trusted_proxies: []'], 'must name at least one'],
])('proxies %s are refused', async (_, lines, told) => {
  await using place = makePlace({
    config: hubConfig('https://login.example.com', 'https://hub.example.com', lines, 1),
  });
  expect(await place.cli(['hub'])).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining(told) });
});
