import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, BlockList, isIP } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { HoldshortError } from '../kernel/errors.ts';
import type { HubApp } from './app.ts';

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** PEM texts; undefined: plain HTTP, from this machine or `proxies`. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** The addresses of proxies that end TLS in front of this hub. Nothing that they say about a request is believed. */
  readonly proxies: readonly string[];
}

export interface ServedHub {
  readonly address: string;
  /**
   * Takes no new connection, waits until what is under way is answered, for `patienceMs` at most, then ends.
   * @param streams ends the streams that only listen: nobody waits for those
   */
  drain(underWay: () => number, patienceMs: number, streams: () => Promise<void>): Promise<void>;
}

/** How long a request may take to arrive whole. An answer takes as long as its call, 45 seconds. */
const REQUEST_MS = 30_000;
/** And its headers; before them, to shake hands. */
const HEADERS_MS = 10_000;
/** Longer than balancers keep connections (AWS's 60 s): else they send on one that is being closed, and answer 502. */
const IDLE_MS = 75_000;
const LOOK_MS = 50;
const MOST_CONNECTIONS = 4_096;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** @throws usage where plain HTTP would go over a network, or the address is taken */
export async function serveHub(app: HubApp, { host, port, tls, proxies }: Listening): Promise<ServedHub> {
  if (!tls && !isLoopback(host) && proxies.length === 0)
    throw new HoldshortError(
      'usage',
      `tokens would go to ${host} over plain HTTP`,
      'configure hub.tls, or hub.trusted_proxies where a proxy in front of the hub ends TLS, or listen on 127.0.0.1',
    );
  const limits = {
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: 2_000,
  };
  const server: Server = tls
    ? createTlsServer({ ...limits, handshakeTimeout: HEADERS_MS, ...tls, minVersion: 'TLSv1.2' })
    : createServer(limits);
  server.maxRequestsPerSocket = 10_000;
  server.maxConnections = MOST_CONNECTIONS;
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const known = listOf(proxies);
  server.on('request', (request, response) => {
    const { remoteAddress: from = '' } = request.socket;
    if (!tls && !isKnown(known, from)) {
      response.writeHead(403, { connection: 'close' }).end();
      return;
    }
    void answer(request, response);
  });
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw new HoldshortError('usage', `can't listen on ${host} port ${port}`, 'choose another: hub.listen', error);
  }
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    address: `${tls ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${bound}`,
    async drain(underWay, patienceMs, streams) {
      const closed = once(server, 'close');
      server.close();
      const until = performance.now() + patienceMs;
      while (underWay() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      await streams();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(late);
    },
  };
}

/** This machine is always one: who is on it could listen in on a proxy here as well. */
function listOf(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function isKnown(list: BlockList, from: string): boolean {
  const address = from.replace(/^::ffff:(?=\d+\.)/, '');
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
