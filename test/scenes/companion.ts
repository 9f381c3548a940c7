import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { type JSONRPCMessage, ReadBuffer, serializeMessage } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { serveCompanion } from '../../approvals/server.ts';
import { linksOf } from '../../approvals/web/links.ts';
import { openDesk } from './desk.ts';

/** The page's secret, made up for the test. */
const PAGE_KEY = Buffer.alloc(32, 7);

/**
 * A client's end of a companion as the command serves it, on a folder that the test made: in this process, with a
 * store and a clock of its own, and with the same bytes on its pipes. `test/interop/companion.test.ts` has the command.
 * @param origin where the approval page is, if anywhere
 * @returns a transport for the clients of both libraries
 */
export function companionOn(home: string, osUser: string, origin?: string) {
  const [toCompanion, toClient] = [new PassThrough(), new PassThrough()];
  const { desk, close: closeDesk } = openDesk(home, osUser);
  const close = serveCompanion(
    {
      ...desk,
      software: 'holdshort/0.0.0',
      reviewUrl: origin === undefined ? undefined : linksOf(origin, () => PAGE_KEY).ticket,
      card: () => readFile('dist/app/card.html', 'utf8'),
    },
    new StdioServerTransport(toCompanion, toClient),
  );
  const read = new ReadBuffer();
  const transport = {
    onmessage: undefined as ((message: JSONRPCMessage) => void) | undefined,
    onclose: undefined as (() => void) | undefined,
    onerror: undefined as ((error: Error) => void) | undefined,
    async start() {
      toClient.on('data', (chunk: Buffer) => {
        read.append(chunk);
        for (let message = read.readMessage(); message !== null; message = read.readMessage())
          transport.onmessage?.(message);
      });
    },
    async send(message: JSONRPCMessage) {
      toCompanion.write(serializeMessage(message));
    },
    async close() {
      toCompanion.end();
      await close();
      await closeDesk();
      transport.onclose?.();
    },
  };
  // The libraries' types of one and the same interface differ.
  return transport as never;
}
