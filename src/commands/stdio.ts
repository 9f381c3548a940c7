import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { LONGEST_MESSAGE } from '../kernel/message-bounds.ts';
import { EXIT, type ExitCode } from '../present/command-result.ts';
import { boundedLines } from './bounded-lines.ts';

/** https://www.jsonrpc.org/specification#error_object */
const INVALID_REQUEST = -32_600;

/** The transport of an MCP server on this process's own pipes, and how it ends. */
export interface Stdio {
  readonly transport: StdioServerTransport;
  /** The client went, or someone stopped us: done. The transport gave up on what the client sent: failed. */
  readonly ended: Promise<ExitCode>;
}

/**
 * The one who starts a server may not be who it runs as: then `sudo` passes on what its own starter sends. One of these
 * would open Node's debugger, and with it the account behind the server, to every local process; the others would
 * freeze the server, perhaps while it writes to the database and nobody else can.
 */
const UNHEARD = ['SIGUSR1', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const;

export function stdio(): Stdio {
  for (const signal of UNHEARD) process.on(signal, () => {});
  const messages = process.stdin.pipe(
    boundedLines((id, message) => {
      transport.onerror?.(new Error(message));
      // The protocol's own type has no answer to what couldn't be read, which JSON-RPC gives to `null`.
      const answer = { jsonrpc: '2.0', id, error: { code: INVALID_REQUEST, message } } as JSONRPCMessage;
      transport.send(answer).catch(() => undefined);
    }),
  );
  const transport = new StdioServerTransport(messages, process.stdout, { maxBufferSize: LONGEST_MESSAGE });
  const ended = new Promise<ExitCode>((resolve) => {
    const done = () => resolve(EXIT.done);
    process.stdin.once('end', done);
    process.stdin.once('close', done);
    // A client that died while we wrote: the transport stops reading then, so that stdin's end is never seen.
    process.stdout.once('error', done);
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
    // Where the transport gives up on its own, nothing more would ever be answered.
    const close = transport.close.bind(transport);
    transport.close = async () => {
      await close();
      process.stdin.unpipe(messages).pause();
      resolve(process.stdin.readableEnded ? EXIT.done : EXIT.failed);
    };
  });
  return { transport, ended };
}
