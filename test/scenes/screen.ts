import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CLI, type Place, until } from './front-door.ts';

export const NO_TERMINAL = 'tmux is not installed on this machine, and nothing else here makes a terminal';

export const hasTerminal = spawnSync('tmux', ['-V']).status === 0;

/** A person's terminal, with one command in it. */
export interface Screen {
  /** Waits until the screen shows this; returns all of it. */
  shows(wanted: RegExp): Promise<string>;
  /** Types a line. */
  type(line: string): void;
  /** Presses one key, as tmux names it: `C-c`. */
  press(key: string): void;
  /** Waits for the end, and returns the exit code. */
  ended(): Promise<number>;
  close(): void;
}

/** Runs a command of ours in a terminal of its own, on a tmux server of its own. */
export function openScreen(place: Place, args: readonly string[], env: Record<string, string> = {}): Screen {
  const socket = join(place.home, `tmux-${randomBytes(4).toString('hex')}`);
  const tmux = (...words: readonly string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], {
      env: { ...place.env, ...env, TERM: 'xterm-256color' },
      encoding: 'utf8',
    });
  const quoted = [process.execPath, CLI, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  // The shell stays until its screen was read.
  tmux('new-session', '-d', '-x', '100', '-y', '60', `${quoted}; echo "[exit $?]"; read -r _`);
  const read = () => tmux('capture-pane', '-p', '-e', '-S', '-');
  // Each look is a process.
  const shows = (wanted: RegExp) => until(read, (screen) => wanted.test(screen), 120_000, 150);
  return {
    shows,
    type(line) {
      tmux('send-keys', '-l', line);
      tmux('send-keys', 'Enter');
    },
    press: (key) => void tmux('send-keys', key),
    async ended() {
      const [, code] = /\[exit (\d+)\]/.exec(await shows(/\[exit \d+\]/)) ?? [];
      return Number(code);
    },
    close: () => void tmux('kill-server'),
  };
}
