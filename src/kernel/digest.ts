import { createHash, createHmac } from 'node:crypto';

/**
 * What a digest is about. The tag goes in front of the bytes, so that a digest made for one purpose never passes for
 * another.
 */
export type DigestDomain =
  | 'holdshort/plan/v1'
  | 'holdshort/call/v1'
  | 'holdshort/policy/v1'
  | 'holdshort/schema/v1'
  | 'holdshort/guard/v1'
  | 'holdshort/intent/v1'
  | 'holdshort/mask/v1'
  | 'holdshort/recovery/v1'
  | 'holdshort/token/v1'
  | 'holdshort/hub-session/v1';

/** SHA-256 of `domain`, a zero byte and the bytes, in hex. */
export function digestOf(domain: DigestDomain, bytes: string | Uint8Array): string {
  return createHash('sha256').update(domain).update('\0').update(bytes).digest('hex');
}

/** Plain SHA-256 in hex, for what others must be able to recompute (long texts). */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Stands for a secret in stored bytes. Keyed, because a password is short: anyone who reads the database could try them
 * all against a plain hash.
 */
export function secretDigest(key: Uint8Array, secret: string): string {
  return `hmac-sha256:${createHmac('sha256', key).update(secret).digest('hex')}`;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** JSON with sorted keys and without undefined members: the same value always gives the same text. */
export function stableJson(value: Json | undefined): string {
  if (value === null || value === undefined || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item: Json) => stableJson(item)).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${stableJson(member)}`).join(',')}}`;
}
