import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { type Hub, startHub } from '../scenes/hub.ts';
import { type OidcIssuer, startOidc } from '../scenes/oidc.ts';
import { freePort } from '../scenes/page-process.ts';
import { byMcpRemote, older, PersonsProvider, present, type Remote } from './oauth.ts';

/**
 * Clients that are given the hub's address and nothing else: they find the issuer by themselves, are registered there,
 * send their person to log in, list tools, and have a change held.
 */

const SCOPE = 'holdshort.use';
/** Where a client's document is, which is its `client_id` (OAuth Client ID Metadata Document). */
const DOCUMENT = 'https://assistant.example/oauth/client.json';

let cloud: Cloud;
let place: Place;
let hub: Hub;
let login: OidcIssuer;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 1 }] });
  place = makePlace({ endpoint: cloud.endpoint });
  const url = `http://localhost:${await freePort()}`;
  login = await startOidc({ resources: [`${url}/mcp`], scopes: [SCOPE] });
  place.atEnd(() => login.close());
  login.people.set('mara', { sub: 'mara-1', groups: ['payments'] });
  login.programs.set('nightly', { groups: ['payments'] });
  await login.add({
    ...{ client_id: 'nightly', client_secret: 'a-secret-of-tests' },
    ...{ grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  });
  const known = [`    - match: { client_id: "${DOCUMENT}", groups: payments }`, '      agent: documented'];
  const rules = ['  agents:', ...known, '    - match: { groups: payments }', '      agent: kiro', ''];
  const file = ['hub:', `  listen: ${url.slice('http://'.length)}`, `  url: ${url}`, `  issuer: ${login.issuer}`];
  writeFileSync(join(place.home, 'config.yaml'), [...file, `  scope: ${SCOPE}`, ...rules].join('\n'));
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  for (const subject of ['mara-1', 'nightly'])
    await done(place, 'approvers', 'bind', 'mara', `--issuer=${login.issuer}`, `--subject=${subject}`, '--as', 'noa');
  hub = await startHub(place, url);
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const asMara = async (address: URL) => (await login.browser().visit(address, 'mara')).address;

/** What every client has to manage, whatever brought it in. */
async function holds(client: Remote): Promise<void> {
  expect((await client.tools()).length).toBeGreaterThan(40);
  const { instances } = await client.call('ec2_describe_instances');
  const instance_ids = [instances[0].instance_id];
  const { ticket } = await client.call('ec2_stop_instances', { instance_ids, reason: REASON });
  expect(ticket.state).toBe('pending');
  expect(await place.json(['tickets', 'show', ticket.id])).toMatchObject({ plan: { operator: 'mara' } });
  await client.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
  await client.close();
}

describe.each([
  ['the present SDK', present],
  ['the older SDK', older],
] as const)('%s', (_, connect) => {
  it('finds the issuer from the 401, is registered, and has a ticket held', async () => {
    const provider = new PersonsProvider(asMara);
    const client = await connect(hub.resource, provider);
    expect(provider.discovery).toMatchObject({
      resourceMetadataUrl: `${hub.url}/.well-known/oauth-protected-resource/mcp`,
      authorizationServerUrl: login.issuer,
      resourceMetadata: { resource: hub.resource, scopes_supported: [SCOPE] },
    });
    expect(provider.client?.client_id).not.toBe('');
    expect(decodeJwt(provider.kept?.access_token ?? '')).toMatchObject({
      ...{ aud: hub.resource, sub: 'mara-1', scope: SCOPE, client_id: provider.client?.client_id },
    });
    await holds(client);
    expect(provider.asked).toBe(1);
  });

  it('comes again with a token that is over by its refresh token, without its person', async () => {
    const provider = new PersonsProvider(asMara);
    const client = await connect(hub.resource, provider);
    const [before] = (provider.kept?.access_token ?? '').split('.');
    provider.kept = { ...provider.kept!, access_token: `${before}.e30.e30` };
    await holds(client);
    expect(provider.asked).toBe(1);
    expect(decodeJwt(provider.kept?.access_token ?? '').sub).toBe('mara-1');
  });

  it('is known by its document, is registered nowhere, and is told from others by its address', async () => {
    const documented = (client_id: string) => {
      const provider = new PersonsProvider(asMara);
      login.documents.set(client_id, { ...provider.clientMetadata, client_id });
      return Object.assign(provider, { clientMetadataUrl: client_id });
    };
    const agentOf = async (provider: PersonsProvider) => {
      const client = await connect(hub.resource, provider);
      const { instances } = await client.call('ec2_describe_instances');
      const instance_ids = [instances[0].instance_id];
      const { ticket } = await client.call('ec2_stop_instances', { instance_ids, reason: REASON });
      const { plan } = await place.json(['tickets', 'show', ticket.id]);
      await client.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
      await client.close();
      return { agent: plan.agent, operator: plan.operator };
    };
    const known = documented(DOCUMENT);
    expect(await agentOf(known)).toEqual({ agent: 'documented', operator: 'mara' });
    expect(known.client).toMatchObject({ client_id: DOCUMENT });
    expect(decodeJwt(known.kept?.access_token ?? '')).toMatchObject({ client_id: DOCUMENT, sub: 'mara-1' });
    // An address that begins like it, or has it at its end, is another client.
    for (const other of [`${DOCUMENT}.evil.example/x`, `https://evil.example/${DOCUMENT}`])
      expect(await agentOf(documented(other))).toEqual({ agent: 'kiro', operator: 'mara' });
    // Anybody can say that they are this client: the person who logged in is what the token proves.
    expect(await agentOf(documented(DOCUMENT))).toEqual({ agent: 'documented', operator: 'mara' });
  });

  it('is no client where its document is not what it says', async () => {
    const provider = new PersonsProvider(asMara);
    provider.clientMetadataUrl = 'https://assistant.example/oauth/another.json';
    login.documents.set(provider.clientMetadataUrl, { ...provider.clientMetadata, client_id: DOCUMENT });
    await expect(connect(hub.resource, provider)).rejects.toThrow(/invalid_client_metadata/);
    expect(provider.kept).toBe(undefined);
  });

  it('is a program with a secret of its own', async () => {
    const itself = { id: 'nightly', secret: 'a-secret-of-tests', issuer: login.issuer, scope: SCOPE };
    await holds(await connect(hub.resource, itself));
  });
});

describe.skipIf(process.platform !== 'linux')('mcp-remote (elsewhere than on Linux it opens a browser)', () => {
  /** It waits for its own page to be called. */
  const visit = async (address: string) => {
    const { address: callback } = await login.browser().visit(address, 'mara');
    expect((await fetch(callback)).status).toBe(200);
  };

  it.each([
    ['as it is by default', []],
    ['with --protocol auto', ['--protocol', 'auto']],
  ])('finds the issuer, is registered, and has a ticket held: %s', async (_, args) => {
    const client = await byMcpRemote(hub.resource, { home: join(place.home, `remote-${args.length}`), args, visit });
    await holds(client);
  });
});
