import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Place, until } from './front-door.ts';

/** A port that was free a moment ago, for what has to be named before it is served. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address && typeof address === 'object' ? address.port : 0;
}

/** Starts the page and reads its two addresses off its first lines. */
export async function startPage(place: Place, args: readonly string[] = []) {
  const child = place.start(['web', ...args]);
  let said = '';
  child.stdout?.on('data', (chunk) => (said += chunk));
  child.stderr?.on('data', (chunk) => (said += chunk));
  await until(
    () => said,
    (text) => text.includes('Ctrl-C') || child.exitCode !== null,
  );
  const [list = '', enrolling = ''] = said.match(/http:\S+/g) ?? [];
  return { child, list, enrolling, said: () => said };
}

/** What the page of one ticket says, by way of the list. */
export async function pageAbout(
  place: Place,
  ticket: string,
): Promise<{ readonly list: string; readonly page: string }> {
  const { list: address } = await startPage(place, ['--port', '0']);
  const list = await (await fetch(address)).text();
  const path = new RegExp(`href="([^"]*${ticket}[^"]*)"`).exec(list)?.[1] ?? '';
  return { list, page: await (await fetch(new URL(path, address))).text() };
}
