import { EXIT } from '../present/command-result.ts';

/**
 * A reader that goes away (`… | head`) has read enough: that is no failure of ours, and what the command did stands.
 * Output that can't be written for another reason (a full disk) is one, said in a line.
 */
export function bearClosedStreams(): void {
  let lost = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', ({ code = 'unknown reason' }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE' || lost) return;
      lost = true;
      process.once('exit', (exit) => {
        if (exit === EXIT.done) process.exitCode = EXIT.failed;
      });
      if (stream === process.stdout)
        process.stderr.write(
          `holdshort: the output could not be written (${code})\n  what was asked for was done; look at what is full or closed, then let it be shown again\n`,
        );
    });
}

/** How long a reader is waited for that reads no more, in milliseconds. */
const UNREAD_MS = 3_000;

/**
 * Of a command that ran until it was stopped, once everything is done: what is left is a log, or an answer, that nobody
 * reads. A pipe that stays full would keep the process until it is killed.
 */
export function endUnread(): void {
  const end = () => {
    if (process.stderr.writableLength + process.stdout.writableLength > 0) process.exit();
  };
  setTimeout(end, UNREAD_MS).unref();
}
