import type { DestinationStream, Logger } from 'pino';
import { inAscii } from '../kernel/plan.ts';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** So many characters wait for a reader of stderr at most; further lines are lost, and counted. */
const WAITING = 1_000_000;

/**
 * Logs as JSON lines on stderr: stdout belongs to the protocol. The logger is loaded with its first line; a quiet start
 * pays nothing. A reader that reads no more must not stop the process: an executor would lose its claims meanwhile,
 * between an intent and its request too.
 */
export function lazyLog(): Log {
  let loading: Promise<Logger> | undefined;
  let lost = 0;
  const at =
    (level: keyof Log) =>
    (...line: Parameters<Log['error']>): void => {
      loading ??= import('pino').then(({ default: pino }) =>
        // What AWS says is in it, and stderr may be a terminal: pino leaves C1 controls and bidi marks as they are.
        pino({ name: 'holdshort', base: { pid: process.pid } }, inAsciiTo(process.stderr)),
      );
      void loading.then((logger) => {
        if (process.stderr.writableLength > WAITING) lost += 1;
        else {
          if (lost > 0) logger.warn(`${lost} lines before this one were lost: nobody read them`);
          lost = 0;
          logger[level](...line);
        }
      });
    };
  return { info: at('info'), warn: at('warn'), error: at('error') } as Log;
}

function inAsciiTo(stream: NodeJS.WritableStream): DestinationStream {
  return { write: (line) => void stream.write(`${inAscii(line.trimEnd())}\n`) };
}
