import './parsing.ts';
import { Command, CommanderError } from 'commander';
import { asStarted } from '../kernel/command-name.ts';
import { type CommandResult, EXIT, type ExitCode } from '../present/command-result.ts';
import { bearClosedStreams } from './closed-streams.ts';
import { type Installation, openInstallation, SOFTWARE, type StartOptions } from './installation.ts';
import type { LookOptions, RunOptions } from './options.ts';
import { print, printError, shownError } from './print.ts';
import { registerServing } from './serving.ts';
import { type Chosen, startedAs } from './started.ts';

/** Of the program itself, which has no verb by which `asStarted` would know it. */
const USAGE = /^Usage: holdshort(?= \[)/;

const BEGIN = `
To begin:
  holdshort demo             the story
  holdshort judge OLD NEW    what your templates would do
  holdshort init             your configuration`;

/**
 * Reads the command line, runs one command, and returns the exit code. Each command's code is loaded when it is asked
 * for, so that `serve` starts fast.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  bearClosedStreams();
  let exit: ExitCode = EXIT.done;
  let json = false;
  let where: StartOptions['where'];
  const chosen = () => program.opts<Chosen>();
  const command = () => startedAs(where ?? 'here', chosen());
  const helped = (text: string) => asStarted(text, command()).replace(USAGE, () => `Usage: ${command()}`);
  const program = new Command('holdshort')
    .description('Narrow AWS tools for AI agents: what could hurt waits for a person.')
    .version(SOFTWARE.replace('/', ' '))
    .option('--config <FILE>', 'configuration file (default: config.yaml in the configuration folder)')
    .option(
      '--store <URL>',
      'the PostgreSQL database of tickets and log (default: HOLDSHORT_STORE, then `store` in the configuration)',
    )
    .option('--sandbox', 'the tickets, keys and log of `serve --sandbox`')
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride()
    .configureOutput({
      // An error repeats what was typed, which may have been copied from somewhere. Everything else is our help.
      writeErr: (text) => {
        const lines = (text.startsWith('error:') ? text : helped(text)).split('\n');
        process.stderr.write(lines.map(shownError).join('\n'));
      },
      writeOut: (text) => void process.stdout.write(helped(text)),
    })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText('after', BEGIN);

  /** Opens the installation for one command, prints what it returns, and closes. */
  const run = async (
    options: RunOptions,
    work: (installation: Installation) => Promise<CommandResult | undefined>,
  ): Promise<void> => {
    json = options.json ?? false;
    where = options.where;
    const installation = await openInstallation({ ...chosen(), where, logsSteps: options.logsSteps });
    try {
      const result = await work(installation);
      if (result) exit = print(result, json);
      // Whatever the command was: people learn here that nothing runs.
      const problem = await installation.headProblem();
      if (problem) printError(problem, json, command());
    } finally {
      await installation.close();
    }
  };

  /** Runs a command that must work whatever the configuration says. */
  const look = async (options: { readonly json?: boolean }, work: (start: LookOptions) => Promise<CommandResult>) => {
    json = options.json ?? false;
    exit = print(await work({ ...chosen(), env: process.env }), json);
  };

  registerServing(program, run);
  if (argv[2] !== 'serve') {
    const { registerPeople } = await import('./people-register.ts');
    registerPeople(program, run, look);
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return printError(error, json, command());
  }
  return exit;
}
