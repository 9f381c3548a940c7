import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { type Hub, hubConfig, startHub } from '../scenes/hub.ts';
import { type OidcIssuer, startOidc } from '../scenes/oidc.ts';
import { freePort } from '../scenes/page-process.ts';

/** What the hub makes of a certified issuer's tokens, in each of the ways in which people and programs get one. */

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const CALLBACK = 'http://localhost:1/callback';
const PUBLIC = { client_id: 'kiro-cli', token_endpoint_auth_method: 'none' } as const;

let place: Place;
let hub: Hub;
let login: OidcIssuer;
let companion: string;

beforeAll(async () => {
  place = makePlace({});
  const url = `http://localhost:${await freePort()}`;
  companion = `${url}/companion/mcp`;
  login = await startOidc({ resources: [`${url}/mcp`, companion] });
  place.atEnd(() => login.close());
  login.people.set('mara', { sub: 'mara-1', groups: ['shop', 'payments'] });
  login.people.set('ben', { sub: 'ben-1', groups: ['shop'] });
  writeFileSync(join(place.home, 'config.yaml'), hubConfig(login.issuer, url));
  hub = await startHub(place, url);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
});

const answerTo = async (token: unknown) => (await hub.post(LIST, { authorization: `Bearer ${token}` })).status;

async function asked(endpoint: string, form: Record<string, string>): Promise<Record<string, any>> {
  const discovery = await (await fetch(`${login.issuer}/.well-known/openid-configuration`)).json();
  const body = new URLSearchParams(form);
  return (await fetch((discovery as Record<string, string>)[endpoint]!, { method: 'POST', body })).json() as object;
}

/** By authorization code with PKCE, as a client with a browser does. */
async function byCode(person: string, resource: string): Promise<Record<string, any>> {
  await login.add({ ...PUBLIC, redirect_uris: [CALLBACK], application_type: 'native' });
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const address = new URL(`${login.issuer}/auth`);
  address.search = new URLSearchParams({
    ...{ response_type: 'code', client_id: PUBLIC.client_id, redirect_uri: CALLBACK, scope: 'openid', resource },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  }).toString();
  const left = await login.browser().visit(address, person);
  expect(left.address.searchParams.get('iss')).toBe(login.issuer);
  return asked('token_endpoint', {
    ...{ grant_type: 'authorization_code', client_id: PUBLIC.client_id, redirect_uri: CALLBACK, resource },
    ...{ code: left.address.searchParams.get('code') ?? '', code_verifier: verifier },
  });
}

describe('with tokens of a certified issuer, the hub', () => {
  it('takes one that a person got with a browser', async () => {
    const { access_token } = await byCode('mara', hub.resource);
    expect(decodeJwt(access_token)).toMatchObject({ aud: hub.resource, sub: 'mara-1', client_id: 'kiro-cli' });
    expect(await answerTo(access_token)).toBe(200);
  });

  it('turns away one of the same person for the companion', async () => {
    const { access_token } = await byCode('mara', companion);
    expect(decodeJwt(access_token).aud).toBe(companion);
    expect(await answerTo(access_token)).toBe(401);
  });

  it('turns away one of somebody whom no rule names', async () => {
    expect(await answerTo((await byCode('ben', hub.resource)).access_token)).toBe(403);
  });

  it('turns away an ID token, and what is no JWT', async () => {
    const { id_token } = await byCode('mara', hub.resource);
    expect(decodeJwt(id_token).sub).toBe('mara-1');
    expect(await answerTo(id_token)).toBe(401);
    expect(await answerTo('opaque')).toBe(401);
  });

  it('takes one that a program got with its secret', async () => {
    const client = { client_id: 'kiro-build', client_secret: randomBytes(32).toString('hex') };
    await login.add({ ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] });
    login.programs.set('kiro-build', { groups: ['payments'] });
    const form = { ...client, grant_type: 'client_credentials', resource: hub.resource };
    const { access_token } = await asked('token_endpoint', form);
    expect(decodeJwt(access_token).sub).toBe('kiro-build');
    expect(await answerTo(access_token)).toBe(200);
    expect(await asked('token_endpoint', { ...form, client_secret: 'another' })).toMatchObject({
      error: 'invalid_client',
    });
    expect(await asked('token_endpoint', { ...form, resource: hub.url })).toMatchObject({ error: 'invalid_target' });
  });

  it('takes one that a terminal got by device flow; its ID token has the nonce', async () => {
    const grant = 'urn:ietf:params:oauth:grant-type:device_code';
    await login.add({ ...PUBLIC, grant_types: [grant], redirect_uris: [], response_types: [] });
    const { client_id } = PUBLIC;
    const form = { client_id, scope: 'openid', resource: hub.resource, nonce: 'a-digest' };
    const { device_code, verification_uri_complete } = await asked('device_authorization_endpoint', form);
    const again = { grant_type: grant, client_id, device_code, resource: hub.resource };
    expect(await asked('token_endpoint', again)).toMatchObject({ error: 'authorization_pending' });
    await login.browser().visit(verification_uri_complete, 'mara');
    const { access_token, id_token } = await asked('token_endpoint', again);
    expect(await answerTo(access_token)).toBe(200);
    expect(decodeJwt(id_token)).toMatchObject({ nonce: 'a-digest', sub: 'mara-1', aud: client_id });
  });

  it('has none of somebody who left', async () => {
    login.people.delete('ben');
    await expect(byCode('ben', hub.resource)).rejects.toThrow('nobody called ben');
  });
});
