import { exportSPKI, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fasterClock } from '../scenes/clock.ts';
import { makePlace, type Place, until } from '../scenes/front-door.ts';
import { type Hub, MARA, startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import { startIssuer, type TestIssuer } from '../scenes/issuer.ts';

let place: Place;
let hub: Hub;
let issuer: TestIssuer;
let other: TestIssuer;

beforeAll(async () => {
  place = makePlace({});
  let url: string;
  ({ issuer, url } = await withIssuer(place, '', ['scope: holdshort.ask']));
  other = await startIssuer();
  place.atEnd(() => other.close());
  hub = await startHub(place, url);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
});

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const SCOPE = 'openid holdshort.ask';
const claims = (more = {}) => ({ aud: hub.resource, scope: SCOPE, ...MARA, ...more });
const now = () => Math.floor(Date.now() / 1_000);
const asked = (token: string) => hub.post(LIST, { authorization: `Bearer ${token}` });
const challenged = () => `resource_metadata="${hub.url}/.well-known/oauth-protected-resource/mcp"`;

/** Tokens that somebody may send, and why each isn't taken, as the log says it. */
const HOSTILE: Record<string, { readonly why: string; readonly token: () => Promise<string> }> = {
  'for another resource': {
    why: 'audience',
    token: () => issuer.token(claims({ aud: 'https://elsewhere.example/mcp' })),
  },
  'for the bare address of the hub': { why: 'audience', token: () => issuer.token(claims({ aud: hub.url })) },
  'for the companion': { why: 'audience', token: () => issuer.token(claims({ aud: `${hub.url}/companion/mcp` })) },
  'for two resources': {
    why: 'audience',
    token: () => issuer.token(claims({ aud: [hub.resource, 'https://elsewhere.example/mcp'] })),
  },
  'for no resource': { why: 'audience', token: () => issuer.token(claims({ aud: undefined })) },
  'of another issuer that signs': { why: 'unknown_key', token: () => other.token(claims()) },
  "of another issuer under this one's name": {
    why: 'unknown_key',
    token: () => other.token(claims({ iss: issuer.issuer })),
  },
  "of another issuer under this one's key's name": {
    why: 'signature',
    token: () => other.token(claims({ iss: issuer.issuer }), { kid: issuer.key().kid }),
  },
  'that names another issuer': { why: 'issuer', token: () => issuer.token(claims({ iss: other.issuer })) },
  'with a slash more in the issuer': { why: 'issuer', token: () => issuer.token(claims({ iss: `${issuer.issuer}/` })) },
  'that is over': { why: 'expired', token: () => issuer.token(claims({ exp: now() - 60 })) },
  'that never ends': { why: 'claims', token: () => issuer.token(claims({ exp: undefined })) },
  'that is not valid yet': { why: 'not_yet_valid', token: () => issuer.token(claims({ nbf: now() + 600 })) },
  'without a subject': { why: 'claims', token: () => issuer.token(claims({ sub: undefined })) },
  'that is no access token': { why: 'type', token: () => issuer.token(claims(), { typ: 'logout+jwt' }) },
  'that ends at no time': { why: 'claims', token: () => issuer.token(claims({ exp: 1e300 })) },
  "that is bound to its sender's key": { why: 'type', token: () => issuer.token(claims({ cnf: { jkt: 'x' } })) },
  'that tells of an event': {
    why: 'type',
    token: () => issuer.token(claims({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })),
  },
  'whose type is a number': { why: 'type', token: () => issuer.token(claims(), { typ: 5 }) },
  'with an unknown key': { why: 'unknown_key', token: () => issuer.token(claims(), { kid: 'made-up' }) },
  'with a key of its own in its header': {
    why: 'unknown_key',
    token: async () => other.token(claims({ iss: issuer.issuer }), { jwk: other.key().jwk, kid: 'made-up' }),
  },
  'with a critical header that nobody knows': {
    why: 'malformed',
    token: async () => withHeader(await issuer.token(claims()), { crit: ['exp-2'], 'exp-2': 1 }),
  },
  'that nobody signed': { why: 'algorithm', token: async () => unsigned(await issuer.token(claims())) },
  'that nobody signed, in other letters': {
    why: 'algorithm',
    token: async () => unsigned(await issuer.token(claims()), 'nOnE'),
  },
  'signed by HS256 with the public key': {
    why: 'algorithm',
    token: async () =>
      new SignJWT({ ...claims(), iss: issuer.issuer, exp: now() + 300 })
        .setProtectedHeader({ alg: 'HS256', kid: issuer.key().kid, typ: 'at+jwt' })
        .sign(Buffer.from(await exportSPKI(issuer.key().publicKey))),
  },
  'whose claims were changed': { why: 'signature', token: async () => promoted(await issuer.token(claims())) },
  'that is no token': { why: 'malformed', token: async () => 'abc' },
  'of twenty thousand characters': {
    why: 'malformed',
    token: () => issuer.token(claims({ padding: 'x'.repeat(9_200) })),
  },
};

/** What the log says after so many characters. */
async function newestLine(before: number): Promise<object> {
  const lines = await until(
    () => hub.said().slice(before),
    (text) => text.endsWith('\n'),
  );
  return JSON.parse(lines.trim().split('\n').at(-1) ?? '{}');
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const withHeader = (token: string, header: object) => {
  const [first = '', ...rest] = token.split('.');
  return [part({ ...JSON.parse(Buffer.from(first, 'base64url').toString()), ...header }), ...rest].join('.');
};
const unsigned = (token: string, alg = 'none') => `${withHeader(token, { alg }).split('.').slice(0, 2).join('.')}.`;
const promoted = (token: string) => {
  const [header, body = '', signature] = token.split('.');
  const read = JSON.parse(Buffer.from(body, 'base64url').toString());
  return [header, part({ ...read, sub: 'ana-1' }), signature].join('.');
};

describe('a token', () => {
  it.each(Object.keys(HOSTILE))('%s is not taken, and its sender told nothing', async (name) => {
    const { why, token } = HOSTILE[name]!;
    const sent = await token();
    const before = hub.said().length;
    const response = await asked(sent);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer error="invalid_token", scope="holdshort.ask", ${challenged()}`,
    );
    expect(await response.json()).toEqual({ error: 'invalid_token' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const line = await newestLine(before);
    expect(line).toMatchObject({ path: '/mcp', status: 401, why });
    for (const piece of sent.split('.').filter((text) => text.length > 10)) expect(hub.said()).not.toContain(piece);
  });

  it('that is missing is asked for, without an error', async () => {
    const response = await hub.post(LIST);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(`Bearer scope="holdshort.ask", ${challenged()}`);
  });

  it('without the scope is told which', async () => {
    const response = await asked(await issuer.token(claims({ scope: 'openid' })));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="holdshort.ask", ${challenged()}`,
    );
  });

  it.each([
    ['whose client no rule names', { client_id: 'other' }],
    ['of a group that no rule names', { groups: ['shop'] }],
    ['whose groups are one text', { groups: 'payments-not' }],
    ['whose subject could be read as another', { sub: 'm\u00e4ra' }],
  ])('%s is nobody', async (_, more) => {
    const before = hub.said().length;
    const response = await asked(await issuer.token(claims(more)));
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: 'access_denied' });
    expect(await newestLine(before)).toMatchObject({ why: 'no_rule' });
  });

  it('in the address or in a body is not looked at', async () => {
    const token = await issuer.token(claims());
    expect((await fetch(`${hub.resource}?access_token=${token}`, { method: 'POST' })).status).toBe(401);
    expect((await hub.post({ ...LIST, access_token: token })).status).toBe(401);
  });

  it.each([
    ['a list with one audience', { aud: () => [hub.resource] }],
    ['scopes in a list', { scope: () => undefined, scp: () => ['holdshort.ask'] }],
  ])('with %s is taken', async (_, made) => {
    const more = Object.fromEntries(Object.entries(made).map(([name, make]) => [name, make()]));
    expect((await asked(await issuer.token(claims(more)))).status).toBe(200);
  });

  it('signed with a key that came later is taken; unknown ones have the keys fetched only so often', async () => {
    const old = await issuer.token(claims());
    expect((await asked(old)).status).toBe(200);
    const before = issuer.asked();
    for (const _ of Array.from({ length: 20 })) await asked(await issuer.token(claims(), { kid: crypto.randomUUID() }));
    expect(issuer.asked() - before).toBeLessThanOrEqual(1);
  });
});

