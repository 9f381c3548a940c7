import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export interface TestIssuer {
  readonly issuer: string;
  /** The key that signs now. */
  readonly key: () => SigningKey;
  /** A token as this issuer gives it; members that are undefined are left out. */
  token(claims: JWTPayload & Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  /** Signs with another key from now on. */
  rotate(): Promise<void>;
  /** Keys that it lists besides the one that signs now. */
  readonly listed: SigningKey[];
  /** How often its keys were asked for. */
  readonly asked: () => number;
  /** Of the clients with which people log in, those that have one; the others are public. */
  readonly secrets: Map<string, string>;
  /** Whether it answers at all. */
  answers: boolean;
  /** Takes requests and answers none from now on. @returns ends that, and those requests */
  hang(): () => void;
  /** How many wait like that. */
  readonly hung: () => number;
  /** Where it has its keys; nowhere else. */
  keysAt: string;
  /** Who is logged in in every browser, and what their ID tokens say besides; undefined: everybody cancels. */
  person: (JWTPayload & Record<string, unknown>) | undefined;
  /** What clients with a secret get: their claims, by `client_id`. */
  readonly clients: Map<string, { readonly secret: string; readonly claims: JWTPayload }>;
  close(): Promise<void>;
}

async function newKey(alg: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = crypto.randomUUID();
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/**
 * A real issuer: metadata (RFC 8414), keys, tokens for clients with a secret, and logins by authorization code with
 * PKCE, over HTTP.
 */
export async function startIssuer(alg = 'ES256'): Promise<TestIssuer> {
  let key = await newKey(alg);
  let asked = 0;
  let hanging: ServerResponse[] | undefined;
  const clients: TestIssuer['clients'] = new Map();
  const codes = new Map<string, URLSearchParams>();
  const server = createServer(async (request, response) => {
    if (!made.answers) return response.destroy();
    if (hanging) return void hanging.push(response);
    const send = (body: object, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    switch (pathname) {
      case '/authorize': {
        const code = crypto.randomUUID();
        codes.set(code, searchParams);
        const back = new URL(searchParams.get('redirect_uri') ?? '');
        const answer = made.person ? { code } : { error: 'access_denied' };
        for (const [name, value] of Object.entries({ ...answer, state: searchParams.get('state') ?? '', iss: issuer }))
          back.searchParams.set(name, value);
        return response.writeHead(303, { location: back.href }).end();
      }
      case '/.well-known/oauth-authorization-server':
        return send({
          ...{ issuer, jwks_uri: issuer + made.keysAt, token_endpoint: `${issuer}/token` },
          ...{ authorization_endpoint: `${issuer}/authorize`, response_types_supported: ['code'] },
          grant_types_supported: ['client_credentials', 'authorization_code'],
          authorization_response_iss_parameter_supported: true,
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        });
      case made.keysAt:
        asked += 1;
        return send({ keys: [key, ...made.listed].map(({ jwk }) => jwk) });
      case '/token': {
        const form = new URLSearchParams(await textOf(request));
        const basic = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
        const [user = '', password = ''] = Buffer.from(basic, 'base64').toString().split(':');
        const id = form.get('client_id') ?? formDecoded(user);
        const secret = form.get('client_secret') ?? formDecoded(password);
        const asked = codes.get(form.get('code') ?? '');
        if (form.get('grant_type') === 'authorization_code') {
          if (secret !== (made.secrets.get(id) ?? '')) return send({ error: 'invalid_client' }, 401);
          codes.delete(form.get('code') ?? '');
          const verifier = createHash('sha256')
            .update(form.get('code_verifier') ?? '')
            .digest('base64url');
          const same = (name: string) => asked?.get(name) === form.get(name);
          if (
            !asked ||
            asked.get('code_challenge') !== verifier ||
            !same('redirect_uri') ||
            asked.get('client_id') !== id
          )
            return send({ error: 'invalid_grant' }, 400);
          const [nonce, now] = [asked.get('nonce') ?? undefined, Math.floor(Date.now() / 1_000)];
          const claims = { aud: id, nonce, auth_time: now - 60, ...made.person };
          return send({ id_token: await token(claims, { typ: 'JWT' }), access_token: 'none', token_type: 'Bearer' });
        }
        const client = clients.get(id);
        if (!client || client.secret !== secret) return send({ error: 'invalid_client' }, 401);
        const aud = form.get('resource') ?? undefined;
        const access_token = await token({ ...client.claims, client_id: id, ...(aud && { aud }) });
        return send({ access_token, token_type: 'Bearer', expires_in: 300 });
      }
      default:
        return send({ error: 'not_found' }, 404);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const token: TestIssuer['token'] = (claims, header = {}) => {
    const at = Math.floor(Date.now() / 1_000);
    const payload = { iss: issuer, iat: at, exp: at + 300, jti: crypto.randomUUID(), ...claims };
    return new SignJWT(JSON.parse(JSON.stringify(payload)))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
      .sign(key.privateKey);
  };
  const made: TestIssuer = {
    issuer,
    listed: [],
    secrets: new Map(),
    answers: true,
    keysAt: '/keys',
    hung: () => hanging?.length ?? 0,
    hang() {
      hanging = [];
      return () => {
        for (const response of hanging ?? []) response.destroy();
        hanging = undefined;
      };
    },
    person: undefined,
    key: () => key,
    token,
    rotate: async () => {
      key = await newKey(alg);
    },
    asked: () => asked,
    clients,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return made;
}

/** RFC 6749, 2.3.1. */
function formDecoded(text: string): string {
  return new URLSearchParams(`text=${text}`).get('text') ?? '';
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
