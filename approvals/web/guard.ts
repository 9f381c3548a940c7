import type { MiddlewareHandler } from 'hono';

/*
 * What stands between the page and other pages. The attackers: a web page that the person has open, which can send
 * requests to this machine, frame us, or let its own name point here (DNS rebinding); and anyone who gets text into a
 * ticket.
 */

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // The address holds a secret.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self)',
  'cache-control': 'no-store',
};

/** Where a browser says that the answer goes into another page. */
const EMBEDDED: ReadonlySet<string> = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe']);

/**
 * Refuses every request that isn't for exactly this origin's host, and every POST that isn't from one of its own pages;
 * puts the protecting headers on every answer.
 */
export function guard(origin: string): MiddlewareHandler {
  const { host } = new URL(origin);
  return async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const header = (name: string) => context.req.header(name);
    if (header('host') !== host) return context.text(`This page is at ${origin}\n`, 421);
    if (EMBEDDED.has(header('sec-fetch-dest') ?? ''))
      return context.text('This page is not shown inside others.\n', 403);
    switch (context.req.method) {
      case 'GET':
      case 'HEAD':
        return next();
      case 'POST': {
        // A browser always says where a POST comes from.
        const site = header('sec-fetch-site');
        if (header('origin') !== origin || (site !== undefined && site !== 'same-origin'))
          return context.text('Only pages of this origin may ask for that.\n', 403);
        // What a plain form could send without asking first is never understood.
        if (header('content-type') !== 'application/json') return context.text('JSON is needed.\n', 415);
        return next();
      }
      default:
        return context.text('Only GET and POST.\n', 405);
    }
  };
}
