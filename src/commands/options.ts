import { InvalidArgumentError, Option } from 'commander';
import { HoldshortError } from '../kernel/errors.ts';
import { PersonName } from '../kernel/statement.ts';
import type { CommandResult } from '../present/command-result.ts';
import type { Installation, StartOptions } from './installation.ts';
import type { Chosen } from './started.ts';

export interface RunOptions {
  readonly json?: boolean;
  /** `anywhere` for what runs for others to talk to: they read its texts where they are. */
  readonly where?: StartOptions['where'];
  readonly logsSteps?: boolean;
}

export type Run = (
  options: RunOptions,
  command: (installation: Installation) => Promise<CommandResult | undefined>,
) => Promise<void>;

/** What of the command line, and of what surrounds it, counts for a command that opens no installation. */
export interface LookOptions extends Chosen {
  readonly env: NodeJS.ProcessEnv;
}

export type Look = (
  options: { readonly json?: boolean },
  command: (start: LookOptions) => Promise<CommandResult>,
) => Promise<void>;

export function jsonOption(): Option {
  return new Option('--json', 'print the data as JSON');
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('a whole number is needed');
  return number;
}

export function port(text: string): number {
  const number = wholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('a port is at most 65535');
  return number;
}

/** A name that an option gives. @throws usage */
export function nameIn(option: string, name: string): string {
  const parsed = PersonName.safeParse(name.toLowerCase());
  if (!parsed.success)
    throw new HoldshortError(
      'usage',
      `${option} '${name}' is not a name`,
      parsed.error.issues[0]?.message ?? 'use letters and digits',
    );
  return parsed.data;
}
