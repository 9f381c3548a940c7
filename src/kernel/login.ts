import { z } from 'zod';
import { type Binding, bindingsOf } from './bindings.ts';
import { sha256 } from './digest.ts';
import { Identity } from './identity.ts';
import { LONGEST_LOGIN } from './longest.ts';
import type { RecordedDecision, StatementOf } from './statement.ts';

/*
 * A login that comes with an approval: an ID token of the company's issuer. The attacker has left the company and kept
 * every key, or stole one: a key alone then approves nothing. What is asked of a token is here; that the issuer signed
 * it is found out where its keys can be fetched (`src/issuer`), again by each gate.
 * https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */

/** What the configuration asks of a login. */
export interface LoginRule {
  readonly issuer: string;
  /** The one audience of its tokens. */
  readonly client_id: string;
  /** How long before the decision a person may have proved to the issuer who they are, in milliseconds. */
  readonly max_age_ms: number;
}

/** The issuer's clock and the store's may differ by so much; nothing gets older than it may by it. */
const CLOCKS_MS = 60_000;

/** Why an approval doesn't count for want of a login. */
export type LoginFault =
  | 'login_missing'
  /** Nobody knows yet: the issuer's keys can't be had, or have none of that name. */
  | 'login_unverified'
  | 'login_not_by_issuer'
  | 'login_for_another_client'
  | 'login_for_something_else'
  | 'login_over'
  | 'login_too_old'
  | 'login_of_nobody_bound';

/** What looking at a token's signature came to. */
export type LoginProof =
  | { readonly kind: 'signed'; readonly claims: unknown }
  | { readonly kind: 'refused' }
  /** `because` is for people: `its issuer does not answer`. */
  | { readonly kind: 'unknown'; readonly because: string };

/** What is asked, and which tokens were looked at, by their text. */
export interface Logins {
  readonly rule: LoginRule;
  readonly proofs: ReadonlyMap<string, LoginProof>;
}

/** The tokens that came with these. */
export function loginsWith(decisions: readonly Pick<RecordedDecision, 'login'>[]): readonly string[] {
  return decisions.flatMap(({ login }) => login ?? []);
}

/**
 * What a token must have as `nonce` to be about this statement: its digest, so that a token is good for one statement,
 * and a statement can't be made for a token that is there already.
 */
export function loginNonce(statement: string): string {
  return sha256(`holdshort/login/v1\0${statement}`);
}

const Seconds = z.int().nonnegative().max(99_999_999_999);

const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  nonce: z.string(),
  exp: Seconds,
  iat: Seconds,
  nbf: Seconds.optional(),
  auth_time: Seconds,
});
type Claims = z.infer<typeof Claims>;

interface Known {
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
}

/**
 * Why this approval has no login that counts; undefined where it has, or where none is asked for.
 * @param statement as it was read from `signed`, and proven
 */
export function whyNoLogin(
  signed: RecordedDecision,
  statement: StatementOf<'decision'>,
  { logins, registry }: { readonly logins: Logins | undefined; readonly registry: Known },
): LoginFault | undefined {
  if (!logins) return undefined;
  const { login } = signed;
  if (login === undefined) return 'login_missing';
  // One that nobody looked at is known to be nobody's.
  const proof = logins.proofs.get(login) ?? { kind: 'unknown', because: '' };
  if (proof.kind === 'unknown') return 'login_unverified';
  const claims = proof.kind === 'signed' ? Claims.safeParse(proof.claims).data : undefined;
  if (!claims || login.length > LONGEST_LOGIN) return 'login_not_by_issuer';
  const { rule } = logins;
  if (claims.iss !== rule.issuer) return 'login_not_by_issuer';
  if (!isOnlyFor(claims, rule.client_id)) return 'login_for_another_client';
  const at = Date.parse(signed.at);
  const why = whyNotAbout(claims, signed.statement, at);
  if (why) return why;
  if (!(at - claims.auth_time * 1_000 <= rule.max_age_ms)) return 'login_too_old';
  return isBoundTo(registry, claims, statement.by, signed.seq) ? undefined : 'login_of_nobody_bound';
}

/** A token that is for another client too could be had by that one. */
function isOnlyFor({ aud, azp }: Claims, client: string): boolean {
  const audiences = Array.isArray(aud) ? aud : [aud];
  return audiences.length === 1 && audiences[0] === client && (azp === undefined || azp === client);
}

/** @param at when the decision was recorded, by the store's clock: no signer chooses it */
function whyNotAbout({ nonce, exp, iat, nbf = 0, auth_time }: Claims, statement: string, at: number) {
  if (nonce !== loginNonce(statement)) return 'login_for_something_else';
  const before = (seconds: number) => seconds * 1_000 <= at + CLOCKS_MS;
  return before(iat) && before(nbf) && before(auth_time) && at < exp * 1_000 + CLOCKS_MS ? undefined : 'login_over';
}

/**
 * Was it bound to that person before the decision, and is it still? Nothing that is said of a login afterwards makes an
 * approval count that did not.
 */
function isBoundTo(registry: Known, { iss, sub }: Claims, person: string, place: number): boolean {
  const identity = Identity.safeParse({ issuer: iss, subject: sub }).data;
  const last = identity && bindingsOf(registry, identity).at(-1);
  return last?.kind === 'bind' && last.counts && last.name === person && last.seq < place;
}

/** Has this person any login at that issuer now? Without one, nothing that they approve counts. */
export function hasLogin({ bindings }: Known, person: string, issuer: string): boolean {
  return [...bindings.values()].some((said) => {
    const last = said.at(-1);
    return last?.kind === 'bind' && last.counts && last.name === person && last.identity.issuer === issuer;
  });
}

/**
 * What is wrong with a login in the log, as far as that can be told without the issuer: it has to be about the
 * statement beside it, of that time, and bound to its signer then. Who signed it isn't looked at.
 */
export function loginFaultInLog(
  { login, ...signed }: RecordedDecision,
  statement: StatementOf<'decision'>,
  registry: Known,
): string | undefined {
  if (login === undefined) return undefined;
  const claims = Claims.safeParse(claimsIn(login)).data;
  if (!claims || login.length > LONGEST_LOGIN) return 'carries a login that is no ID token';
  const why = whyNotAbout(claims, signed.statement, Date.parse(signed.at));
  if (why === 'login_for_something_else') return 'carries a login that was for something else';
  if (why) return 'carries a login that was over, or not valid yet, when it was recorded';
  const identity = Identity.safeParse({ issuer: claims.iss, subject: claims.sub }).data;
  const then = identity && bindingsOf(registry, identity).findLast(({ seq }) => seq < signed.seq);
  if (then?.kind === 'bind' && then.name === statement.by) return undefined;
  return `carries a login that was not bound to ${statement.by} then`;
}

function claimsIn(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
