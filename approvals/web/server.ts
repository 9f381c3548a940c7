import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { pageApp } from './app.ts';
import type { PageContext } from './context.ts';
import type { PageLinks } from './links.ts';

interface ServedPage {
  readonly links: PageLinks;
  close(): Promise<void>;
}

/** The two addresses of this machine that no other machine reaches. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;

/**
 * Serves the page on this machine only, until it is closed.
 * @param options.port 0 for any free one
 * @param options.held sockets that listen already, by file descriptor (`held-sockets.ts`): then no other is opened
 * @param options.links for the port that it became
 * @throws usage where the port is taken, or where a held socket is another one than the page's
 */
export async function servePage(
  options: {
    readonly port: number;
    readonly held?: readonly number[];
    readonly links: (port: number) => PageLinks;
  },
  context: Omit<PageContext, 'links'>,
): Promise<ServedPage> {
  const { held = [] } = options;
  const servers = held.length > 0 ? await onHeld(held, options.port) : await onLoopback(options.port);
  const port = addressOf(servers[0]).port;
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

async function onLoopback(wanted: number): Promise<readonly Server[]> {
  const servers: Server[] = [];
  let port = wanted;
  for (const host of LOOPBACK) {
    const server = makeServer();
    server.listen({ host, port, ipv6Only: host === '::1' });
    try {
      await once(server, 'listening');
    } catch (error) {
      // Not every machine has IPv6.
      if (host === '::1' && codeOf(error) !== 'EADDRINUSE') continue;
      for (const other of servers) other.close();
      throw unavailable(port, error);
    }
    port = addressOf(server).port;
    servers.push(server);
  }
  return servers;
}

/**
 * The service manager's sockets. It may have been told to listen for other machines, or elsewhere than our links lead
 * to.
 */
async function onHeld(held: readonly number[], port: number): Promise<readonly Server[]> {
  const servers = held.map((fd) => makeServer().listen({ fd }));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const wrong = servers
    .map((server) => addressOf(server))
    .find((found) => !LOOPBACK.some((host) => host === found.address) || (port !== 0 && found.port !== port));
  if (!wrong) return servers;
  for (const server of servers) server.close();
  throw new HoldshortError(
    'usage',
    `the service manager listens on ${wrong.address} port ${wrong.port}, but the page is served on ${LOOPBACK.join(' and ')} port ${port} only`,
    `let its socket say ListenStream=127.0.0.1:${port} and ListenStream=[::1]:${port}, or change web.port in the configuration`,
  );
}

function makeServer(): Server {
  return createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
}

function addressOf(server: Server | undefined): AddressInfo {
  return server?.address() as AddressInfo;
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
