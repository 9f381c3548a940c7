import type { DestinationStream, Logger } from 'pino';
import { inAscii } from '../kernel/plan.ts';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/**
 * Logs as JSON lines on stderr: stdout belongs to the protocol. The logger is loaded with its first line; a quiet start
 * pays nothing.
 */
export function lazyLog(): Log {
  let loading: Promise<Logger> | undefined;
  const at =
    (level: keyof Log) =>
    (...line: Parameters<Log['error']>): void => {
      loading ??= import('pino').then(({ default: pino }) =>
        // What AWS says is in it, and stderr may be a terminal: pino leaves C1 controls and bidi marks as they are.
        pino({ name: 'holdshort', base: { pid: process.pid } }, asciiTo(pino.destination({ dest: 2, sync: true }))),
      );
      void loading.then((logger) => logger[level](...line));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') } as Log;
}

function asciiTo(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(`${inAscii(line.trimEnd())}\n`) };
}
