import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** A server that answers every request in the same way. */
export interface Endpoint {
  readonly endpoint: string;
  /** The actions that were asked for, in order. */
  readonly actions: readonly string[];
  close(): Promise<void>;
}

/** @param answer the whole HTTP answer as text; undefined drops the connection once the request has arrived */
export async function startEndpoint(answer: (action: string) => string | undefined): Promise<Endpoint> {
  const actions: string[] = [];
  const server = createServer((socket) => {
    let received = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk;
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (end < 0 || received.length < end + 4 + length) return;
      const action = /Action=(\w+)/.exec(received)?.[1] ?? '';
      received = '';
      actions.push(action);
      const text = answer(action);
      if (text === undefined) socket.destroy();
      else socket.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    actions,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export function http(status: number, body: string, type = 'text/xml'): string {
  return [
    `HTTP/1.1 ${status} Some`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

export function errorXml(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

export function ec2ErrorXml(code: string, message: string): string {
  return `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`;
}
