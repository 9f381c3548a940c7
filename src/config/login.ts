import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { HoldshortError } from '../kernel/errors.ts';
import type { LoginRule } from '../kernel/login.ts';
import { DURATION_PATTERN, durationMs } from './duration.ts';
import { IssuerAddress } from './issuer-address.ts';

const LONGEST = '12h';
const LONGEST_MS = durationMs(LONGEST) ?? 0;

/** `approvals.login` in the configuration. */
export const Login = z
  .strictObject({
    issuer: IssuerAddress.describe('Who logs people in: exactly as its ID tokens have it in `iss`.'),
    client_id: z
      .string()
      .regex(/^[\x21-\x7e]{1,500}$/, 'must be the id under which Holdshort is registered there')
      .describe('As what Holdshort is registered there. Tokens are for it alone.'),
    client_secret_file: z
      .string()
      .min(1, 'must be the path of a file')
      .optional()
      .describe("The file with the client's secret, relative to this one. Left out: a public client."),
    max_age: z
      .string()
      .regex(DURATION_PATTERN, { error: 'must be a number and a unit: 45s, 30m or 4h', abort: true })
      .refine((text) => (durationMs(text) ?? LONGEST_MS + 1) <= LONGEST_MS, `must not be longer than ${LONGEST}`)
      .optional()
      .describe(
        `How long before an approval its signer may have logged in: ${LONGEST} at most, which it is if left out.`,
      ),
  })
  .describe('With it, an approval counts only with a login of the same person at this issuer.');

/** What is asked of logins, and where the secret is with which they are fetched. */
export interface ConfiguredLogin extends LoginRule {
  readonly secretFile: string | undefined;
}

/** @param at a path in the file, as an absolute one */
export function loginOf(
  { issuer, client_id, client_secret_file, max_age = LONGEST }: z.infer<typeof Login>,
  at: (path: string) => string,
): ConfiguredLogin {
  const secretFile = client_secret_file === undefined ? undefined : at(client_secret_file);
  return { issuer, client_id, max_age_ms: durationMs(max_age) ?? 0, secretFile };
}

/** @throws config_invalid */
export function clientSecret({ secretFile }: ConfiguredLogin): string | undefined {
  if (secretFile === undefined) return undefined;
  let cause: unknown;
  try {
    const secret = readFileSync(secretFile, 'utf8').trim();
    if (secret !== '') return secret;
  } catch (error) {
    cause = error;
  }
  throw new HoldshortError(
    'config_invalid',
    `there is no client secret in ${secretFile}`,
    'correct approvals.login.client_secret_file, or leave it out for a public client',
    cause,
  );
}
