import { type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loginsOf } from '../../src/commands/logins.ts';
import { loginNonce } from '../../src/kernel/login.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type RecheckScene, recheckScene, stopped, waits } from '../scenes/executor.ts';
import { startIssuer, type TestIssuer } from '../scenes/issuer.ts';
import { decision, type Person } from '../scenes/openings.ts';

/*
 * An approval counts only with a login of the same person: the executor looks at the token itself, with keys that it
 * gets from the issuer over HTTP, whatever the database says.
 */

const CLIENT = 'holdshort';
let scene: RecheckScene;
let issuer: TestIssuer;
let late = 0;

/** An executor that knows no key yet. */
const fresh = () => {
  const rule = { issuer: issuer.issuer, client_id: CLIENT, max_age_ms: 12 * 3_600_000, secretFile: undefined };
  return loginsOf(
    async () => ({ login: rule }),
    () => performance.now() + late,
  ).logins;
};

beforeAll(async () => {
  [scene, issuer] = await Promise.all([recheckScene({ volumes: [{}] }), startIssuer()]);
  const bind = (who: Person, subject: string) =>
    scene.say(scene.mara, { kind: 'bind', name: who.name, identity: { issuer: issuer.issuer, subject } });
  await bind(scene.mara, 'm-1');
  await bind(scene.nina, 'n-1');
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await issuer.close();
});
afterEach(() => {
  issuer.answers = true;
  issuer.listed.length = 0;
  scene.context = { ...scene.context, logins: fresh() };
});

const asked = async () => {
  const [volume] = await scene.volumes();
  return await scene.asked('ec2_delete_volume', { volume_id: volume! });
};

type Claims = JWTPayload & Record<string, unknown>;
const claimsFor = (statement: string): Claims => {
  const now = Math.floor(scene.now / 1_000);
  return {
    ...{ iss: issuer.issuer, sub: 'm-1', aud: CLIENT, nonce: loginNonce(statement) },
    ...{ iat: now, exp: now + 300, auth_time: now - 60 },
  };
};

/** Approved by mara, with what is made of her good claims. */
async function approved(token: (claims: Claims) => Promise<string | undefined>): Promise<StoredTicket> {
  const ticket = await asked();
  await record(ticket, scene.mara, token);
  return await scene.read(ticket);
}

async function record(ticket: StoredTicket, by: Person, token: (claims: Claims) => Promise<string | undefined>) {
  const { state, decisions } = await scene.read(ticket);
  const signed = decision(by, ticket, 'approve');
  await scene.store.forApprover().recordDecision({
    ticket: ticket.id,
    expected: { state, decisions: decisions.length },
    signed: { ...signed, login: await token(claimsFor(signed.statement)) },
    to: 'approved',
    actor: `approver:${by.name}`,
    detail: {},
  });
}

const JWT = { typ: 'JWT' };
const good = (claims: Claims) => issuer.token(claims, JWT);
const uncounted = (why: string) =>
  stopped(
    'denied',
    'approval_invalid',
    `decisions that do not count (${why}) leave it without the approvals that it needs`,
  );

test('an approval with a login of its signer runs, at both gates', async () => {
  const ticket = await approved(good);
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go', weighed: { decisions: 1, approvals: 1 } });
  expect(await scene.gate(ticket)).toMatchObject({ kind: 'go' });
});

/** By a key of the attacker's, under the name of the issuer's. */
const byAnother = (header: object) => async (claims: Claims) => {
  const theirs = await startIssuer();
  await theirs.close();
  const { kid, alg } = issuer.key();
  return new SignJWT(claims).setProtectedHeader({ alg, kid, ...JWT, ...header }).sign(theirs.key().privateKey);
};
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each<[string, (claims: Claims) => Promise<string | undefined>, string]>([
  ['none', async () => undefined, 'login missing'],
  ['an unsigned one', async (claims) => `${base64({ alg: 'none', ...JWT })}.${base64(claims)}.`, 'login not by issuer'],
  [
    'one that the public key signed as a secret',
    async (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: issuer.key().kid, ...JWT })
        .sign(Buffer.from(JSON.stringify(issuer.key().jwk))),
    'login not by issuer',
  ],
  ["one by another key under the issuer's name", byAnother({}), 'login not by issuer'],
  ['an access token', (claims) => issuer.token(claims), 'login not by issuer'],
  ['a logout token', (claims) => issuer.token(claims, { typ: 'logout+jwt' }), 'login not by issuer'],
  ['no token', async () => 'nonsense', 'login not by issuer'],
  ['one that is too long', (claims) => good({ ...claims, groups: 'x'.repeat(12_000) }), 'login not by issuer'],
  ['one of another issuer', (claims) => good({ ...claims, iss: 'https://other.example.com' }), 'login not by issuer'],
  ['one for another client', (claims) => good({ ...claims, aud: 'other' }), 'login for another client'],
  ['one for two clients', (claims) => good({ ...claims, aud: [CLIENT, 'other'] }), 'login for another client'],
  ['one for something else', (claims) => good({ ...claims, nonce: loginNonce('{}') }), 'login for something else'],
  ['one that was over', (claims) => good({ ...claims, exp: Number(claims.iat) - 61 }), 'login over'],
  [
    'one of a login long ago',
    (claims) => good({ ...claims, auth_time: Number(claims.iat) - 12 * 3_600 - 1 }),
    'login too old',
  ],
  ["somebody else's", (claims) => good({ ...claims, sub: 'n-1' }), 'login of nobody bound'],
  ["a stranger's", (claims) => good({ ...claims, sub: 'x-1' }), 'login of nobody bound'],
])('with %s it ends, and nothing runs', async (_, token, why) => {
  const ticket = await approved(token);
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.recheck(ticket)).toEqual(uncounted(why));
  expect(await scene.gate(ticket)).toEqual(uncounted(why));
});

