import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { isLost, storeFailure } from '../../../src/store/postgres/failures.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';

const unreachable = { code: 'store_unavailable', message: expect.stringContaining('can not be reached') };

async function portOf(answer?: string): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => (answer ? socket.write(answer, () => socket.resetAndDestroy()) : socket.destroy()));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

it('tells of a name whose addresses all refuse that it can not be reached', async () => {
  const { port, close } = await portOf();
  close();
  const socket = createConnection({
    host: 'db.internal',
    port,
    lookup: (_, __, found) =>
      found(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.2', family: 4 },
      ]),
  });
  const [error] = await once(socket, 'error').catch((thrown) => [thrown]);
  expect(error).toBeInstanceOf(AggregateError);
  expect(isLost(error)).toBe(true);
  expect(storeFailure(error)).toMatchObject(unreachable);
});

it('tells the same of a connection that ends in the middle of the TLS handshake', async () => {
  const { port, close } = await portOf('S');
  const store = openPostgresStore({
    to: { host: '127.0.0.1', port, user: 'hub', database: 'd', ssl: { rejectUnauthorized: true } },
    patienceMs: 200,
  });
  await expect(store.forAudit().head()).rejects.toMatchObject(unreachable);
  await store.close();
  close();
});
