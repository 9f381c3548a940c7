import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Place } from '../scenes/front-door.ts';
import { hubsBehindOne, startHub } from '../scenes/hub.ts';

export interface RunningHub {
  /** Killed, and started again; it may take a while until it listens. */
  kill(): Promise<void>;
  /** Not started again from now on. */
  end(): void;
}

/** Hubs behind one balancer, each of which is started again where it was killed. */
export async function runningHubs(place: Place, config: string, count: number) {
  const { issuer, url, hubs, files } = await hubsBehindOne(place, config, count);
  return {
    issuer,
    url,
    hubs: hubs.map(({ child }, at): RunningHub => {
      let running: Promise<ChildProcess> | undefined = Promise.resolve(child);
      let over = false;
      const again = async (): Promise<ChildProcess> => {
        for (;;) {
          const started = await startHub(place, url, { args: ['--config', files[at] ?? ''] }).catch(() => undefined);
          if (started || over) return started?.child ?? child;
          await pause(100);
        }
      };
      return {
        async kill() {
          const one = await running;
          if (!one || over) return;
          const gone = new Promise((resolve) => one.once('exit', resolve));
          one.kill('SIGKILL');
          await gone;
          running = again();
        },
        end() {
          over = true;
        },
      };
    }),
  };
}

/** Until a token of five minutes is asked for again. */
const TOKEN_MS = 120_000;
/** No answer of a hub takes that long: it is gone, and nobody was told. */
const ANSWER_MS = 60_000;

export interface HttpAgent {
  /** @throws Error where the hub that was asked was killed meanwhile; what became of it is not known then */
  call(name: string, args: Record<string, unknown>): Promise<any>;
}

/** A client that knows an address and has a token, and begins again where its connection broke. */
export function httpAgent(url: string, newToken: () => Promise<string>): HttpAgent {
  let open: Promise<Client> | undefined;
  let token: { readonly text: string; readonly until: number } | undefined;
  const withToken: typeof fetch = async (to, init) => {
    if (!token || token.until < performance.now())
      token = { text: await newToken(), until: performance.now() + TOKEN_MS };
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token.text}`);
    return await fetch(to, { ...init, headers });
  };
  const connect = async () => {
    const client = new Client({ name: 'chaos', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { fetch: withToken }));
    return client;
  };
  return {
    async call(name, args) {
      open ??= connect();
      const opened = open;
      try {
        const client = await opened;
        return (await client.callTool({ name, arguments: args }, { timeout: ANSWER_MS })).structuredContent;
      } catch (error) {
        open = undefined;
        await opened.then((client) => client.close()).catch(() => undefined);
        throw error;
      }
    },
  };
}
