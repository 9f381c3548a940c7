import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

/** A server that answers every request in the same way. */
export interface Endpoint {
  readonly endpoint: string;
  /** The actions that were asked for, in order. */
  readonly actions: readonly string[];
  /** Resolves once as many requests have arrived. */
  arrived(count: number): Promise<void>;
  /** Resolves once no client is connected any more. */
  deserted(): Promise<void>;
  close(): Promise<void>;
}

/** The beginning of an answer after which nothing comes. */
export interface Stalled {
  readonly stalled: string;
}

/**
 * @param answer the whole HTTP answer as text; undefined drops the connection once the request has arrived. `key` is
 *   the access key id that signed the request, `date` the date in its signature
 */
export async function startEndpoint(
  answer: (action: string, key: string, date: string) => string | Stalled | undefined,
): Promise<Endpoint> {
  const actions: string[] = [];
  const sockets = new Set<Socket>();
  const happened = new EventTarget();
  const tell = () => happened.dispatchEvent(new Event('change'));
  const server = createServer((socket) => {
    let received = '';
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      tell();
    });
    socket.on('data', (chunk) => {
      received += chunk;
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (end < 0 || received.length < end + 4 + length) return;
      const action = /Action=(\w+)/.exec(received)?.[1] ?? '';
      const key = /Credential=([^/]+)\//.exec(received)?.[1] ?? '';
      const text = answer(action, key, /x-amz-date: (\w+)/i.exec(received)?.[1] ?? '');
      received = '';
      actions.push(action);
      tell();
      if (text === undefined) socket.destroy();
      else if (typeof text === 'string') socket.end(text);
      else socket.write(text.stalled);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const until = async (done: () => boolean) => {
    while (!done()) await once(happened, 'change');
  };
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    actions,
    arrived: (count) => until(() => actions.length >= count),
    deserted: () => until(() => sockets.size === 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
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

/** All of an answer but its last 20 bytes. */
export function stalled(whole: string): Stalled {
  return { stalled: whole.slice(0, -20) };
}

export function errorXml(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

export function ec2ErrorXml(code: string, message: string): string {
  return `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`;
}

export function identity(account = '123456789012'): string {
  return http(
    200,
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/u</Arn><UserId>U</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
}

export function session(key: string): string {
  return http(
    200,
    `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
}
