import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { startBetween } from './between.ts';
import { type Place, stop, until } from './front-door.ts';
import { startIssuer, type TestIssuer } from './issuer.ts';
import { freePort } from './page-process.ts';

export interface Hub {
  readonly url: string;
  readonly resource: string;
  readonly child: ChildProcess;
  readonly said: () => string;
  /** A raw request, as anybody may send one. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  client(token: string, options?: ClientOptions): Promise<HubClient>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface HubClient {
  readonly client: Client;
  call(name: string, args?: Record<string, unknown>): Promise<any>;
}

/** What is added to the configuration of a place so that it has a hub. */
export function hubConfig(
  issuer: string,
  url: string,
  more: readonly string[] = [],
  port = Number(new URL(url).port),
): string {
  return [
    'hub:',
    `  listen: 127.0.0.1:${port}`,
    `  url: ${url}`,
    `  issuer: ${issuer}`,
    ...more.map((line) => `  ${line}`),
    '  agents:',
    '    - match: { client_id: "kiro-*", groups: payments }',
    '      agent: kiro',
    '    - match: { client_id: robot }',
    '      agent: robot',
    '',
  ].join('\n');
}

/** An issuer and a hub's configuration beside that of a place. */
export async function withIssuer(place: Place, config = '', more: readonly string[] = []) {
  const [issuer, port] = [await startIssuer(), await freePort()];
  place.atEnd(() => issuer.close());
  const url = `http://localhost:${port}`;
  const written = (lines: readonly string[] = more) =>
    writeFileSync(join(place.home, 'config.yaml'), config + hubConfig(issuer.issuer, url, lines));
  written();
  return { issuer, url, written };
}

/** Hubs on one store behind a balancer, which gives each request to the next one. Their address is the balancer's. */
export function hubsBehindOne(place: Place, config: string, count: number, more: readonly string[] = []) {
  return hubsOn(
    Array.from({ length: count }, () => place),
    config,
    more,
  );
}

/** The same, each on a machine of its own. */
export async function hubsOn(places: readonly Place[], config: string, more: readonly string[] = []) {
  const issuer = await startIssuer();
  places[0]?.atEnd(() => issuer.close());
  const ports = await Promise.all(places.map(freePort));
  const between = await startBetween(ports);
  places[0]?.atEnd(() => between.close());
  const { url, taken, only } = between;
  const hubs: Hub[] = [];
  const files = places.map(({ home }, at) => join(home, `hub-${at}.yaml`));
  for (const [at, place] of places.entries()) {
    const file = files[at] ?? '';
    writeFileSync(file, config + hubConfig(issuer.issuer, url, more, ports[at]));
    hubs.push(await startHub(place, url, { args: ['--config', file] }));
  }
  return { issuer, url, hubs, files, ports, taken, only };
}

/** The built command's hub, once it listens. */
export async function startHub(
  place: Place,
  url: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<Hub> {
  const child = place.start(['hub', ...args], env);
  let said = '';
  child.stderr?.on('data', (chunk) => (said += chunk));
  child.stdout?.on('data', (chunk) => (said += chunk));
  await until(
    () => said,
    (text) => text.includes('the hub serves agents') || child.exitCode !== null,
  );
  if (child.exitCode !== null) throw new Error(`the hub ended: ${said}`);
  const resource = `${url}/mcp`;
  const clients: Client[] = [];
  place.atEnd(async () => void (await Promise.allSettled(clients.map((client) => client.close()))));
  return {
    url,
    resource,
    child,
    said: () => said,
    post: (body, headers = {}) =>
      fetch(resource, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async client(token, options = {}) {
      const client = new Client({ name: 'hub-test', version: '1.0.0' }, options);
      clients.push(client);
      const transport = new StreamableHTTPClientTransport(new URL(resource), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      });
      await client.connect(transport);
      return {
        client,
        call: async (name, args = {}) => (await client.callTool({ name, arguments: args })).structuredContent,
      };
    },
    stop: (signal) => stop(child, signal),
  };
}

/** What the issuer says of mara, whose agent kiro is. */
export const MARA = { sub: 'mara-1', client_id: 'kiro-ide', groups: ['shop', 'payments'] };

export function tokenOf(issuer: TestIssuer, url: string, claims: Record<string, unknown> = {}) {
  return issuer.token({ aud: `${url}/mcp`, ...MARA, ...claims });
}
