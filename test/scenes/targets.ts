import { once } from 'node:events';
import { connect } from 'node:net';

/** What a request may have for a target, without being an address: no client of ours sends it, any program may. */
export const ODD_TARGETS = ['//', 'http://[/', 'http://a:b/', '*', '\\', '/\\[', '/%', 'x'] as const;

/** @returns what is answered, up to the connection's end; empty where it is only ended */
export async function answerTo(port: number, target: string, method = 'GET'): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let answer = '';
  socket.on('data', (part) => (answer += part));
  socket.on('error', () => undefined);
  socket.write(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  await once(socket, 'close');
  return answer;
}
