import type { MiddlewareHandler } from 'hono';

/*
 * What stands before everything else. The attackers: a web page that someone has open, whose own name it lets point
 * here (DNS rebinding), or which sends requests from a browser; and a proxy that gives us others' requests.
 */

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/**
 * Only requests for exactly this host, and from no page but its own. Programs that are no browser send no `Origin`. The
 * page sets headers of its own, which let it load its script and style.
 */
export function guardOf(origin: string): MiddlewareHandler {
  const { host } = new URL(origin);
  return async (context, next) => {
    const from = context.req.header('origin');
    if (context.req.header('host')?.toLowerCase() !== host || (from !== undefined && from !== origin))
      return context.json({ error: 'forbidden' }, 403, HEADERS);
    await next();
    for (const [name, value] of Object.entries(HEADERS))
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    return;
  };
}
