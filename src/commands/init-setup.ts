import { ENVIRONMENTS, type Environment } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Terminal } from '../present/command-result.ts';
import { nameIn } from './options.ts';

/** What the flags of `init` say. */
export interface SetupOptions {
  readonly agent?: string | undefined;
  readonly operator?: string | undefined;
  readonly approver?: string | undefined;
  readonly solo?: boolean | undefined;
  /** Each `ACCOUNT=ENVIRONMENT`. */
  readonly account?: readonly string[] | undefined;
}

/** Who works here, and what is in which account. */
export interface Setup {
  readonly agent: string;
  readonly operator: string;
  /** Undefined where nobody was named. */
  readonly approver: string | undefined;
  /** Is the operator the one who approves, because there is nobody else? */
  readonly solo: boolean;
  readonly accounts: readonly { readonly id: string; readonly environment: Environment }[];
}

/** What is known without asking. */
export interface KnownAtStart {
  readonly osUser: string;
  readonly account: () => Promise<string | undefined>;
}

/** @throws usage for what isn't a name or an account, and for an approver who couldn't approve */
export function setupFrom(options: SetupOptions, { osUser }: Pick<KnownAtStart, 'osUser'>): Setup {
  const operator = nameIn('--operator', options.operator ?? (options.solo ? options.approver : undefined) ?? osUser);
  const named = options.approver ?? (options.solo ? operator : undefined);
  const approver = named === undefined ? undefined : nameIn('--approver', named);
  const solo = options.solo ?? false;
  if (solo && approver !== operator)
    throw new HoldshortError(
      'usage',
      `--solo is for one person, and ${operator} and ${approver} are two`,
      'leave --solo out: then the one approves what the agent of the other destroys',
    );
  if (!solo && approver === operator)
    throw new HoldshortError(
      'usage',
      `the agent would work for ${operator}, and in production nobody approves what their own agent destroys`,
      'name somebody else in --approver; if there is nobody else, say so: --solo',
    );
  const accounts = (options.account ?? []).map(accountIn);
  return { agent: nameIn('--agent', options.agent ?? 'deploy-bot'), operator, approver, solo, accounts };
}

/**
 * Asks at the terminal for what no flag said.
 * @throws as `setupFrom`
 * @throws not_confirmed
 */
export async function askSetup(terminal: Terminal, options: SetupOptions, known: KnownAtStart): Promise<Setup> {
  const ask = async (question: string, otherwise = '') => (await terminal.ask(question)).trim() || otherwise;
  const operator =
    options.operator ??
    (options.solo
      ? undefined
      : await ask(`Who does the agent work for, a person or a team? [${known.osUser}] `, known.osUser));
  const people = { ...options, operator };
  if (options.approver === undefined && options.solo === undefined) {
    terminal.show(`In production ${operator} can't approve what the agent destroys; somebody else does.`);
    const approver = await ask(`Who approves? A name, or Enter where there is nobody but ${operator}: `);
    if (approver !== '' && approver !== operator) return withAccounts(terminal, { ...people, approver }, known);
    terminal.show(
      [
        `Then ${operator} works alone, and nobody else sees what the agent destroys.`,
        `The policy will say "solo": ${operator} approves in production too, with a passkey,`,
        'and each such approval is marked in the log.',
      ].join('\n'),
    );
    if (!isYes(await ask('Write it so? (y/N) ')))
      throw new HoldshortError('not_confirmed', 'nothing was written', 'run init again, and name who approves');
    return withAccounts(terminal, { ...people, solo: true }, known);
  }
  return withAccounts(terminal, people, known);
}

async function withAccounts(terminal: Terminal, options: SetupOptions, known: KnownAtStart): Promise<Setup> {
  // What is wrong with the names is said before more is asked.
  const setup = setupFrom(options, known);
  if (options.account !== undefined) return setup;
  const which = 'Which AWS account will it work on? 12 digits, or Enter to say later: ';
  const id =
    (await known.account()) ??
    (await askFor(terminal, which, 'It has 12 digits.', (answer) => (isAccount(answer) ? answer : undefined), ''));
  if (id === '') return setup;
  const holds = (await terminal.ask(`Does account ${id} hold production? (Y/n) `)).trim();
  const environment = isNo(holds)
    ? await askFor(
        terminal,
        'What then: development, staging or sandbox? [development] ',
        `One of ${ENVIRONMENTS.join(', ')}.`,
        environmentIn,
        'development',
      )
    : 'production';
  return { ...setup, accounts: [{ id, environment }] };
}

/** Asks until the answer is one; Enter alone is `otherwise`. */
async function askFor<T>(
  terminal: Terminal,
  question: string,
  wrong: string,
  read: (answer: string) => T | undefined,
  otherwise: T,
): Promise<T> {
  for (;;) {
    const answer = (await terminal.ask(question)).trim();
    const found = answer === '' ? otherwise : read(answer);
    if (found !== undefined) return found;
    terminal.show(wrong);
  }
}

function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text);
}

function environmentIn(text: string | undefined): Environment | undefined {
  return ENVIRONMENTS.find((known) => known === text);
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer);
}

function isNo(answer: string): boolean {
  return /^no?$/i.test(answer);
}

function accountIn(text: string): Setup['accounts'][number] {
  const [id = '', name] = text.split('=');
  const environment = environmentIn(name);
  if (isAccount(id) && environment) return { id, environment };
  throw new HoldshortError(
    'usage',
    `'${text}' does not say what an account holds`,
    `12 digits, = and one of ${ENVIRONMENTS.join(', ')}: --account 123456789012=development`,
  );
}
