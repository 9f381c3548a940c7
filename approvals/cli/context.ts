import type { CommandResult, Terminal } from '../../src/present/command-result.ts';
import type { Desk } from '../desk.ts';
import type { Paint } from '../render/layout.ts';

/** What a command at the terminal is given. */
export interface CommandContext extends Desk {
  readonly osUser: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Colours for the result's text; none where it doesn't go to a terminal. */
  readonly paint?: Paint | undefined;
}

/** Opens what a command needs, runs it, prints what it returns (as JSON where `json` says so) and closes. */
export type RunCommand = (
  options: { readonly json?: boolean },
  command: (context: CommandContext) => Promise<CommandResult>,
) => Promise<void>;
