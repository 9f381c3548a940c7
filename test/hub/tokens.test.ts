import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fasterClock } from '../scenes/clock.ts';
import { makePlace, type Place, until } from '../scenes/front-door.ts';
import { type Hub, MARA, startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import { startIssuer, type TestIssuer } from '../scenes/issuer.ts';
import { claimsAt, DOORS, type Door, HOSTILE } from './doors.ts';

let place: Place;
let hub: Hub;
let issuer: TestIssuer;
let other: TestIssuer;

beforeAll(async () => {
  place = makePlace({});
  let url: string;
  ({ issuer, url } = await withIssuer(place, '', ['scope: holdshort.ask', 'companions: {}']));
  other = await startIssuer();
  place.atEnd(() => other.close());
  hub = await startHub(place, url);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
});

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const now = () => Math.floor(Date.now() / 1_000);
const post = (path: string, body: object, headers: Record<string, string> = {}, url = hub.url) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify(body),
  });
const asked = (path: string, token: string) => post(path, LIST, { authorization: `Bearer ${token}` });
/** What a client is told to get, and where. */
const challenged = ({ path, scope }: Door) =>
  `scope="${scope}", resource_metadata="${hub.url}/.well-known/oauth-protected-resource${path}"`;

/** What the log says after so many characters. */
async function newestLine(before: number): Promise<object> {
  const lines = await until(
    () => hub.said().slice(before),
    (text) => text.endsWith('\n'),
  );
  return JSON.parse(lines.trim().split('\n').at(-1) ?? '{}');
}

describe.each(DOORS)('at $path, a token', (door) => {
  const claims = (more: object = {}) => claimsAt(hub.url, door, more);

  it.each(Object.keys(HOSTILE))('%s is not taken, and its sender told nothing', async (name) => {
    const { why, token } = HOSTILE[name]!;
    const sent = await token({ url: hub.url, door, issuer, other }, claims);
    const before = hub.said().length;
    const response = await asked(door.path, sent);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(`Bearer error="invalid_token", ${challenged(door)}`);
    expect(await response.json()).toEqual({ error: 'invalid_token' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const line = await newestLine(before);
    expect(line).toMatchObject({ path: door.path, status: 401, why });
    for (const piece of sent.split('.').filter((text) => text.length > 10)) expect(hub.said()).not.toContain(piece);
  });

  it('that is good is taken there, and only there', async () => {
    const good = await issuer.token(claims());
    const statuses = await Promise.all(DOORS.map(async ({ path }) => (await asked(path, good)).status));
    expect(statuses).toEqual(DOORS.map((one) => (one === door ? 200 : 401)));
  });

  it('that is missing is asked for, without an error', async () => {
    const response = await post(door.path, LIST);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(`Bearer ${challenged(door)}`);
  });

  it("without the scope is told which, and the other door's is none", async () => {
    for (const scope of ['openid', ...DOORS.filter((one) => one !== door).map((one) => one.scope)]) {
      const response = await asked(door.path, await issuer.token(claims({ scope })));
      expect(response.status).toBe(403);
      expect(response.headers.get('www-authenticate')).toBe(`Bearer error="insufficient_scope", ${challenged(door)}`);
    }
  });

  it('in the address or in a body is not looked at', async () => {
    const token = await issuer.token(claims());
    expect((await post(`${door.path}?access_token=${token}`, LIST)).status).toBe(401);
    expect((await post(door.path, { ...LIST, access_token: token })).status).toBe(401);
  });

  it.each([
    ['a list with one audience', { aud: () => [hub.url + door.path] }],
    ['scopes in a list', { scope: () => undefined, scp: () => [door.scope] }],
  ])('with %s is taken', async (_, made) => {
    const more = Object.fromEntries(Object.entries(made).map(([name, make]) => [name, make()]));
    expect((await asked(door.path, await issuer.token(claims(more)))).status).toBe(200);
  });

  it('whose subject could be read as another is nobody', async () => {
    const before = hub.said().length;
    const response = await asked(door.path, await issuer.token(claims({ sub: 'm\u00e4ra' })));
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: 'access_denied' });
    expect(await newestLine(before)).toMatchObject({ path: door.path, why: 'no_rule' });
  });
});

test('of people, those that companions.match has, as it is now', async () => {
  await using scene = makePlace({});
  const {
    issuer: login,
    url,
    written,
  } = await withIssuer(scene, '', ['companions: { match: { client_id: "chat-*", groups: oncall } }']);
  const [, door] = DOORS;
  const served = await startHub(scene, url);
  const ask = async (more: object) => {
    const authorization = `Bearer ${await login.token(claimsAt(url, door, more))}`;
    return (await post(door.path, LIST, { authorization }, url)).status;
  };
  const chat = { client_id: 'chat-desktop', groups: ['shop', 'oncall'] };
  expect(await ask(chat)).toBe(200);
  // That of an agent, which its person let have such a token, too; and one of somebody whom the rule leaves out.
  expect(await ask({ ...chat, client_id: MARA.client_id })).toBe(403);
  expect(await ask({ ...chat, groups: ['shop'] })).toBe(403);
  expect(await ask({ client_id: 'chat-desktop', groups: undefined })).toBe(403);
  expect(served.said()).toContain('"why":"no_rule"');
  written(['companions: { match: { client_id: another } }']);
  expect(await ask(chat)).toBe(403);
});

describe('a token for agents', () => {
  const [door] = DOORS;
  const claims = (more: object = {}) => claimsAt(hub.url, door, more);

  it.each([
    ['whose client no rule names', { client_id: 'other' }],
    ['of a group that no rule names', { groups: ['shop'] }],
    ['whose groups are one text', { groups: 'payments-not' }],
  ])('%s is nobody', async (_, more) => {
    const before = hub.said().length;
    const response = await asked(door.path, await issuer.token(claims(more)));
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: 'access_denied' });
    expect(await newestLine(before)).toMatchObject({ why: 'no_rule' });
  });

  it('signed with a key that came later is taken; unknown ones have the keys fetched only so often', async () => {
    const old = await issuer.token(claims());
    expect((await asked(door.path, old)).status).toBe(200);
    const before = issuer.asked();
    for (const _ of Array.from({ length: 20 }))
      await asked(door.path, await issuer.token(claims(), { kid: crypto.randomUUID() }));
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
