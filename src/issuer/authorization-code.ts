import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HoldshortError } from '../kernel/errors.ts';
import type { LoginRule } from '../kernel/login.ts';
import { LONGEST_LOGIN } from '../kernel/longest.ts';
import { type Issuer, type Metadata, text } from './issuer.ts';

/** Where a person logs in, and what comes of it. */
export interface LoginFlow {
  /** The address at the issuer. @throws issuer_unavailable */
  addressFor(asked: Asked): Promise<string>;
  /** The ID token for a code that came back; nobody has looked at it yet. @throws issuer_unavailable, not_confirmed */
  tokenFor(returned: Returned): Promise<string>;
}

interface Asked {
  /** Where the issuer sends the browser: registered there. */
  readonly redirect: string;
  readonly state: string;
  readonly nonce: string;
  /** Never leaves this process: PKCE (RFC 7636). Who sees the code alone gets nothing for it. */
  readonly verifier: string;
}

interface Returned extends Pick<Asked, 'redirect' | 'verifier'> {
  readonly code: string;
  /** Which issuer says that it answered (RFC 9207). */
  readonly iss: string | undefined;
}

const Answer = z.object({ id_token: z.string().max(LONGEST_LOGIN) });

/**
 * Authorization code with PKCE, of a client with a secret or without one.
 * @param secret read for each exchange; undefined: a public client
 */
export function loginFlow(rule: LoginRule, issuer: Issuer, secret: () => string | undefined): LoginFlow {
  const endpoints = async () => {
    const { authorization_endpoint: login, token_endpoint: token, ...metadata } = await issuer.metadata().catch(away);
    if (login === undefined || token === undefined) throw away(new Error('it names no place to log in at'));
    return { login, token, metadata };
  };
  return {
    async addressFor({ redirect, state, nonce, verifier }) {
      const address = new URL((await endpoints()).login);
      const asked = {
        response_type: 'code',
        scope: 'openid',
        client_id: rule.client_id,
        redirect_uri: redirect,
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        max_age: String(Math.floor(rule.max_age_ms / 1_000)),
      };
      for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
      return address.href;
    },
    async tokenFor({ code, redirect, verifier, iss }) {
      const { token, metadata } = await endpoints();
      checkAnswerer(rule, metadata, iss);
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirect,
        code_verifier: verifier,
      });
      const answer = await text(token, {
        method: 'POST',
        headers: { accept: 'application/json', ...authenticated(rule, metadata, secret(), form) },
        body: form,
      }).catch(away);
      if (answer.status >= 500) throw away(new Error(`its token endpoint answered ${answer.status}`));
      const given = Answer.safeParse(jsonIn(answer.body)).data;
      if (answer.status === 200 && given) return given.id_token;
      throw new HoldshortError(
        'not_confirmed',
        `the issuer gave no ID token for this login (it answered ${answer.status})`,
        'nothing was decided: try again; if it stays so, see that approvals.login names its client and secret, and that it gives ID tokens for the scope openid',
      );
    },
  };
}

/** The attacker runs another issuer that the browser was sent to, and has its answer come back to us (RFC 9207). */
function checkAnswerer(
  rule: LoginRule,
  metadata: Pick<Metadata, 'authorization_response_iss_parameter_supported'>,
  iss: string | undefined,
): void {
  const asked = metadata.authorization_response_iss_parameter_supported === true;
  if (iss === undefined ? !asked : iss === rule.issuer) return;
  throw new HoldshortError(
    'not_confirmed',
    'another issuer answered than the one that was asked',
    'nothing was decided: load the ticket again and decide there',
  );
}

/** RFC 6749, 2.3.1. Basic is what every issuer takes, unless it says otherwise. */
function authenticated(
  { client_id }: LoginRule,
  {
    token_endpoint_auth_methods_supported: methods = ['client_secret_basic'],
  }: Pick<Metadata, 'token_endpoint_auth_methods_supported'>,
  secret: string | undefined,
  form: URLSearchParams,
): Record<string, string> {
  if (secret !== undefined && methods.includes('client_secret_basic')) {
    const pair = [client_id, secret].map((part) => new URLSearchParams({ part }).toString().slice('part='.length));
    return { authorization: `Basic ${Buffer.from(pair.join(':')).toString('base64')}` };
  }
  form.set('client_id', client_id);
  if (secret !== undefined) form.set('client_secret', secret);
  return {};
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function away(cause: unknown): never {
  throw new HoldshortError(
    'issuer_unavailable',
    "the issuer of people's logins can't be asked",
    'nothing was decided: try again in a moment; denying, halting and breaking the glass need no login',
    cause,
  );
}
