import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What becomes of the next COMMIT: it arrives and its answer is lost; it is lost with the connection; or it is lost,
 * and the server doesn't notice that nobody is there any more.
 */
export type Loss = 'answer' | 'commit' | 'unnoticed';

export interface Way {
  /** A folder with a socket like the server's. */
  readonly folder: string;
  lose(loss: Loss): void;
  /** Lets the server notice what it didn't. */
  notice(): void;
  close(): Promise<void>;
}

const COMMIT = Buffer.from('Q\0\0\0\x0bCOMMIT\0');

/** The way between a store and its database, which breaks when it is told to. */
export async function proxyTo(folder: string): Promise<Way> {
  const own = mkdtempSync(join(tmpdir(), 'holdshort-way-'));
  let loss: Loss | undefined;
  const sockets = new Set<Socket>();
  const unnoticed = new Set<Socket>();
  const listening = createServer((client) => {
    const server = createConnection(join(folder, '.s.PGSQL.5432'));
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    server.pipe(client);
    server.on('close', () => client.destroy());
    client.on('close', () => {
      if (!unnoticed.has(server)) server.destroy();
    });
    client.on('data', (sent) => {
      const now = sent.includes(COMMIT) ? loss : undefined;
      if (now === undefined) return void server.write(sent);
      loss = undefined;
      server.unpipe(client);
      if (now === 'answer') {
        // It is committed once its answer is there, and that goes nowhere.
        server.once('data', () => client.destroy()).resume();
        return void server.write(sent);
      }
      if (now === 'unnoticed') unnoticed.add(server);
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => listening.listen(join(own, '.s.PGSQL.5432'), resolve));
  return {
    folder: own,
    lose: (what) => {
      loss = what;
    },
    notice() {
      for (const socket of unnoticed) socket.destroy();
      unnoticed.clear();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listening.close(resolve));
      rmSync(own, { recursive: true, force: true });
    },
  };
}
