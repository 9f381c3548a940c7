import { resolve } from 'node:path';
import type { Command } from 'commander';
import { registerAccept, registerApprovalCommands } from '../../approvals/cli/register.ts';
import { repeatable } from '../../approvals/cli/repeatable.ts';
import { deskOf } from './desk.ts';
import type { SetupOptions } from './init-setup.ts';
import type { Installation } from './installation.ts';
import { registerJudge } from './judge-register.ts';
import { jsonOption, type Look, port, type Run, wholeNumber } from './options.ts';
import { registerPolicy } from './policy-register.ts';
import { colours, screenWidth, terminal } from './print.ts';
import type { RestoreOptions } from './restore.ts';
import { registerHub, registerWeb } from './serving.ts';
import { registerStore } from './store-register.ts';

/** The commands of people: decide, review, check the policy, try things out. */
export function registerPeople(program: Command, run: Run, look: Look): void {
  const contextOf = (installation: Installation, options: { readonly json?: boolean }) => ({
    ...deskOf(installation),
    osUser: installation.osUser,
    env: installation.env,
    terminal: terminal(),
    paint: options.json ? undefined : colours(),
  });
  registerApprovalCommands(program, (options, command) =>
    run(options, (installation) => command(contextOf(installation, options))),
  );
  registerRestore(program, run);
  registerRehearse(program, run);
  registerCompanion(program, run);
  registerWeb(program, run);
  registerHub(program, run);
  registerAccept(registerAudit(program, run, look), (options, command) =>
    run(options, (installation) => command(contextOf(installation, options), installation.store.forHead())),
  );
  registerPolicy(program, run);
  registerJudge(program, run);
  registerSandbox(program, run);
  registerStore(program, run, look);
  program
    .command('init')
    .description('write a commented configuration and policy, and print the entries for MCP clients')
    .option('--agent <NAME>', "the agent's name in policy and log (default: deploy-bot)")
    .option('--operator <NAME>', 'the person or team that the agent works for (default: the OS user)')
    .option('--approver <NAME>', 'who approves: somebody other than the operator')
    .option('--solo', 'there is nobody else: the operator approves, in production too, and policy and log say so')
    .addOption(repeatable('--account <ID=ENVIRONMENT>', 'what an AWS account holds: 123456789012=development'))
    .addOption(jsonOption())
    .addHelpText('after', '\nOn a terminal it asks for what no option says.')
    .action((options: SetupOptions & { json?: boolean }) =>
      run(options, async (installation) => {
        const [{ init }, { accountHere }] = await Promise.all([import('./init.ts'), import('./account-here.ts')]);
        const here = terminal();
        const asks = here.interactive && !options.json;
        const start = { command: process.execPath, args: [resolve(process.argv[1] ?? 'holdshort')] };
        return await init(
          { installation, terminal: asks ? here : undefined, account: () => accountHere(installation), start },
          options,
        );
      }),
    );
}

function registerRestore(program: Command, run: Run): void {
  program
    .command('restore <ticket>')
    .description('ask to bring back what a ticket deleted or changed, from the recovery kit made before it ran')
    .option('--reason <TEXT>', 'why, for whoever decides')
    .option('--part <N>', 'which of its calls, where it takes several (default: 1)', wholeNumber)
    .option('--parameters <FILE>', 'what nobody could keep (NoEcho values), as a JSON object; - for standard input')
    .option('--show', 'only print what was kept, with the secrets in it')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nOpens a ticket, which policy judges and people decide as any other. What comes\n' +
        'back, and what does not, stands in the ticket that it restores, and in the new.',
    )
    .action((ticket: string, options: RestoreOptions & { json?: boolean }) =>
      run(options, async (installation) => (await import('./restore.ts')).restore(installation, ticket, options)),
    );
}

function registerRehearse(program: Command, run: Run): void {
  program
    .command('rehearse <ticket>')
    .description('play a ticket that waits, and its way back, on a copy of its stack in the embedded cloud')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nReads the stack from AWS and changes nothing there. What failed, what did not\n' +
        'come back and what the model lacks is in the log, and shown with the ticket,\n' +
        'from then on. It approves nothing, and the model is not AWS.',
    )
    .action((ticket: string, options: { json?: boolean }) =>
      run(options, async (installation) =>
        (await import('./rehearse.ts')).rehearse(installation, ticket, screenWidth()),
      ),
    );
}

function registerCompanion(program: Command, run: Run): void {
  program
    .command('companion')
    .description("the approver's MCP server on stdio, for the person's own chat client")
    .option('--as <NAME>', 'who decides (default: HOLDSHORT_APPROVER, then the OS user)')
    .action((options: { as?: string }) =>
      run({ where: 'anywhere' }, async (installation) =>
        (await import('./companion.ts')).runCompanion(installation, options),
      ),
    );
}

function registerAudit(program: Command, run: Run, look: Look): Command {
  const audit = program.command('audit').description('what happened, and whether the log is whole');
  const review = () => import('./audit-views.ts');
  audit
    .command('list')
    .description('the newest entries, one line each')
    .option('--limit <N>', 'how many', wholeNumber)
    .option('--ticket <ID>', 'only about this ticket')
    .option('--type <TYPE>', 'only of this type (docs/audit-events.md)')
    .addOption(jsonOption())
    .action((options: { limit?: number; ticket?: string; type?: string; json?: boolean }) =>
      run(options, async (installation) =>
        (await review()).auditList(installation.store.forAudit(), { ...options, width: screenWidth() }),
      ),
    );
  audit
    .command('show')
    .argument('<seq>', 'its number', wholeNumber)
    .description('one entry, whole')
    .addOption(jsonOption())
    .action((seq: number, options: { json?: boolean }) =>
      run(options, async (installation) =>
        (await review()).auditShow(installation.store.forAudit(), seq, screenWidth()),
      ),
    );
  audit
    .command('verify')
    .description('check every entry against its hash, the tree against the entries, and the tickets against the log')
    .addOption(jsonOption())
    .action((options: { json?: boolean }) =>
      look(options, async (start) => (await import('./verify.ts')).verify(start)),
    );
  return audit;
}

function registerSandbox(program: Command, run: Run): void {
  program
    .command('sandbox')
    .description('the embedded cloud alone: prints its endpoint and serves until stopped')
    .option('--seed <FILE>', 'what is in it, as JSON or YAML (default: an example)')
    .option('--port <N>', 'the port (default: any free one)', port)
    .addOption(jsonOption())
    .action((options: { seed?: string; port?: number; json?: boolean }) =>
      run(options, async () => {
        const { serveSandbox } = await import('./sandbox.ts');
        return await serveSandbox(options);
      }),
    );
  program
    .command('demo')
    .description(
      'the story, on the embedded cloud: an agent asks, a person decides, the plan runs once, the log shows it',
    )
    .action(() =>
      run({}, async ({ command }) => {
        const { playDemo } = await import('./demo/play.ts');
        return await playDemo(command);
      }),
    );
}
