import { z } from 'zod';

const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** On this machine plain HTTP is read by nobody else. */
export function isHttps(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOCAL.has(hostname));
}

/** An issuer of tokens, by the address that they have in `iss`; compared character by character. */
export const IssuerAddress = z
  .string()
  .max(500)
  .refine((text) => isHttps(text) && !/[?#]/.test(text), {
    error: 'must be the https address of the issuer, exactly as its tokens have it in iss',
  });
