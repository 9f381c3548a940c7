import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

/** The issuer can't be asked: that is nobody's fault who sends a token, and passes. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

const MOST_BYTES = 512 * 1024;
const TIMEOUT_MS = 5_000;
/** After a failure nobody is asked for so long: who sends tokens doesn't make us knock at the issuer's door. */
const PAUSE_MS = 5_000;
/** An unknown key has the keys fetched again, once in so long. */
const COOLDOWN_MS = 30_000;
/** A key that the issuer took back is good for so long at most, and so is the place where it has its keys. */
const KEYS_MS = 600_000;

/** RFC 8414, 2; OpenID Connect Discovery, 3. */
const Metadata = z.object({
  issuer: z.string(),
  jwks_uri: z.url(),
  authorization_endpoint: z.url().optional(),
  token_endpoint: z.url().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});
export type Metadata = z.infer<typeof Metadata>;

export interface Issuer {
  /** Where it does what. @throws IssuerUnavailable */
  metadata(): Promise<Metadata>;
  /** Finds the key that signed. @throws IssuerUnavailable */
  readonly keys: JWTVerifyGetKey;
  /** Was it ever found? Its keys are fetched with the first token. */
  ready(): Promise<boolean>;
}

/**
 * The issuer whose tokens are believed, by its metadata (RFC 8414, or OpenID Connect Discovery).
 * @param monotonic milliseconds that only ever grow
 */
export function issuerAt(issuer: string, monotonic: () => number): Issuer {
  let found: Promise<{ readonly metadata: Metadata; readonly keySet: JWTVerifyGetKey }> | undefined;
  let foundAt: number | undefined;
  let wasFound = false;
  let failedAt: number | undefined;
  const asking = async <T>(work: () => Promise<T>): Promise<T> => {
    if (failedAt !== undefined && monotonic() - failedAt < PAUSE_MS) throw new IssuerUnavailable('it did not answer');
    try {
      const result = await work();
      failedAt = undefined;
      return result;
    } catch (error) {
      failedAt = monotonic();
      throw error;
    }
  };
  const discovered = async () => {
    const metadata = await asking(() => metadataOf(issuer));
    const keySet = createRemoteJWKSet(new URL(metadata.jwks_uri), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEYS_MS,
      [customFetch]: (url, options) => asking(() => bounded(url, options)),
    });
    foundAt = monotonic();
    wasFound = true;
    return { metadata, keySet };
  };
  const remote = () => {
    if (foundAt !== undefined && monotonic() - foundAt >= KEYS_MS) [found, foundAt] = [undefined, undefined];
    found ??= discovered().catch((error: unknown) => {
      found = undefined;
      throw new IssuerUnavailable('its metadata could not be read', { cause: error });
    });
    return found;
  };
  const keys: JWTVerifyGetKey = async (header, token) => {
    const { keySet } = await remote();
    try {
      return await keySet(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported || error instanceof errors.JWKInvalid) throw error;
      throw new IssuerUnavailable('its keys could not be read', { cause: error });
    }
  };
  return {
    keys,
    metadata: async () => (await remote()).metadata,
    ready: async () => {
      try {
        if (!wasFound) await remote();
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** The document that says it is this issuer's: another one's keys would sign for everybody. */
async function metadataOf(issuer: string): Promise<Metadata> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  let problem: unknown;
  for (const place of places) {
    try {
      const response = await bounded(place, { method: 'GET' });
      const metadata = Metadata.parse(await response.json());
      if (metadata.issuer !== issuer) throw new Error(`${place} is about another issuer`);
      const { jwks_uri, authorization_endpoint, token_endpoint } = metadata;
      for (const named of [jwks_uri, authorization_endpoint, token_endpoint])
        if (named !== undefined && new URL(named).protocol !== new URL(issuer).protocol)
          throw new Error(`${place} names ${named}, which is no ${new URL(issuer).protocol} address`);
      return metadata;
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

async function bounded(url: string, options: RequestInit): Promise<Response> {
  const { status, body } = await text(url, options);
  if (status !== 200) throw new Error(`${url} answered ${status}`);
  return new Response(body, { status, headers: { 'content-type': 'application/json' } });
}

/** No redirect is followed, and no endless answer read. */
export async function text(
  url: string,
  options: RequestInit,
): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options, redirect: 'manual' });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MOST_BYTES) throw new Error(`${url} answered more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return { status: response.status, body: Buffer.concat(parts).toString('utf8') };
}
