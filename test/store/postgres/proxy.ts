import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What becomes of the next commit: it arrives and its answer is lost; it is lost with the connection; or it is lost,
 * and the server doesn't notice that nobody is there any more.
 */
export type Loss = 'answer' | 'commit' | 'unnoticed';

export interface Way {
  /** A folder with a socket like the server's. */
  readonly folder: string;
  /** Of several, each is lost in its turn. @param by what sends it; either by default */
  lose(loss: Loss, by?: readonly Sent[]): void;
  /** Lets the server notice what it didn't. */
  notice(): void;
  close(): Promise<void>;
}

/** What a transaction is committed by: a message of its own, or one statement that is all of it. */
const COMMITS = { commit: Buffer.from('Q\0\0\0\x0bCOMMIT\0'), 'at once': Buffer.from('at once\0') };
type Sent = keyof typeof COMMITS;

/** The way between a store and its database, which breaks when it is told to. */
export async function proxyTo(folder: string): Promise<Way> {
  const own = mkdtempSync(join(tmpdir(), 'holdshort-way-'));
  const losses: { readonly loss: Loss; readonly by: readonly Sent[] }[] = [];
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
      const now = losses[0]?.by.some((by) => sent.includes(COMMITS[by])) ? losses.shift()?.loss : undefined;
      if (now === undefined) return void server.write(sent);
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
    lose: (loss, by = ['commit', 'at once']) => void losses.push({ loss, by }),
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
