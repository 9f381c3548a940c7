import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { EXIT, type ExitCode } from '../kernel/command-result.ts';

/** The transport of an MCP server on this process's own pipes, and how it ends. */
export interface Stdio {
  readonly transport: StdioServerTransport;
  /** The client went, or somebody stopped us: done. The transport gave up on what the client sent: failed. */
  readonly ended: Promise<ExitCode>;
}

export function stdio(): Stdio {
  const transport = new StdioServerTransport();
  const ended = new Promise<ExitCode>((resolve) => {
    const done = () => resolve(EXIT.done);
    process.stdin.once('end', done);
    process.stdin.once('close', done);
    // A client that died while we wrote: the transport stops reading then, so that stdin's end is never seen.
    process.stdout.once('error', done);
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
    // A message over the transport's limit closes it from our side; nothing more would ever be answered.
    const close = transport.close.bind(transport);
    transport.close = async () => {
      await close();
      resolve(process.stdin.readableEnded ? EXIT.done : EXIT.failed);
    };
  });
  return { transport, ended };
}
