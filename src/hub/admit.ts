import { type Issuer, IssuerUnavailable } from '../issuer/issuer.ts';
import { bearerIn, type KnownTokens, TokenRefused, type Verified, verifyToken } from './token.ts';

/** A thing that tokens are for: `…/mcp`. */
export interface Resource {
  /** Its whole address, and so its audience. */
  readonly address: string;
  /** Where its metadata is (RFC 9728). */
  readonly metadata: string;
  /** What tokens for it must have besides. */
  readonly scope: string | undefined;
}

export function resourceAt(origin: string, path: string, scope: string | undefined): Resource {
  return { address: origin + path, metadata: `${origin}/.well-known/oauth-protected-resource${path}`, scope };
}

/** RFC 9728, 2: where to get a token for it. */
export function metadataOf({ address, scope }: Resource, issuer: string): object {
  return {
    resource: address,
    authorization_servers: [issuer],
    ...(scope === undefined ? {} : { scopes_supported: [scope] }),
    bearer_methods_supported: ['header'],
    resource_name: 'Holdshort',
  };
}

/** Why a request gets no further, as its sender is told (RFC 6750, 3). */
export interface Turned {
  readonly status: 401 | 403 | 503;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the log; the sender isn't told. */
  readonly why: string;
  /** What of the issuer's answer was wrong. */
  readonly err?: unknown;
}

/** The token's claims, or why it is turned away. */
export async function admitted(
  authorization: string | undefined,
  resource: Resource,
  {
    issuer,
    at,
    now,
    known,
  }: { readonly issuer: string; readonly at: Issuer; readonly now: Date; readonly known: KnownTokens },
): Promise<Verified | Turned> {
  try {
    const wanted = { issuer, resource: resource.address, scope: resource.scope, now, keys: at.keys };
    return await verifyToken(bearerIn(authorization), wanted, known);
  } catch (error) {
    if (error instanceof TokenRefused) return turnedAway(resource, error);
    if (error instanceof IssuerUnavailable)
      return {
        status: 503,
        error: 'temporarily_unavailable',
        headers: { 'retry-after': '5' },
        why: 'issuer_unavailable',
        err: error,
      };
    throw error;
  }
}

function turnedAway(resource: Resource, { why }: TokenRefused): Turned {
  const challenge = (error?: string) => ({
    'www-authenticate': [
      ...(error === undefined ? [] : [`error="${error}"`]),
      ...(resource.scope === undefined ? [] : [`scope="${resource.scope}"`]),
      `resource_metadata="${resource.metadata}"`,
    ]
      .join(', ')
      .replace(/^/, 'Bearer '),
  });
  switch (why) {
    // Who sent none is told what there is, not that something was wrong with it.
    case 'missing':
      return { status: 401, error: 'unauthorized', headers: challenge(), why };
    case 'scope':
      return { status: 403, error: 'insufficient_scope', headers: challenge('insufficient_scope'), why };
    default:
      return { status: 401, error: 'invalid_token', headers: challenge('invalid_token'), why };
  }
}