test('a key that the issuer signs with from now on is fetched, and the one that it took away counts no more', async () => {
  await using scene = makePlace({});
  const { issuer: login, url } = await withIssuer(scene);
  // The keys are fetched again at most every thirty seconds: six of ours.
  const fresh = await startHub(scene, url, { env: fasterClock(5).env });
  const ask = async (token: string) => (await fresh.post(LIST, { authorization: `Bearer ${token}` })).status;
  const lasting = { exp: now() + 86_400 };
  const old = await tokenOf(login, url, lasting);
  expect(await ask(old)).toBe(200);
  await login.rotate();
  const fromNowOn = await tokenOf(login, url, lasting);
  await until(
    () => ask(fromNowOn),
    (status) => status === 200,
  );
  expect(await ask(old)).toBe(401);
});

test('a token that was taken is taken no more once it is over', async () => {
  await using scene = makePlace({});
  const { issuer: login, url } = await withIssuer(scene);
  const fresh = await startHub(scene, url, { env: fasterClock(5).env });
  const token = await tokenOf(login, url, { exp: now() + 20 });
  const ask = async () => (await fresh.post(LIST, { authorization: `Bearer ${token}` })).status;
  expect([await ask(), await ask()]).toEqual([200, 200]);
  // Long before its keys are fetched again.
  await until(ask, (status) => status === 401, 30_000);
});

test('an issuer that is away is no fault of the token, and is not asked for each', async () => {
  await using scene = makePlace({});
  const { issuer: login, url } = await withIssuer(scene);
  const token = await tokenOf(login, url);
  const fresh = await startHub(scene, url);
  await login.close();
  const response = await fresh.post(LIST, { authorization: `Bearer ${token}` });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
