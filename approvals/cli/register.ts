import { type Command, Option } from 'commander';
import { TICKET_STATES } from '../../src/kernel/ticket.ts';
import type { CommandResult } from '../../src/present/command-result.ts';
import type { HeadStore } from '../../src/store/head/port.ts';
import { auditAccept } from './accept-log.ts';
import { approversEnroll, approversRequest, type EnrollOptions } from './approvers.ts';
import { approversGroups } from './approvers-groups.ts';
import { approversList } from './approvers-list.ts';
import { approversRecover, type RecoverOptions } from './approvers-recover.ts';
import { approversRevoke } from './approvers-revoke.ts';
import type { CommandContext, RunCommand } from './context.ts';
import type { DecideOptions } from './decide.ts';
import { decideSeveral, type SeveralOptions } from './decide-several.ts';
import { halt, resume } from './halt.ts';
import type { SigningOptions } from './held-key.ts';
import { registerTeam } from './register-team.ts';
import { repeatable } from './repeatable.ts';
import { type ResolveOptions, ticketsResolve } from './resolve.ts';
import { ticketsReview } from './review-glass.ts';
import { ticketsList, ticketsShow } from './tickets.ts';

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
const ssh = () => new Option('--ssh <FILE>', 'sign with this SSH key (public or private file; an agent may hold it)');
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
  tickets
    .command('review <ticket>')
    .description('say, as a second person, that you have looked at a ticket on which the glass was broken')
    .option('--reason <TEXT>', 'what you think of it, for the log')
    .addOption(as())
    .addOption(ssh())
    .addOption(passphraseFile())
    .option('--yes', 'do not ask; only together with --digest')
    .option('--digest <SHA256>', 'review only if this is the digest of the stored plan')
    .addOption(json())
    .action((ticket: string, options: DecideOptions & Json) =>
      run(options, (context) => ticketsReview(context, ticket, options)),
    );
  tickets
    .command('resolve <ticket>')
    .description('say, as somebody whom the agent does not work for, what became of a ticket that is unknown')
    .option('--as-happened', 'you looked at AWS: it happened')
    .option('--as-not-happened', 'you looked at AWS: it did not happen')
    .option('--reason <TEXT>', 'what you looked at, and saw; everybody reads it')
    .addOption(as())
    .addOption(ssh())
    .addOption(passphraseFile())
    .option('--yes', 'do not ask; only together with --digest and --seen')
    .option('--digest <SHA256>', 'only if this is the digest of the stored plan')
    .option('--seen <SHA256>', 'only if this is the digest of what is known of its outcome (tickets show)')
    .addOption(json())
    .addHelpText(
      'after',
      '\nShows what it was to do and what is known of it, and asks. Your signature covers both.\n' +
        "The ticket becomes `resolved`: your word, not AWS's, and shown as that ever after.\n" +
        'Calls about the same are not held up for it any more.',
    )
    .action((ticket: string, options: ResolveOptions & Json) =>
      run(options, (context) => ticketsResolve(context, ticket, options)),
    );
}

function registerDecisions(program: Command, run: RunCommand): void {
  const deciding = (name: 'approve' | 'deny', description: string) =>
    program
      .command(`${name} <tickets...>`)
      .description(description)
      .addOption(as())
      .addOption(ssh())
      .addOption(passphraseFile())
      .option('--yes', 'do not ask; only together with --digest')
      .addOption(
        repeatable('--digest <SHA256>', 'decide only if this is the digest of the stored plan; one for each ticket'),
      )
      .addOption(json())
      .addHelpText(
        'after',
        (name === 'deny'
          ? '\nShows the plan and asks for a y. Your signature covers the digest of the plan as\nit is stored. In scripts:\n'
          : '\nShows the plan and asks you to type the name of its target. Your signature\ncovers the digest of the plan as it is stored; exactly that runs. In scripts:\n') +
          `  holdshort ${name} TICKET --yes --digest SHA256${name === 'deny' ? ' --reason TEXT' : ''}\n` +
          'with the digest of the plan that somebody looked at (tickets show TICKET).\n' +
          'Several tickets are shown and decided one after the other, each by itself.',
      );
  deciding('approve', 'let a ticket run')
    .option('--reason <TEXT>', 'why, for the log')
    .option('--break-glass', 'approve alone, where policy names you for it; for 15 minutes, and told everybody')
    .option(
      '--withdraw',
      'take your own approval back, until it begins to run; of several requests, until the last one',
    )
    .action((tickets: readonly string[], options: SeveralOptions & Json) =>
      run(options, (context) => decideSeveral(context, tickets, 'approve', options)),
    );
  deciding('deny', 'make sure that a ticket never runs; also after an approval, as long as it has not begun')
    .requiredOption('--reason <TEXT>', 'why; the agent reads it')
    .action((tickets: readonly string[], options: SeveralOptions & Json) =>
      run(options, (context) => decideSeveral(context, tickets, 'deny', options)),
    );
}

