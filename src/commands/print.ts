import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ANSI, type Paint } from '../../approvals/render/layout.ts';
import { asStarted } from '../kernel/command-name.ts';
import { sha256 } from '../kernel/digest.ts';
import { HoldshortError, refusalOf } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { boundedText } from '../kernel/safe-text.ts';
import { type CommandResult, EXIT, type ExitCode, exitCodeOf, type Terminal } from '../present/command-result.ts';

/** The most characters of what an error says. */
const LONGEST = 4000;

/** The only place that writes to stdout, apart from the MCP transports. */
export function print(result: CommandResult, json: boolean): ExitCode {
  const text = json ? asciiJson(result.data) : result.text;
  if (text !== '') process.stdout.write(`${text}\n`);
  return result.exit;
}

/**
 * Says a failure on stderr, with what to do next.
 * @param command how this program was started
 */
export function printError(error: unknown, json: boolean, command: string): ExitCode {
  if (!(error instanceof HoldshortError)) {
    const place = placeOf(error);
    if (place) return printError(place, json, command);
    // Whatever a library puts into its errors, a name from AWS perhaps.
    const lines = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n');
    process.stderr.write(`holdshort: ${lines.map(shownError).join('\n')}\n`);
    return EXIT.failed;
  }
  const recovery = asStarted(error.recovery, command);
  process.stderr.write(
    json
      ? `${asciiJson({ error: { ...refusalOf(error), recovery } })}\n`
      : `holdshort: ${shownError(error.message)}\n  ${shownError(recovery)}\n`,
  );
  return exitCodeOf(error.code);
}

/** An error of the file system that nobody above has said better: what failed and where, without a trace. */
function placeOf(error: unknown): HoldshortError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('path' in error) || !('code' in error)) return undefined;
  return new HoldshortError(
    'store_unavailable',
    `can't ${String(error.syscall)} ${String(error.path)}: ${String(error.code)}`,
    'look at that place and whose it is; HOLDSHORT_HOME names another for everything',
    error,
  );
}

/** A line of an error: it may repeat what was typed, which may have been copied from somewhere. */
export function shownError(line: string): string {
  return boundedText(line, LONGEST, sha256);
}

/** Columns, where a screen would wrap what is printed. */
export function screenWidth(): number | undefined {
  return process.stdout.isTTY === true ? terminal().width : undefined;
}

/** @param signal ends a question that isn't answered yet */
export function terminal(signal?: AbortSignal): Terminal {
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return {
    interactive,
    width: Math.min(process.stdout.columns || 80, 120),
    show: (text) => void process.stdout.write(`${text}\n`),
    showAside: (text) => void process.stderr.write(`${text}\n`),
    ask: (question) => ask(question, process.stdout, signal),
    askSecret: async (question) => {
      process.stdout.write(question);
      const answer = await ask('', new Writable({ write: (_chunk, _encoding, done) => done() }), signal);
      process.stdout.write('\n');
      return answer;
    },
  };
}

async function ask(question: string, output: NodeJS.WritableStream, signal: AbortSignal | undefined): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  let answered = false;
  let code: 'not_confirmed' | 'interrupted' = 'not_confirmed';
  const interrupt = () => {
    code = 'interrupted';
    lines.close();
  };
  // Ctrl-C and Ctrl-D: readline would throw an AbortError at the one, and never answer after the other.
  lines.once('SIGINT', interrupt);
  signal?.addEventListener('abort', interrupt);
  const left = new Promise<never>((_, reject) => {
    lines.once('close', () => {
      if (!answered) process.stdout.write('\n');
      reject(new HoldshortError(code, 'stopped before an answer, so nothing was done', 'try again'));
    });
  });
  try {
    const answer = await Promise.race([lines.question(question), left]);
    answered = true;
    return answer;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    lines.close();
  }
}

/** Colours, only on a terminal and never with NO_COLOR (no-color.org). */
export function colours(): Paint | undefined {
  return process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' ? ANSI : undefined;
}
