import type { Command } from 'commander';
import { repeatable } from '../../approvals/cli/repeatable.ts';
import { LISTED } from '../../tools/listed.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { nameIn, port, type Run } from './options.ts';
import { RESTORES_AS } from './restores-as.ts';

/** Those of the tickets are always there. */
const TOOLSETS = [...new Set(LISTED.map(({ toolset }) => toolset))].filter((toolset) => toolset !== 'tickets');

interface ServeOptions {
  readonly toolset?: string;
  readonly readOnly?: boolean;
  readonly agent: string;
  readonly operator?: string;
  readonly executor: boolean;
  readonly account?: readonly string[];
}

/** The commands that run until they are stopped. */
export function registerServing(program: Command, run: Run): void {
  program
    .command('serve')
    .description(
      "the agent's MCP server on stdio; with --sandbox on an embedded cloud with an example stack, instead of AWS",
    )
    .option(
      '--toolset <LIST>',
      `the only toolsets to offer, separated by commas: ${TOOLSETS.join(', ')} (default: all)`,
    )
    .option('--read-only', 'offer no tool that changes anything')
    .option('--agent <NAME>', "the agent's name in policy and log", 'agent')
    .option('--operator <NAME>', 'the person or team that the agent works for (default: the OS user)')
    .addOption(
      repeatable('--account <NAME>', 'an account of the configuration that the agent may ask about, of several'),
    )
    .option('--no-executor', 'leave executing to `holdshort executor`')
    .action((options: ServeOptions) =>
      run({ where: 'anywhere' }, async (installation) => {
        const { serve } = await import('./serve.ts');
        return await serve(installation, {
          toolsets: toolsetsIn(options.toolset),
          readOnly: options.readOnly ?? false,
          agent: agentIn(options.agent),
          operator: nameIn('--operator', options.operator ?? installation.osUser),
          executor: options.executor,
          accounts: options.account ?? [],
          sandbox: installation.sandbox,
        });
      }),
    );

  program
    .command('executor')
    .description('execute approved tickets in the foreground, until stopped')
    .addOption(repeatable('--region <NAME>', 'a region whose tickets it takes, and of no other (default: all)'))
    .action(({ region }: { readonly region?: readonly string[] }) =>
      run({ where: 'anywhere', logsSteps: true }, async (installation) => {
        if (installation.sandbox)
          throw new HoldshortError(
            'usage',
            'the embedded cloud is inside `serve --sandbox`, and so is its executor',
            'leave out --sandbox, for an executor of changes to AWS',
          );
        const { runExecutor } = await import('./executor.ts');
        return await runExecutor(installation, region);
      }),
    );
}

function agentIn(given: string): string {
  const name = nameIn('--agent', given);
  if (name !== RESTORES_AS) return name;
  throw new HoldshortError('usage', `the name ${name} is that of people's own restores`, 'give the agent another name');
}

/** Everything that it loads is loaded by it alone: `serve` starts as fast as without. */
export function registerHub(program: Command, run: Run): void {
  program
    .command('hub')
    .description("the agents' MCP server over HTTP, for all whose tokens the configuration names (hub:), until stopped")
    .option('--executor', 'also execute approved tickets here (default: another process does, elsewhere)')
    .action(({ executor = false }: { readonly executor?: boolean }) =>
      run({ where: 'anywhere', logsSteps: true }, async (installation) => {
        if (installation.sandbox)
          throw new HoldshortError('usage', 'a hub has no embedded cloud', 'use `serve --sandbox` to play');
        const { runHub } = await import('./hub.ts');
        return await runHub(installation, { executor });
      }),
    );
}

/** The approval page is a person's, but runs until it is stopped like the others. */
export function registerWeb(program: Command, run: Run): void {
  program
    .command('web')
    .description('the approval page, on this machine only: look at tickets and decide with a passkey')
    .option('--port <N>', 'the port (default: web.port of the configuration, otherwise 4141; 0: any free one)', port)
    .addHelpText(
      'after',
      '\nPrints the address of what waits. The secret in it keeps other users of this\nmachine from reading; deciding needs a passkey that an admin has enrolled.',
    )
    .action((options: { port?: number }) =>
      run({ where: 'anywhere' }, async (installation) => {
        const { runWeb } = await import('./web.ts');
        return await runWeb(installation, options);
      }),
    );
}

function toolsetsIn(list: string | undefined): ReadonlySet<string> | undefined {
  if (list === undefined) return undefined;
  const names = list.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !TOOLSETS.includes(name));
  if (wrong !== undefined)
    throw new HoldshortError('usage', `there is no toolset "${wrong}"`, `choose from ${TOOLSETS.join(', ')}`);
  return new Set(names);
}
