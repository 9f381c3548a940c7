import { validationError } from './failure.ts';

/** One page of `all`. The token is the position of the next one; AWS's are opaque, so nobody may read it. */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
): { items: T[]; NextToken: string | undefined } {
  const start = token ? Number(Buffer.from(token, 'base64url').toString()) : 0;
  if (!Number.isInteger(start) || start < 0) throw validationError('NextToken is invalid');
  const end = start + size;
  return {
    items: all.slice(start, end),
    NextToken: end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}
