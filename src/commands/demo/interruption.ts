import { EXIT, type ExitCode } from '../../present/command-result.ts';

/** What ends the story early, with what a shell says of each. */
const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.hungUp } as const;

/** Someone has seen enough of the story. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exit: ExitCode;

  constructor(exit: ExitCode) {
    super('the story was interrupted');
    this.exit = exit;
  }
}

/**
 * Aborted, with an `Interrupted`, by Ctrl-C, by the one who ends this process, and where nobody reads on (`| head`),
 * which is no failure. Until `release`, the process doesn't end by itself.
 */
export function interruption(): { readonly signal: AbortSignal; readonly release: () => void } {
  const stopping = new AbortController();
  const listeners = Object.entries(SIGNALS).map(([name, exit]) => {
    const listener = () => stopping.abort(new Interrupted(exit));
    process.on(name, listener);
    return () => void process.off(name, listener);
  });
  process.stdout.once('error', () => stopping.abort(new Interrupted(EXIT.done)));
  return {
    signal: stopping.signal,
    release: () => {
      for (const off of listeners) off();
    },
  };
}
