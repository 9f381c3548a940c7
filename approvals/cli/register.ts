import { type Command, Option } from 'commander';
import type { CommandResult } from '../../src/kernel/command-result.ts';
import { TICKET_STATES } from '../../src/kernel/ticket.ts';
import { type AdminOptions, approversEnroll, approversList, approversRevoke, type EnrollOptions } from './approvers.ts';
import type { CommandContext } from './context.ts';
import { approve, type DecideOptions, deny } from './decide.ts';
import { halt, resume } from './halt.ts';
import { ticketsList, ticketsShow } from './tickets.ts';

/** Opens what a command needs, runs it, prints what it returns (as JSON where `json` says so) and closes. */
export type RunCommand = (
  options: { readonly json?: boolean },
  command: (context: CommandContext) => Promise<CommandResult>,
) => Promise<void>;

interface Json {
  readonly json?: boolean;
}

/** Adds `tickets`, `approve`, `deny`, `halt`, `resume` and `approvers` to the program. */
export function registerApprovalCommands(program: Command, run: RunCommand): void {
  registerTickets(program, run);
  registerDecisions(program, run);
  registerHalt(program, run);
  registerApprovers(program, run);
}

const json = () => new Option('--json', 'print the data as JSON');
const as = () => new Option('--as <NAME>', 'who decides (default: HOLDSHORT_APPROVER, then the OS user)');
const passphraseFile = () =>
  new Option('--passphrase-file <FILE>', "the passphrase of the signer's key, instead of asking");

function registerTickets(program: Command, run: RunCommand): void {
  const tickets = program.command('tickets').description('what waits for a decision, and what was');
  tickets
    .command('list')
    .description('everything that waits, then the newest of what was; one line a ticket')
    .addOption(new Option('--state <STATE>', 'only tickets in this state').choices([...TICKET_STATES]))
    .addOption(json())
    .action((options: Json & { state?: string }) => run(options, (context) => ticketsList(context, options)));
  tickets
    .command('show <ticket>')
    .description('one ticket: what would happen, to what, for whom, and what it needs')
    .addOption(json())
    .addHelpText('after', '\nA ticket is named by its id, or by any unique beginning of 6 characters or more.')
    .action((ticket: string, options: Json) => run(options, (context) => ticketsShow(context, ticket)));
}

function registerDecisions(program: Command, run: RunCommand): void {
  const deciding = (name: 'approve' | 'deny', description: string) =>
    program
      .command(`${name} <ticket>`)
      .description(description)
      .addOption(as())
      .addOption(passphraseFile())
      .option('--yes', 'do not ask; only together with --digest')
      .option('--digest <SHA256>', 'decide only if this is the digest of the stored plan')
      .addOption(json())
      .addHelpText(
        'after',
        '\nShows the plan and asks you to type the name of its target. Your signature\n' +
          'covers the digest of the plan as it is stored; exactly that runs. In scripts:\n' +
          `  holdshort ${name} TICKET --yes --digest SHA256\n` +
          'with the digest of the plan that somebody looked at (tickets show TICKET).',
      );
  deciding('approve', 'let a ticket run')
    .option('--reason <TEXT>', 'why, for the log')
    .action((ticket: string, options: DecideOptions & Json) =>
      run(options, (context) => approve(context, ticket, options)),
    );
  deciding('deny', 'make sure that a ticket never runs; also after an approval, as long as it has not begun')
    .requiredOption('--reason <TEXT>', 'why; the agent reads it')
    .action((ticket: string, options: DecideOptions & Json) =>
      run(options, (context) => deny(context, ticket, options)),
    );
}

function registerHalt(program: Command, run: RunCommand): void {
  program
    .command('halt')
    .description('stop every change at once, until resume; reads go on')
    .requiredOption('--reason <TEXT>', 'why; everybody who is stopped reads it')
    .addOption(as())
    .addOption(passphraseFile())
    .addOption(json())
    .action((options: AdminOptions & Json & { reason: string }) => run(options, (context) => halt(context, options)));
  program
    .command('resume')
    .description('lift the halt (signed)')
    .addOption(as())
    .addOption(passphraseFile())
    .addOption(json())
    .action((options: AdminOptions & Json) => run(options, (context) => resume(context, options)));
}

function registerApprovers(program: Command, run: RunCommand): void {
  const approvers = program.command('approvers').description('who may decide, and with which key');
  approvers
    .command('list')
    .description('every key that was ever enrolled, and by whom')
    .addOption(json())
    .action((options: Json) => run(options, (context) => approversList(context)));
  approvers
    .command('enroll <name>')
    .description('make a key for a person and enroll it')
    .option('--no-passphrase', 'leave the key file without a passphrase')
    .option('--passphrase-file <FILE>', 'the passphrase of the new key, instead of asking')
    .option('--as <NAME>', 'who signs for the new person (default: HOLDSHORT_APPROVER, then the OS user)')
    .option('--signer-passphrase-file <FILE>', "the passphrase of the signer's key, where it is another one")
    .addOption(json())
    .addHelpText(
      'after',
      '\nThe first person enrolled signs for themselves, and their key is pinned in\n' +
        'keys/root.json. Everyone later is signed for by somebody who is enrolled. Names\n' +
        'are lower case; where an agent works for a person (serve --operator NAME), use\n' +
        'the same name here: that is how policy knows them.',
    )
    .action((name: string, options: EnrollOptions & Json) =>
      run(options, (context) => approversEnroll(context, name, options)),
    );
  approvers
    .command('revoke <name-or-key>')
    .description('take away a key, or all the keys of a person; what they approved and has not run no longer counts')
    .option('--reason <TEXT>', 'why, for the log', 'no reason given')
    .addOption(as())
    .addOption(passphraseFile())
    .addOption(json())
    .action((whom: string, options: AdminOptions & Json & { reason: string }) =>
      run(options, (context) => approversRevoke(context, whom, options)),
    );
}
