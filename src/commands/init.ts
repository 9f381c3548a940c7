import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placesOf } from '../config/places.ts';
import { asStarted } from '../kernel/command-name.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { DEFAULT_POLICY, SOLO_POLICY } from '../policy/default.ts';
import { type CommandResult, EXIT, type Terminal } from '../present/command-result.ts';
import { makeFolder } from '../store/make-folder.ts';
import { askSetup, type KnownAtStart, type SetupOptions, setupFrom } from './init-setup.ts';
import { configText, entriesFor, nextSteps, type ServerStart } from './init-texts.ts';
import type { Installation } from './installation.ts';

interface InitContext {
  readonly installation: Pick<Installation, 'env' | 'osUser' | 'command'>;
  /** Absent where nobody is to be asked. */
  readonly terminal: Terminal | undefined;
  /** Which account the credentials here are for; undefined where that isn't known. */
  readonly account: () => Promise<string | undefined>;
  /** How a client starts this program. */
  readonly start: ServerStart;
}

/**
 * `init`: writes a commented configuration and a policy, and shows the entries for the two MCP clients. On a terminal
 * it asks for what no flag said.
 * @throws conflict where either file is there already: nothing is changed then
 * @throws usage
 */
export async function init(context: InitContext, options: SetupOptions): Promise<CommandResult> {
  const { installation, terminal, start } = context;
  const { configDir } = placesOf(installation.env);
  const known: KnownAtStart = { osUser: installation.osUser, account: context.account };
  const setup = terminal ? await askSetup(terminal, options, known) : setupFrom(options, known);
  const files = writeAll(configDir, {
    'config.yaml': configText(setup),
    'policy.cedar': setup.solo ? SOLO_POLICY : DEFAULT_POLICY,
  });
  const { agent, approver } = entriesFor(setup, start, installation.env);
  const shown = (name: string, server: object) => JSON.stringify({ mcpServers: { [name]: server } }, null, 2);
  return {
    data: { files, solo: setup.solo, agent, approver },
    text: [
      ...files.map((file) => `Wrote ${file}`),
      '',
      "For the AGENT's MCP client:",
      shown('holdshort', agent),
      '',
      'For the chat client of the PERSON who approves, another program on an account that the agent does not have:',
      shown('holdshort-companion', approver),
      '',
      asStarted(nextSteps(setup, agent).join('\n'), installation.command),
    ].join('\n'),
    exit: EXIT.done,
  };
}

/** All of them or, where one is there, none. */
function writeAll(folder: string, texts: Readonly<Record<string, string>>): readonly string[] {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw unwritable(folder, cause);
  }
  const there = Object.keys(texts).find((name) => existsSync(join(folder, name)));
  if (there !== undefined) throw taken(join(folder, there));
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    try {
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
      return path;
    } catch (cause) {
      throw (cause as NodeJS.ErrnoException).code === 'EEXIST' ? taken(path) : unwritable(path, cause);
    }
  };
  return Object.entries(texts).map(([name, text]) => write(name, text));
}

function taken(path: string): HoldshortError {
  return new HoldshortError('conflict', `${path} is there already`, 'edit it, or move it away and run init again');
}

function unwritable(path: string, cause: unknown): HoldshortError {
  return new HoldshortError(
    'store_unavailable',
    `${path} can't be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
    'make the folder writable, or name another place in HOLDSHORT_HOME',
    cause,
  );
}