test('a token that is right for another ticket is good for that one alone', async () => {
  let token = '';
  const first = await approved(async (claims) => {
    token = await good(claims);
    return token;
  });
  const second = await approved(async () => token);
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.gate(first)).toMatchObject({ kind: 'go' });
  expect(await scene.gate(second)).toEqual(uncounted('login for something else'));
});

test('by a key that the issuer does not list it waits, never runs and never ends; nor is a key taken from the token', async () => {
  const theirs = await startIssuer();
  await theirs.close();
  const { kid, alg, privateKey, jwk } = theirs.key();
  const by = (header: object) => (claims: Claims) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid, ...JWT, ...header }).sign(privateKey);
  const unknown = waits('issuer_unavailable', /approval of mara can't be verified: the issuer lists no such key now$/);
  for (const header of [{}, { jwk }, { jku: `${theirs.issuer}/keys` }]) {
    const ticket = await approved(by(header));
    scene.context = { ...scene.context, logins: fresh() };
    expect(await scene.recheck(ticket)).toEqual(unknown);
  }
});

test('while the issuer is away it waits and says so; when it is back it runs', async () => {
  const ticket = await approved(good);
  scene.context = { ...scene.context, logins: fresh() };
  issuer.answers = false;
  const away = waits('issuer_unavailable', /approval of mara can't be verified: the issuer can't be asked/, /deny/);
  expect(await scene.recheck(ticket)).toEqual(away);
  expect(await scene.gate(ticket, 'next_step')).not.toMatchObject({ kind: 'go' });
  issuer.answers = true;
  late += 6_000;
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  // Its keys are known then, for a while.
  issuer.answers = false;
  expect(await scene.gate(ticket)).toMatchObject({ kind: 'go' });
});

test('who denies while the issuer is away stops it at once', async () => {
  const ticket = await approved(good);
  issuer.answers = false;
  scene.context = { ...scene.context, logins: fresh() };
  await scene.decided(scene.nina, ticket, 'deny', { reason: 'no' });
  expect(await scene.gate(await scene.read(ticket))).toEqual(stopped('denied', 'denied', 'nina denied it: "no"'));
});

test('a key that was rotated out is waited for as long as the issuer does not list it', async () => {
  const ticket = await approved(good);
  const old = issuer.key();
  await issuer.rotate();
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.gate(ticket)).toEqual(waits('issuer_unavailable', /lists no such key now$/));
  issuer.listed.push(old);
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.gate(ticket)).toMatchObject({ kind: 'go' });
});

test('where the issuer has its keys is believed for ten minutes', async () => {
  const logins = fresh();
  scene.context = { ...scene.context, logins };
  expect(await scene.gate(await approved(good))).toMatchObject({ kind: 'go' });
  issuer.keysAt = '/moved';
  await issuer.rotate();
  const ticket = await approved(good);
  try {
    late += 9 * 60_000;
    expect(await scene.gate(ticket)).toMatchObject({ kind: 'wait', refusal: { code: 'issuer_unavailable' } });
    late += 60_000;
    expect(await scene.gate(ticket)).toMatchObject({ kind: 'go' });
  } finally {
    issuer.keysAt = '/keys';
  }
});

test('a glass that policy does not let its signer break leaves their own approval waiting for the issuer', async () => {
  const ticket = await approved(good);
  issuer.answers = false;
  scene.context = { ...scene.context, logins: fresh() };
  const expires_at = new Date(scene.now + 60_000).toISOString();
  await scene.decided(scene.mara, ticket, 'approve', { break_glass: true, reason: 'it is away', expires_at });
  expect(await scene.gate(await scene.read(ticket))).toMatchObject(waits('issuer_unavailable', /approval of mara/));
});

test('one good approval is enough, whatever came with another', async () => {
  const ticket = await approved(good);
  await scene.decided(scene.nina, ticket);
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.gate(await scene.read(ticket))).toMatchObject({ kind: 'go', weighed: { approvals: 1 } });
});

test('asked for only now, it counts for what is approved already', async () => {
  const ticket = await approved(async () => undefined);
  scene.context = { ...scene.context, logins: async () => undefined };
  expect(await scene.gate(ticket)).toMatchObject({ kind: 'go' });
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.gate(ticket)).toEqual(uncounted('login missing'));
});

test('a login that is taken back takes its approvals along', async () => {
  const ticket = await approved(good);
  scene.context = { ...scene.context, logins: fresh() };
  expect(await scene.gate(ticket)).toMatchObject({ kind: 'go' });
  const identity = { issuer: issuer.issuer, subject: 'm-1' };
  await scene.say(scene.mara, { kind: 'unbind', name: 'mara', identity });
  expect(await scene.gate(ticket)).toEqual(uncounted('login of nobody bound'));
  await scene.say(scene.mara, { kind: 'bind', name: 'mara', identity });
  expect(await scene.gate(ticket)).toEqual(uncounted('login of nobody bound'));
});
