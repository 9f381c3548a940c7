import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { ALGORITHMS } from '../issuer/algorithms.ts';
import { sha256 } from '../kernel/digest.ts';

/** RFC 9068, and what issuers write that came before it. A logout token or a proof of possession is no access token. */
const TYPES: ReadonlySet<string> = new Set(['at+jwt', 'application/at+jwt', 'jwt']);

/** The longest token that is looked at, in characters; headers of all kinds together have 16 KiB. */
const LONGEST = 12_000;

/** Clocks of issuer and hub may differ by this many seconds. */
const TOLERANCE = 10;

/** Claims whose values nobody may choose for themselves, as the issuer signed them. */
export interface Verified {
  readonly issuer: string;
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  readonly claims: JWTPayload;
  /** When it is over, in seconds since 1970. */
  readonly expires: number;
}

/** What a token must be good for. */
export interface Wanted {
  readonly issuer: string;
  /** Exactly this resource; a token that is for another one as well could be replayed here by that one. */
  readonly resource: string;
  /** Undefined: none. */
  readonly scope: string | undefined;
  readonly now: Date;
  /** The issuer's keys. What the token says of its key (`jwk`, `jku`, `x5c`) is never looked at. */
  readonly keys: JWTVerifyGetKey;
}

/**
 * Tokens that were verified here, by the digest of all that was looked at: a signature costs each call half a
 * millisecond otherwise. One that doesn't verify is never among them.
 */
export type KnownTokens = Map<string, Known>;

interface Known {
  readonly verified: Verified;
  /** With which its signature was checked, and what the issuer has for it now. */
  readonly key: unknown;
  readonly keyNow: () => Promise<unknown>;
}

/** Who asked longest ago is verified again. */
const MOST_KNOWN = 1_000;

/** Why a token isn't taken: for the log. Its sender is told nothing beyond RFC 6750's error. */
export type Why =
  | 'missing'
  | 'malformed'
  | 'algorithm'
  | 'type'
  | 'unknown_key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not_yet_valid'
  | 'claims'
  | 'scope';

export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly why: Why;

  constructor(why: Why, cause?: unknown) {
    super(`the token is not taken: ${why}`, cause === undefined ? {} : { cause });
    this.why = why;
  }
}

/**
 * The token of an `Authorization` header. RFC 6750, 2.1; a token in the address or the body is not looked for.
 * @throws TokenRefused
 */
export function bearerIn(authorization: string | undefined): string {
  if (authorization === undefined) throw new TokenRefused('missing');
  const token = /^Bearer +([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2})$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > LONGEST) throw new TokenRefused('malformed');
  return token;
}

/**
 * The attacker sends any text as a token: one for another resource, an old one, one that it signed itself, or with a
 * header that asks for another way to check it.
 * @throws TokenRefused
 * @throws IssuerUnavailable by `keys`, where the issuer can't be asked: that isn't the token's fault
 */
export async function verifyToken(token: string, wanted: Wanted, known: KnownTokens): Promise<Verified> {
  const name = sha256(JSON.stringify([wanted.issuer, wanted.resource, token]));
  const before = known.get(name);
  const had = before && (await isStillGood(before, wanted.now)) ? before : await verifiedWhole(token, wanted);
  known.delete(name);
  known.set(name, had);
  const [oldest = name] = known.keys();
  if (known.size > MOST_KNOWN) known.delete(oldest);
  const { verified } = had;
  if (wanted.scope !== undefined && !verified.scopes.has(wanted.scope)) throw new TokenRefused('scope');
  return verified;
}

/** The issuer still has the very key that signed it, and it is surely neither over nor too early. */
async function isStillGood({ verified: { claims, expires }, key, keyNow }: Known, now: Date): Promise<boolean> {
  const seconds = Math.floor(now.getTime() / 1_000);
  if (seconds >= expires || seconds < (claims.nbf ?? 0)) return false;
  return (await keyNow().catch(() => undefined)) === key;
}

async function verifiedWhole(token: string, { issuer, resource, now, keys }: Wanted): Promise<Known> {
  let keyNow: Known['keyNow'] = async () => undefined;
  const finding: JWTVerifyGetKey = async (header, parts) => {
    keyNow = async () => await keys(header, parts);
    return await keys(header, parts);
  };
  const { payload, protectedHeader, key } = await jwtVerify(token, finding, {
    issuer,
    audience: resource,
    algorithms: ALGORITHMS,
    requiredClaims: ['iss', 'aud', 'sub', 'exp'],
    currentDate: now,
    clockTolerance: TOLERANCE,
  }).catch((error: unknown) => {
    throw refusalFor(error);
  });
  const { typ } = protectedHeader;
  if (typ !== undefined && (typeof typ !== 'string' || !TYPES.has(typ.toLowerCase()))) throw new TokenRefused('type');
  // One that is bound to its sender's key (RFC 9449, 8705) counts only with a proof, which isn't asked for here; one
  // with events says that something happened.
  if (payload.cnf !== undefined || payload.events !== undefined) throw new TokenRefused('type');
  const audiences = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  if (audiences.length !== 1 || audiences[0] !== resource) throw new TokenRefused('audience');
  const { sub, exp } = payload;
  if (typeof sub !== 'string' || sub === '' || !Number.isSafeInteger(exp)) throw new TokenRefused('claims');
  const verified = { issuer, subject: sub, scopes: scopesIn(payload), claims: payload, expires: exp as number };
  return { verified, key, keyNow };
}

/** RFC 9068 writes them in `scope`, Okta and Entra in `scp`. */
function scopesIn({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const words = (value: unknown): unknown[] =>
    typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return new Set([...words(scope), ...words(scp)].filter((word): word is string => typeof word === 'string'));
}

function refusalFor(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new TokenRefused('expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) return new TokenRefused(whyOf(error), error);
  if (error instanceof errors.JOSEAlgNotAllowed) return new TokenRefused('algorithm', error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return new TokenRefused('signature', error);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return new TokenRefused('unknown_key', error);
  const shapes = [errors.JWSInvalid, errors.JWTInvalid, errors.JOSENotSupported];
  return shapes.some((shape) => error instanceof shape) ? new TokenRefused('malformed', error) : error;
}

function whyOf({ claim }: errors.JWTClaimValidationFailed): Why {
  switch (claim) {
    case 'iss':
      return 'issuer';
    case 'aud':
      return 'audience';
    case 'nbf':
      return 'not_yet_valid';
    default:
      return 'claims';
  }
}
