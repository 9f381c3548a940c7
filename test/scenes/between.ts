import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A balancer in front of hubs, which gives each request to the next one, and what clients call them by. */
export interface Between {
  readonly url: string;
  /** How many requests each of them got. */
  readonly taken: () => readonly number[];
  /** All go to this one of them from now on; undefined: to each in turn again. */
  only(at: number | undefined): void;
  close(): Promise<void>;
}

/**
 * @param ports where they listen, named when the address is known
 * @param more headers that it puts on each request; `Host` and all others go through as they are
 */
export async function startBetween(
  ports: readonly number[],
  more: () => Promise<IncomingHttpHeaders> = async () => ({}),
): Promise<Between> {
  const taken = ports.map(() => 0);
  let [next, chosen] = [0, undefined as number | undefined];
  const server = createServer(async (incoming, response) => {
    const at = chosen ?? next++ % ports.length;
    taken[at] = (taken[at] ?? 0) + 1;
    const { method, url: path } = incoming;
    const headers = { ...incoming.headers, ...(await more()) };
    // A connection each: one that was kept may just be closed by its hub.
    const to = { host: '127.0.0.1', port: ports[at], agent: false };
    const forwarded = request({ ...to, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  // Nor does it close one that a client kept.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    taken: () => taken,
    only(at) {
      chosen = at;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
