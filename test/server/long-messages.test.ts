import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { makePlace } from '../scenes/front-door.ts';

const TOO_LONG = 'x,'.repeat(10_000_000);
const MOST = 4 * 1024 * 1024;
const asks = (id: unknown, template_body: string) => ({
  method: 'tools/call',
  params: { name: 'cloudformation_validate_template', arguments: { template_body, id: 7 } },
  id,
});

/** A client that writes lines as it likes. */
function clientOf(place: ReturnType<typeof makePlace>) {
  const server = place.start(['serve', '--operator', 'otto', '--no-executor']);
  const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value ?? 'null');
  const send = async (text: string) => {
    if (!server.stdin!.write(text)) await once(server.stdin!, 'drain');
  };
  return { server, answer, send, say: (message: object) => send(`${JSON.stringify(message)}\n`) };
}

test('a message of twenty megabytes is answered with an error, by the id of its request, and the server goes on', async () => {
  await using place = makePlace({ endpoint: 'http://127.0.0.1:9' });
  const { server, answer, send, say } = clientOf(place);
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } };
  await say({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  expect(await answer()).toMatchObject({ id: 1, result: {} });
  await say({ jsonrpc: '2.0', method: 'notifications/initialized' });

  const error = { code: -32_600, message: expect.stringContaining('send less at once') };
  // As the SDK's clients write it, with the id last; first; as text; and where it can't be told.
  await say({ jsonrpc: '2.0', ...asks(2, TOO_LONG) });
  expect(await answer()).toEqual({ jsonrpc: '2.0', id: 2, error });
  await say({ jsonrpc: '2.0', method: 'tools/call', id: 'three', params: asks(3, TOO_LONG).params });
  expect(await answer()).toEqual({ jsonrpc: '2.0', id: 'three', error });
  await say([{ jsonrpc: '2.0', ...asks(4, TOO_LONG) }]);
  expect(await answer()).toEqual({ jsonrpc: '2.0', id: null, error });

  // The same line goes on: what follows its end is read as if nothing had been.
  await send(TOO_LONG);
  await send(`${TOO_LONG}"}},"id":5}\n{"jsonrpc":"2.0","id":6,"method":"ping"}\n`);
  expect(await answer()).toEqual({ jsonrpc: '2.0', id: 5, error });
  expect(await answer()).toMatchObject({ id: 6, result: {} });

  // As long as one may be, it is read.
  const ping = { jsonrpc: '2.0', id: 8, method: 'ping', params: { _meta: { a: '' } } };
  const room = MOST - JSON.stringify(ping).length - 1;
  await say({ ...ping, params: { _meta: { a: 'x'.repeat(room) } } });
  expect(await answer()).toMatchObject({ id: 8, result: {} });
  await say({ ...ping, params: { _meta: { a: 'x'.repeat(room + 1) } } });
  expect(await answer()).toEqual({ jsonrpc: '2.0', id: 8, error });

  server.stdin!.end();
  expect((await once(server, 'exit'))[0]).toBe(0);
});
