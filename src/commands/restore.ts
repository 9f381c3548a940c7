import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { Parameters, Reason } from '../../tools/fields.ts';
import { type Believed, believe, type Unplanned } from '../audit/believe.ts';
import { asStarted } from '../kernel/command-name.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { inAscii } from '../kernel/plan.ts';
import { boundedText } from '../kernel/safe-text.ts';
import { isTerminal } from '../kernel/ticket.ts';
import { restoreHint } from '../kernel/undo.ts';
import { requirementText } from '../policy/requirement-text.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { sentence } from '../server/answers.ts';
import { type Beside, besideOf } from '../server/beside.ts';
import { propose } from '../server/changes.ts';
import { messageOf } from '../server/message.ts';
import { restoring } from '../server/restoring.ts';
import { ticketData } from '../server/views.ts';
import { waitFor } from '../server/wait.ts';
import { accountsOf } from './accounts.ts';
import type { Installation } from './installation.ts';
import { RESTORES_AS } from './restores-as.ts';
import { contextOf } from './serve.ts';

export interface RestoreOptions {
  readonly reason?: string;
  readonly part?: number;
  /** A file; `-` for standard input. */
  readonly parameters?: string;
  readonly show?: boolean;
}

/** Making a change set may take so long. */
const PLANNED_MS = 15 * 60_000;

/**
 * `restore`: a person asks for what brings back what a ticket changed. It is planned and held as an agent's call is, so
 * that nobody brings anything back alone where policy asks for someone else.
 * @throws usage
 * @throws as `restoring` and `propose`
 */
export async function restore(
  installation: Installation,
  ref: string,
  { reason, part = 1, parameters, show }: RestoreOptions,
): Promise<CommandResult> {
  const source = believe(await installation.store.forApprover().ticket(ref));
  if (show) {
    if (!source.kit) throw new HoldshortError('wrong_state', `${source.id} has no recovery kit`, 'see its result');
    const kit = await installation.kits.open(source.id, source.kit);
    // Who wrote the template chose its characters, and a terminal obeys some.
    const lines = JSON.stringify(kit, undefined, 2).split('\n').map(inAscii);
    return { data: kit, text: lines.join('\n'), exit: EXIT.done };
  }
  const why = Reason.safeParse(reason ?? '');
  if (!why.success)
    throw new HoldshortError('usage', 'a reason is needed', `--reason TEXT: ${why.error.issues[0]?.message}`);
  if (installation.sandbox)
    throw new HoldshortError(
      'usage',
      'the embedded cloud is inside `serve --sandbox`',
      'let its agent ask with ticket_restore',
    );
  const session = `ses_${randomBytes(8).toString('hex')}`;
  const who = { agent: RESTORES_AS, operator: installation.osUser };
  const store = installation.store.forAgent({ ...who, session });
  const accounts = accountsOf(installation);
  const offered = { ...who, toolsets: undefined, readOnly: false };
  const context = await contextOf(installation, { session, store, accounts }, offered);
  const given = parameters === undefined ? undefined : await parametersIn(parameters);
  const asked = { part, parameters: given, reason: why.data };
  const { there, tool, input, ...kept } = await restoring(source, asked, context);
  const opened = await propose(there, tool, input, kept);
  const { restores } = kept;
  const planned = await waitFor(store, opened.id, ({ state }) => state !== 'planning', PLANNED_MS);
  const ticket = believe(planned);
  const beside = await besideOf(context, ticket);
  const [message = '', ...next] = [
    ...toPeople(ticket, beside, installation.command),
    ...(restores.of > part && !ticket.refusal
      ? [
          asStarted(
            `Then ask for the next part: ${restoreHint(source.id, { needs: [] }, part + 1)}`,
            installation.command,
          ),
        ]
      : []),
  ];
  // What an answer to an agent says beside its facts is an agent's to do.
  const { message: _toAgents, next: _agentsNext, ...facts } = ticketData(ticket, beside) as { [key: string]: Json };
  return {
    data: { message, next, ...facts },
    text: [message, ...next].map((line) => boundedText(line, 2_000, sha256)).join('\n'),
    exit: ticket.refusal ? EXIT.refused : EXIT.done,
  };
}

/** What became of it, and what a person does now: `messageOf` has what an agent does. */
function toPeople(ticket: Believed | Unplanned, { shortage }: Beside, command: string): readonly string[] {
  const { id, plan, refusal } = ticket;
  const typed = (hint: string) => asStarted(hint, command);
  if (plan && ticket.state === 'pending')
    return [
      `Held, nothing has run: ${plan.summary} in ${plan.environment}. It takes ${requirementText(plan.requirement)}.`,
      ...(shortage
        ? [typed(`As things are, nobody can approve it: ${shortage.message}. ${sentence(shortage.recovery)}`)]
        : []),
      typed(`To look at it, as someone who may decide it: holdshort tickets show ${id}`),
      typed(`To let it run: holdshort approve ${id} (or not: holdshort deny ${id} --reason TEXT)`),
    ];
  const { message } = messageOf(ticket);
  if (refusal) return [message, sentence(refusal.recovery)];
  return isTerminal(ticket.state) ? [message] : [message, typed(`Look at it with: holdshort tickets show ${id}`)];
}

/** A JSON object in a file: on a command line everyone on the machine would read the values. */
async function parametersIn(file: string): Promise<Record<string, string>> {
  const wrong = (what: string, cause?: unknown) =>
    new HoldshortError(
      'usage',
      `--parameters ${file}: ${what}`,
      'give a file with {"NAME": "VALUE"}, or - for standard input',
      cause,
    );
  let read: unknown;
  try {
    read = JSON.parse(file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8'));
  } catch (cause) {
    throw wrong('can not be read as JSON', cause);
  }
  const parsed = Parameters.safeParse(read);
  if (!parsed.success) throw wrong(parsed.error.issues[0]?.message ?? 'is another form');
  return parsed.data;
}
