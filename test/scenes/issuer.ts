import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
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
  /** How often its keys were asked for. */
  readonly asked: () => number;
  /** What clients with a secret get: their claims, by `client_id`. */
  readonly clients: Map<string, { readonly secret: string; readonly claims: JWTPayload }>;
  close(): Promise<void>;
}

async function newKey(alg: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = crypto.randomUUID();
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** A real issuer: metadata (RFC 8414), keys, and tokens for clients with a secret, over HTTP. */
export async function startIssuer(alg = 'ES256'): Promise<TestIssuer> {
  let key = await newKey(alg);
  let asked = 0;
  const clients: TestIssuer['clients'] = new Map();
  const server = createServer(async (request, response) => {
    const send = (body: object, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (new URL(request.url ?? '/', issuer).pathname) {
      case '/.well-known/oauth-authorization-server':
        return send({
          ...{ issuer, jwks_uri: `${issuer}/keys`, token_endpoint: `${issuer}/token` },
          ...{ authorization_endpoint: `${issuer}/authorize`, response_types_supported: ['code'] },
          grant_types_supported: ['client_credentials'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        });
      case '/keys':
        asked += 1;
        return send({ keys: [key.jwk] });
      case '/token': {
        const form = new URLSearchParams(await textOf(request));
        const basic = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
        const [user = '', password = ''] = Buffer.from(basic, 'base64').toString().split(':');
        const id = form.get('client_id') ?? decodeURIComponent(user);
        const client = clients.get(id);
        const secret = form.get('client_secret') ?? decodeURIComponent(password);
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
  return {
    issuer,
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
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
