import type { Json } from '../kernel/digest.ts';
import type { RefusalCode } from '../kernel/errors.ts';

/**
 * What a process says when it ends; scripts rely on it. The last three are a shell's own for SIGHUP, Ctrl-C and
 * SIGTERM.
 */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  unknown: 4,
  unverified: 5,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command has to say: the same thing for programs (`--json`) and for people. One place prints it. */
export interface CommandResult {
  readonly data: Json;
  /** Lines for a terminal, already safe to print (see `safeText`). */
  readonly text: string;
  readonly exit: ExitCode;
}

/** The person at the terminal, if there is one. */
export interface Terminal {
  /** False in a pipe: then nothing may be asked. */
  readonly interactive: boolean;
  /** Columns, for wrapping; 80 where unknown. */
  readonly width: number;
  /** Prints to the person at once, before the command's result. The text must be safe already. */
  show(text: string): void;
  /** The same on standard error, where the result goes to a program. */
  showAside(text: string): void;
  ask(question: string): Promise<string>;
  /** The same without echo. */
  askSecret(question: string): Promise<string>;
}

/** The exit code for a failure. */
export function exitCodeOf(code: RefusalCode): ExitCode {
  switch (code) {
    case 'usage':
    case 'invalid_input':
    case 'unknown_tool':
    case 'config_invalid':
      return EXIT.usage;
    case 'denied':
    case 'expired':
    case 'withdrawn':
    case 'stale':
    case 'policy_forbids':
    case 'protected':
    case 'wrong_digest':
    case 'not_enrolled':
    case 'assurance_too_low':
    case 'operator_excluded':
    case 'operator_unbound':
    case 'not_confirmed':
    case 'halted':
      return EXIT.refused;
    case 'interrupted':
      return EXIT.interrupted;
    case 'outcome_unknown':
      return EXIT.unknown;
    case 'tampered':
    case 'log_not_continued':
    case 'approval_invalid':
      return EXIT.unverified;
    default:
      return EXIT.failed;
  }
}
