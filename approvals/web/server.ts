import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { PageLinks } from '../links.ts';
import { pageApp } from './app.ts';
import type { PageContext } from './context.ts';

interface ServedPage {
  readonly links: PageLinks;
  close(): Promise<void>;
}

/** The two addresses of this machine that no other machine reaches. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;

/**
 * Serves the page on this machine only, until it is closed.
 * @param options.port 0 for any free one
 * @param options.links for the port that it became
 * Errors: `usage` where the port is taken.
 */
export async function servePage(
  options: { readonly port: number; readonly links: (port: number) => PageLinks },
  context: Omit<PageContext, 'links'>,
): Promise<ServedPage> {
  const servers: Server[] = [];
  let { port } = options;
  for (const host of LOOPBACK) {
    const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
    server.listen({ host, port, ipv6Only: host === '::1' });
    try {
      await once(server, 'listening');
    } catch (error) {
      // Not every machine has IPv6.
      if (host === '::1' && codeOf(error) !== 'EADDRINUSE') continue;
      for (const other of servers) other.close();
      throw unavailable(port, error);
    }
    port = (server.address() as AddressInfo).port;
    servers.push(server);
  }
  const links = options.links(port);
  // The response is our own affair: no headers beyond those that the page sets.
  const answer = getRequestListener(pageApp({ ...context, links }).fetch, { overrideGlobalObjects: false });
  for (const server of servers) server.on('request', (request, response) => void answer(request, response));
  return {
    links,
    async close() {
      await Promise.all(
        servers.map(async (server) => {
          server.close();
          server.closeAllConnections();
          await once(server, 'close');
        }),
      );
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unavailable(port: number, cause: unknown): HoldshortError {
  const taken = codeOf(cause) === 'EADDRINUSE';
  return new HoldshortError(
    'usage',
    taken ? `port ${port} is in use` : `can't listen on port ${port}`,
    'choose another with --port N, or web.port in the configuration',
    cause,
  );
}
