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
