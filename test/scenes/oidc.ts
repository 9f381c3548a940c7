import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import {
  type Adapter,
  type AdapterPayload,
  type ClientMetadata,
  type Configuration,
  errors,
  Provider,
} from 'oidc-provider';

/** Who may log in, and what the issuer says of them. */
export interface Account {
  readonly sub: string;
  readonly email?: string;
  readonly groups?: readonly string[];
}

export interface OidcIssuer {
  readonly issuer: string;
  /** By the name that is typed. Who is taken out has left: no login, no refreshed token. */
  readonly people: Map<string, Account>;
  /** What tokens of programs (client credentials) say besides, by `client_id`. */
  readonly programs: Map<string, Readonly<Record<string, unknown>>>;
  /**
   * Documents of clients that are known by them (OAuth Client ID Metadata Document), by address: the issuer fetches
   * them from here, as if from the web. What isn't here is 404 there.
   */
  readonly documents: Map<string, object>;
  /** Adds a client that needs no registration, or changes it. */
  add(client: ClientMetadata & { readonly client_id: string }): Promise<void>;
  browser(): ScriptedBrowser;
  close(): Promise<void>;
}

/** Keeps cookies, follows redirects, and sends each form off, with the name of who logs in where one is asked for. */
export interface ScriptedBrowser {
  /**
   * @returns where the issuer sends the browser in the end, unopened; without one, the issuer's last page
   * @throws where the issuer says no
   */
  visit(address: string | URL, login: string): Promise<Left>;
}

export interface Left {
  readonly address: URL;
  readonly page?: string;
}

interface Options {
  /** What tokens may be for: nothing else gets one that is a JWT. */
  readonly resources: readonly string[];
  /** Scopes of those resources. */
  readonly scopes?: readonly string[];
  /** How long access tokens last, in seconds. */
  readonly lasts?: number;
  /** Whether an ID token by device flow has the nonce that was asked for. RFC 8628 knows none; some issuers do. */
  readonly deviceNonce?: boolean;
}

const HOUR = 3_600;

interface DeviceCode {
  nonce?: unknown;
  readonly params: { readonly nonce?: unknown };
  save(): Promise<unknown>;
}

/**
 * panva's `oidc-provider`, a certified issuer, on a free port of this machine: discovery, keys, registration of
 * clients, authorization code with PKCE, device flow, client credentials, and JWTs for the resources that are asked for
 * (RFC 8707). Its login asks for a name and believes it.
 */
