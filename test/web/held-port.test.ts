import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { CLI, makePlace, type Place, stop, until } from '../scenes/front-door.ts';

/**
 * A service manager in one line of shell: it holds the socket as descriptor 3, starts `web` with it, says when that is
 * down, and starts it again when told. It accepts nothing itself.
 */
const MANAGER = `while :; do
  sh -c 'echo "pid $$"; LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"' "$0" "$@"
  echo "down $?"
  read -r again || exit 0
done`;

function manage(place: Place, socket: Server, port: number) {
  const child: ChildProcess = spawn('sh', ['-c', MANAGER, process.execPath, CLI, 'web', '--port', String(port)], {
    env: place.env,
    // Node hands on the descriptor of a listening socket, which its types don't show.
    stdio: ['pipe', 'pipe', 'pipe', (socket as unknown as { _handle: { fd: number } })._handle.fd],
  });
  // From here on the manager alone holds it.
  socket.close();
  let said = '';
  child.stdout?.on('data', (chunk) => (said += chunk));
  child.stderr?.on('data', (chunk) => (said += chunk));
  onTestFinished(async () => {
    child.stdin?.end();
    if (!/down \d+\n$/.test(said)) kill(Number([...said.matchAll(/pid (\d+)/g)].at(-1)?.[1]));
    await stop(child);
  });
  return {
    said: async (pattern: RegExp, times = 1) => {
      const found = await until(
        () => [...said.matchAll(new RegExp(pattern, 'g'))],
        (all) => all.length >= times,
      );
      return found.at(-1)?.[1] ?? '';
    },
    all: () => said,
    again: () => void child.stdin?.write('again\n'),
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

async function listening(host: string): Promise<{ readonly socket: Server; readonly port: number }> {
  const socket = createServer().listen({ host, port: 0 });
  await once(socket, 'listening');
  const address = socket.address();
  return { socket, port: address && typeof address === 'object' ? address.port : 0 };
}

const onUnix = test.skipIf(process.platform === 'win32');

onUnix(
  'D23: the page serves on a port that a service manager holds, and nobody takes it while the page is down',
  async () => {
    await using place = makePlace();
    const { socket, port } = await listening('127.0.0.1');
    const manager = manage(place, socket, port);
    for (const start of [1, 2]) {
      const list = await manager.said(/What waits: +(http:\S+)/, start);
      expect(list).toMatch(`http://localhost:${port}/`);
      const { status } = await fetch(list);
      expect(status).toBe(200);
      kill(Number(await manager.said(/pid (\d+)/, start)));
      expect(await manager.said(/down (\d+)/, start)).toBe('0');
      const other = createServer().listen({ host: '127.0.0.1', port });
      const [error] = await once(other, 'error');
      expect(error).toMatchObject({ code: 'EADDRINUSE' });
      if (start === 1) manager.again();
    }
  },
);

onUnix('D23: a held socket that other machines reach, or on another port than the links, is refused', async () => {
  await using place = makePlace();
  for (const [host, off] of [
    ['0.0.0.0', 0],
    ['127.0.0.1', 1],
  ] as const) {
    const { socket, port } = await listening(host);
    const manager = manage(place, socket, port + off);
    expect(await manager.said(/down (\d+)/)).toBe('2');
    expect(manager.all()).toContain(`the service manager listens on ${host} port ${port}`);
    expect(manager.all()).toContain(`ListenStream=127.0.0.1:${port + off}`);
  }
});