function registerHalt(program: Command, run: RunCommand): void {
  program
    .command('halt')
    .description('stop every change at once, until resume; reads go on')
    .requiredOption('--reason <TEXT>', 'why; everybody who is stopped reads it')
    .addOption(as())
    .addOption(ssh())
    .addOption(passphraseFile())
    .addOption(json())
    .action((options: SigningOptions & Json & { reason: string }) => run(options, (context) => halt(context, options)));
  program
    .command('resume')
    .description('lift the halt (signed)')
    .addOption(as())
    .addOption(ssh())
    .addOption(passphraseFile())
    .addOption(json())
    .action((options: SigningOptions & Json) => run(options, (context) => resume(context, options)));
}

/** Adds `accept` to `audit`. */
export function registerAccept(
  audit: Command,
  run: (options: Json, command: (context: CommandContext, head: HeadStore) => Promise<CommandResult>) => Promise<void>,
): void {
  audit
    .command('accept')
    .description(
      'where the log does not continue what was seen of it here: show what was lost, and go on (as an admin)',
    )
    .option('--head <HEAD>', 'go on from the log as it was shown')
    .option('--reason <TEXT>', 'what happened, for the log')
    .addOption(as())
    .addOption(ssh())
    .addOption(passphraseFile())
    .addOption(json())
    .action((options: SigningOptions & Json & { head?: string; reason?: string }) =>
      run(options, (context, head) => auditAccept(context, head, options)),
    );
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
    .description('make a key for a person and enroll it; or enroll an SSH key, or a key that was asked for')
    .option('--ssh <FILE>', 'enroll this SSH public key instead of making a key')
    .option('--key <SHA256>', 'enroll the key that this person asked for, by its fingerprint (as an admin)')
    .option('--yes', 'do not ask; only together with the whole fingerprint in --key')
    .option(
      '--role <ROLE>',
      "approver (decides, halts) or admin (also enrolls, revokes, resumes); default: an admin's where the person is one",
    )
    .addOption(repeatable('--group <NAME>', 'a team that the person belongs to'))
    .option('--no-passphrase', 'leave the key file without a passphrase')
    .option('--passphrase-file <FILE>', 'the passphrase of the new key, instead of asking')
    .option('--as <NAME>', 'who signs for the new person (default: HOLDSHORT_APPROVER, then the OS user)')
    .option('--signer-passphrase-file <FILE>', "the passphrase of the signer's key, where it is another one")
    .option('--signer-ssh <FILE>', "the signer's SSH key")
    .addOption(json())
    .addHelpText(
      'after',
      '\nThe first person enrolled signs for themselves, and their key is pinned in\n' +
        'keys/root.json. Everyone later is signed for by an admin; somebody whose key is\n' +
        'elsewhere asks with `approvers request`. Names are lower case; where an agent\n' +
        'works for a person or a team (serve --operator NAME), use the same name here, or\n' +
        'as a group: that is how policy knows who is not somebody else.',
    )
    .action((name: string, options: EnrollOptions & Json) =>
      run(options, (context) => approversEnroll(context, name, options)),
    );
  approvers
    .command('request <name>')
    .description('ask for a key of your own to be enrolled: a new one, or an SSH key of yours')
    .option('--ssh <FILE>', 'your SSH key (public or private file; an agent may hold it)')
    .option('--no-passphrase', 'leave the new key file without a passphrase')
    .option('--passphrase-file <FILE>', 'the passphrase of the new key, instead of asking')
    .addOption(json())
    .action((name: string, options: EnrollOptions & Json) =>
      run(options, (context) => approversRequest(context, name, options)),
    );
  approvers
    .command('groups <name>')
    .description('say which teams a person belongs to from now on (as an admin)')
    .addOption(repeatable('--group <NAME>', 'a team that the person belongs to'))
    .option('--none', 'no team at all')
    .addOption(as())
    .addOption(ssh())
    .addOption(passphraseFile())
    .addOption(json())
    .action((name: string, options: SigningOptions & Json & { group?: string[]; none?: boolean }) =>
      run(options, (context) => approversGroups(context, name, options)),
    );
  registerTeam(approvers, run);
  approvers
    .command('recover <name>')
    .description('enroll a new key of an admin whose only key that proves as much was lost, or works no more')
    .requiredOption('--key <SHA256>', 'the key that this person asked for, by its fingerprint')
    .addOption(repeatable('--lost <SHA256>', 'a key that was lost: it is revoked'))
    .requiredOption('--reason <TEXT>', 'what happened, for the log')
    .addOption(ssh())
    .addOption(passphraseFile())
    .option('--yes', 'do not ask; only together with the whole fingerprint in --key')
    .addOption(json())
    .addHelpText(
      'after',
      '\nSigned with what that person has left, and valid for this installation alone: it\n' +
        'writes keys/recovery-….json. Only for whoever can write the keys folder. Where another\n' +
        'admin has a key that proves as much, let them enroll the new one.',
    )
    .action((name: string, options: RecoverOptions & Json) =>
      run(options, (context) => approversRecover(context, name, options)),
    );
  approvers
    .command('revoke <name-or-key>')
    .description('take away a key, or all the keys of a person; what they approved and has not run no longer counts')
    .option('--reason <TEXT>', 'why, for the log', 'no reason given')
    .addOption(as())
    .addOption(ssh())
    .addOption(passphraseFile())
    .addOption(json())
    .action((whom: string, options: SigningOptions & Json & { reason: string }) =>
      run(options, (context) => approversRevoke(context, whom, options)),
    );
}
