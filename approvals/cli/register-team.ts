import { type Command, Option } from 'commander';
import { approversBind, type BindOptions } from './approvers-bind.ts';
import { approversRoot } from './approvers-root.ts';
import type { RunCommand } from './context.ts';

/** Adds `bind`, `unbind` and `root` to `approvers`: what a team on several hosts needs. */
export function registerTeam(approvers: Command, run: RunCommand): void {
  const saying = (kind: 'bind' | 'unbind', description: string, help: string) =>
    approvers
      .command(`${kind} <name>`)
      .description(description)
      .requiredOption('--issuer <URL>', 'who issues the tokens, exactly as in their `iss`')
      .requiredOption('--subject <TEXT>', 'who it is to the issuer, exactly as in `sub`')
      .addOption(new Option('--as <NAME>', 'who signs (default: HOLDSHORT_APPROVER, then the OS user)'))
      .addOption(new Option('--ssh <FILE>', 'sign with this SSH key (public or private file; an agent may hold it)'))
      .addOption(new Option('--passphrase-file <FILE>', "the passphrase of the signer's key, instead of asking"))
      .addOption(new Option('--json', 'print the data as JSON'))
      .addHelpText('after', help)
      .action((name: string, options: BindOptions & { readonly json?: boolean }) =>
        run(options, (context) => approversBind(context, kind, name, options)),
      );
  saying(
    'bind',
    'say, as an admin, which person a login at an issuer is',
    '\nAn agent that brings a token works for its person. Until somebody has signed who\n' +
      'that is, the agent asks for nothing that needs somebody else. A person may have\n' +
      'several logins; a login has one person, and goes to another only after it was\n' +
      'taken back.',
  );
  saying(
    'unbind',
    'take a login back: as an admin, or as the person who has it',
    '\nAgents that come with it change nothing until it is bound again, and of its open\n' +
      'tickets none runs that needs somebody else.',
  );
  approvers
    .command('root')
    .description('print the first key, on which all others rest, as a line for executors on other hosts')
    .option('--pin <LINE>', 'pin that line, or the one in a file, on this host')
    .addOption(new Option('--json', 'print the data as JSON'))
    .addHelpText(
      'after',
      '\nBring the line by another way than the database: who writes the database must\n' +
        'not be able to choose it. A second one is refused.',
    )
    .action((options: { readonly pin?: string; readonly json?: boolean }) =>
      run(options, (context) => approversRoot(context, options)),
    );
}
