import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What comes back from the cloud, or what someone in between makes of it. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What happens to a request of one action. Undefined: the connection breaks without an answer. */
export type Meeting = (forward: () => Promise<Answer>, parameters: URLSearchParams) => Promise<Answer | undefined>;

export interface Gateway {
  readonly endpoint: string;
  /** The actions that came by, oldest first. */
  readonly passed: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** At the look that comes before the second request of a resize: once the instance was told to stop. */
export function onceStopped(look: Meeting): Readonly<Record<string, Meeting>> {
  let stopped = false;
  return {
    StopInstances: async (forward) => {
      stopped = true;
      return await forward();
    },
    DescribeInstanceAttribute: async (forward, parameters) =>
      stopped ? await look(forward, parameters) : await forward(),
  };
}

/** Stands between the product and the cloud: a proxy, a load balancer, a network that loses things. */
export async function startGateway(cloud: string, meetings: Readonly<Record<string, Meeting>>): Promise<Gateway> {
  const passed: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const parameters = new URLSearchParams(body);
    const action = parameters.get('Action') ?? '';
    passed.push(action);
    const forward = async (): Promise<Answer> => {
      const answer = await fetch(cloud, {
        method: 'POST',
        headers: {
          'content-type': String(request.headers['content-type']),
          authorization: String(request.headers.authorization),
        },
        body,
      });
      return { status: answer.status, type: answer.headers.get('content-type') ?? '', body: await answer.text() };
    };
    const answer = await (meetings[action] ?? ((pass) => pass()))(forward, parameters);
    if (!answer) return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': answer.type });
    response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
