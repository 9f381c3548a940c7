import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Place, until } from '../scenes/front-door.ts';

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