export async function startOidc({
  resources,
  scopes = [],
  lasts = 300,
  deviceNonce = true,
}: Options): Promise<OidcIssuer> {
  const people: OidcIssuer['people'] = new Map();
  const programs: OidcIssuer['programs'] = new Map();
  const documents: OidcIssuer['documents'] = new Map();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const bySubject = (sub: string) => [...people.values()].find((account) => account.sub === sub);
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kept = inMemory();
  const configuration: Configuration = {
    adapter: kept,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: crypto.randomUUID() }] },
    cookies: { keys: [crypto.randomUUID()] },
    claims: { openid: ['sub'], email: ['email'], groups: ['groups'] },
    // Claims stand in the ID token itself, as most issuers have it.
    conformIdTokenClaims: false,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    fetch: async (url) => {
      const found = documents.get(String(url));
      return found ? Response.json(found) : new Response('', { status: 404 });
    },
    findAccount: (_, sub) => {
      const account = bySubject(sub);
      return account && { accountId: sub, claims: () => ({ ...account }) };
    },
    extraTokenClaims: (_, token) =>
      token.kind === 'AccessToken'
        ? { groups: bySubject(token.accountId)?.groups }
        : programs.get(token.clientId ?? ''),
    // A client gets what it asked for. People are asked nevertheless, where the protocol wants it.
    async loadExistingGrant({ oidc }) {
      const { client, session, params, provider } = oidc;
      const wanted = [params?.resource].flat().filter((one) => typeof one === 'string');
      const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: client?.clientId ?? '' });
      grant.addOIDCScope(`${params?.scope ?? ''} openid offline_access`);
      for (const resource of wanted) grant.addResourceScope(resource, String(params?.scope ?? ''));
      await grant.save();
      return grant;
    },
    // For every client that can use one: some issuers want `offline_access` for it, which not every client asks for.
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    interactions: { url: (_, { uid }) => `/login/${uid}` },
    scopes: ['openid', 'offline_access', ...scopes],
    ttl: {
      ...{ AccessToken: lasts, ClientCredentials: lasts, IdToken: HOUR, RefreshToken: 24 * HOUR, Grant: 24 * HOUR },
      ...{ DeviceCode: 600, Interaction: HOUR, Session: 24 * HOUR },
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        async userCodeInputSource(ctx, form) {
          ctx.body = paged(`${form}<button type="submit" form="op.deviceInputForm">Continue</button>`);
        },
        async userCodeConfirmSource(ctx, form) {
          ctx.body = paged(`${form}<button type="submit" form="op.deviceConfirmForm">Continue</button>`);
        },
        async successSource(ctx) {
          // It keeps the nonce with the request and leaves it at that; what is put here stands in the ID token.
          const code = ctx.oidc.entities.DeviceCode as DeviceCode | undefined;
          if (code && deviceNonce) {
            code.nonce = code.params.nonce;
            await code.save();
          }
          ctx.body = paged('<p>Logged in: go back to the terminal.</p>');
        },
      },
      registration: { enabled: true },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_, resource) {
          if (!resources.includes(resource)) throw new errors.InvalidTarget();
          return { scope: scopes.join(' '), audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: lasts };
        },
      },
    },
  };
  const provider = new Provider(issuer, configuration);
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname;
    if (!path.startsWith('/login/')) return answer(request, response);
    try {
      const { prompt } = await provider.interactionDetails(request, response);
      const form = request.method === 'POST' ? new URLSearchParams(await textOf(request)) : undefined;
      const account = people.get(form?.get('login') ?? '');
      const result =
        prompt.name === 'login'
          ? account && { login: { accountId: account.sub, amr: ['pwd'] } }
          : form && { consent: {} };
      if (form && result) return await provider.interactionFinished(request, response, result);
      response.setHeader('content-type', 'text/html').end(pageOf(path, prompt.name, form !== undefined));
    } catch (error) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    }
  });
  return {
    issuer,
    people,
    programs,
    documents,
    add: async (client) => void (await kept('Client').upsert(client.client_id, client)),
    browser: () => scriptedBrowser(issuer),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function pageOf(action: string, asks: string, refused: boolean): string {
  const login = asks === 'login';
  return paged(`${refused ? '<p role="alert">There is nobody of that name.</p>' : ''}
<form method="post" action="${action}">
${login ? '<label>Name <input type="text" name="login" autofocus></label>' : '<p>May this client act for you?</p>'}
<button type="submit">${login ? 'Log in' : 'Allow'}</button></form>`);
}

function paged(body: string): string {
  return `<!DOCTYPE html><title>Test issuer</title><h1>Test issuer</h1>${body}`;
}

/** What the issuer keeps, as long as it runs. */
function inMemory(): (model: string) => Adapter {
  const models = new Map<string, Map<string, AdapterPayload>>();
  return (model) => {
    const rows = models.get(model) ?? new Map<string, AdapterPayload>();
    models.set(model, rows);
    const where = (key: 'uid' | 'userCode', value: string) => [...rows.values()].find((row) => row[key] === value);
    return {
      upsert: async (id, row) => void rows.set(id, row),
      find: async (id) => rows.get(id),
      findByUid: async (uid) => where('uid', uid),
      findByUserCode: async (code) => where('userCode', code),
      destroy: async (id) => void rows.delete(id),
      async consume(id) {
        const row = rows.get(id);
        if (row) row.consumed = Math.floor(Date.now() / 1_000);
      },
      async revokeByGrantId(grant) {
        for (const [id, { grantId }] of rows) if (grantId === grant) rows.delete(id);
      },
    };
  };
}

const MOST_STEPS = 20;

function scriptedBrowser(issuer: string): ScriptedBrowser {
  const cookies = new Map<string, string>();
  return {
    async visit(start, login) {
      let address = new URL(start);
      let form: URLSearchParams | undefined;
      for (let step = 0; step < MOST_STEPS; step += 1) {
        if (address.origin !== issuer) return { address };
        const response = await fetch(address, {
          redirect: 'manual',
          headers: { accept: 'text/html', cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
          ...(form ? { method: 'POST', body: form } : {}),
        });
        for (const cookie of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          if (value === '') cookies.delete(name);
          else cookies.set(name, value);
        }
        const page = await response.text();
        const to = response.headers.get('location');
        const next = to ?? /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
        if (response.status >= 400) throw new Error(`the issuer answered ${response.status}: ${page}`);
        if (next === undefined) return { address, page };
        if (page.includes('role="alert"')) throw new Error(`the issuer knows nobody called ${login}`);
        form = to === null ? filledIn(page, login) : undefined;
        address = new URL(next, address);
      }
      throw new Error(`the issuer asked more than ${MOST_STEPS} times`);
    },
  };
}

function filledIn(page: string, login: string): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [input] of page.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1];
    const name = attribute('name');
    if (name !== undefined) fields.set(name, name === 'login' ? login : (attribute('value') ?? ''));
  }
  return fields;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
