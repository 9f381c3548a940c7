import { HoldshortError } from '../../src/kernel/errors.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { checkedReason, readEnrolled, typedHere } from '../desk.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToDecide, recordingRejection, vouched } from '../record/rejection.ts';
import { PLAIN, usableWidth } from '../render/layout.ts';
import { ticketText, titleText, verdictLines } from '../render/ticket.ts';
import { confirmationOf, isDenial } from '../render/words.ts';
import { type Assessment, assessTicket } from '../tickets/assess.ts';
import { askingFor, type Decided, decide } from '../tickets/decide.ts';
import { nameClaimed, noteLook } from '../tickets/look.ts';
import { checkMayDecide, type Intention } from '../tickets/may-decide.ts';
import { reviewData } from '../tickets/ticket-data.ts';
import type { CommandContext } from './context.ts';
import { type HeldKey, heldKey, identityOf, type SigningOptions } from './held-key.ts';
import { logInAt } from './login.ts';

type Decision = Intention['decision'];

export interface DecideOptions extends SigningOptions {
  readonly yes?: boolean | undefined;
  readonly digest?: string | undefined;
  readonly reason?: string | undefined;
  readonly breakGlass?: boolean | undefined;
}

/**
 * `approve`.
 * @throws as `decide`
 * @throws usage without a terminal and without `--yes --digest`
 * @throws not_confirmed when something else was typed than what was asked for
 */
export function approve(context: CommandContext, id: string, options: DecideOptions): Promise<CommandResult> {
  return decideHere(context, id, 'approve', options);
}

/** `deny`. Errors as `approve`. */
export function deny(context: CommandContext, id: string, options: DecideOptions): Promise<CommandResult> {
  return decideHere(context, id, 'deny', options);
}

/**
 * `approve --withdraw`: takes one's own approval back. Asks nothing, because it only ever stops something. Errors as
 * `approve`.
 */
export function withdraw(context: CommandContext, id: string, options: DecideOptions): Promise<CommandResult> {
  return decideHere(context, id, 'withdraw', options);
}

/** @param held the key, where one is used for several tickets */
export async function decideHere(
  context: CommandContext,
  id: string,
  decision: Decision,
  options: DecideOptions,
  held?: HeldKey,
): Promise<CommandResult> {
  checkFlags(context, id, decision, options);
  if (decision === 'deny' && options.reason === undefined)
    throw new HoldshortError(
      'usage',
      'a denial needs a reason',
      `holdshort deny ${id} --reason TEXT; the agent reads it`,
    );
  if (options.breakGlass && options.reason === undefined)
    throw new HoldshortError(
      'usage',
      'breaking the glass needs a reason',
      `holdshort approve ${id} --break-glass --reason TEXT; everybody reads it`,
    );
  const reason = options.reason === undefined ? undefined : checkedReason(options.reason);
  const ticket = await context.store.ticket(id);
  const { digest: vouchedDigest, ...about } = vouched(ticket);
  const detail = {
    decision,
    digest: options.digest ?? vouchedDigest,
    break_glass: options.breakGlass || undefined,
  };
  const attemptBy = (claimed: string) => attemptToDecide('cli', claimed, about, detail);
  const key =
    held ??
    (await recordingRejection(context, attemptBy(nameClaimed(identityOf(context, options))), async () =>
      heldKey(context, await readEnrolled(context), options),
    ));
  const decided = await recordingRejection(context, attemptBy(key.name), async (proved) => {
    const assessment = await assessTicket(askingFor(context, { decision }), ticket);
    const digest = options.digest ?? assessment.digest;
    const { breakGlass } = options;
    const intention = { digest, decision, assurance: key.assurance, reason, breakGlass };
    checkMayDecide(assessment, { ...intention, person: key.name, key: key.id });
    const what = breakGlass ? BREAKS : decision;
    if (!options.yes && decision !== 'withdraw') await confirm(context, assessment, what, key.name);
    const signer = telling(await key.open(), proved);
    return decide(context, { ...intention, ticket: ticket.id, signer, logIn: logInAt(context.terminal) });
  });
  return resultOf(context, decided, decision, key.name);
}

export function checkFlags({ terminal }: CommandContext, id: string, decision: string, options: DecideOptions) {
  const { yes, digest, breakGlass } = options;
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
    throw new HoldshortError(
      'usage',
      '--digest takes the whole digest',
      '64 hex digits, from `holdshort tickets show`',
    );
  if (yes && digest === undefined)
    throw new HoldshortError(
      'usage',
      '--yes only goes together with --digest',
      `look at the plan first: holdshort tickets show ${id}; then say --yes --digest SHA256 with the digest that you saw`,
    );
  const needed = breakGlass ? ' --break-glass --reason TEXT' : decision === 'deny' ? ' --reason TEXT' : '';
  if (!yes && !terminal.interactive && decision !== 'withdraw')
    throw new HoldshortError(
      'usage',
      'there is no terminal to ask you at, so nothing was decided',
      `look at the plan: holdshort tickets show ${id}; then: holdshort ${decision} ${id} --yes --digest SHA256${needed}`,
    );
}

const BREAKS = 'BREAK THE GLASS on';
const BREAKING =
  'YOU BREAK THE GLASS: alone, without those who are asked for. It stands for 15 minutes, and every listing says so until somebody else has reviewed it.';

/**
 * Shows the plan and asks for the target's name; for a denial, which only ever stops something, for a y. What decides
 * is said once more right above the question, where the eye is.
 */
export async function confirm(
  context: CommandContext,
  assessment: Assessment,
  what: string,
  person: string,
): Promise<void> {
  const { terminal } = context;
  const paint = context.paint ?? PLAIN;
  const width = usableWidth(terminal.width);
  await noteLook(context, { ticket: assessment.ticket.id, door: 'cli', claimed: person });
  const glass = what === BREAKS ? [paint.danger(BREAKING), ''] : [];
  const again = [...glass, titleText(assessment.plan, paint), ...verdictLines(assessment.plan, width, paint)];
  terminal.show(
    [
      ticketText(assessment, {
        width,
        now: new Date(assessment.enrolled.at),
        paint: context.paint,
        command: context.command,
      }),
      '',
      '='.repeat(width),
      ...again,
    ].join('\n'),
  );
  const { question, agrees, wrong } = askedFor(assessment, what, person);
  if (agrees(await terminal.ask(question))) return;
  throw new HoldshortError(
    'not_confirmed',
    `${wrong}, so nothing was decided`,
    `to go on after all, give the same command again`,
  );
}

/** What a person is asked, and which answer agrees. */
function askedFor({ plan, digest }: Assessment, what: string, person: string) {
  if (what === 'deny')
    return {
      question: `Deny this as ${person}? (y/N) `,
      agrees: isDenial,
      wrong: 'that is not a y',
    };
  const { text, what: named } = confirmationOf(plan, digest);
  return {
    question: `To ${what} this as ${person}, type ${named} (${text}): `,
    agrees: (typed: string) => typed === text,
    wrong: `that is not ${named}`,
  };
}

function resultOf(
  context: CommandContext,
  { assessment, moved }: Decided,
  decision: Decision,
  person: string,
): CommandResult {
  const text = resultText(assessment, decision, moved, person);
  const data = { decision, by: person, approved: decision === 'approve' && moved, ...reviewData(assessment) };
  return { data, text: typedHere(context, text.join('\n')), exit: EXIT.done };
}

/** What it means that an approval is gone. */
function takenBackText({ ticket, missing, clearance }: Assessment): string {
  switch (ticket.state) {
    case 'approved':
      return clearance.cleared
        ? 'It may run all the same: the other approvals are enough. To stop it, deny it.'
        : 'It was approved and has not begun: the check before execution ends it.';
    case 'executing':
      return clearance.cleared
        ? 'It has begun and goes on: the other approvals are enough. To stop it, deny it.'
        : 'It has begun: after the request that is under way, no other is sent.';
    default:
      return `Still needed: ${missing ?? 'nothing'}`;
  }
}

function resultText(assessment: Assessment, decision: Decision, moved: boolean, person: string) {
  const { ticket, plan, missing, glass } = assessment;
  switch (decision) {
    case 'deny':
      return ticket.state === 'executing'
        ? [`Denied by ${person}. ${ticket.id} has begun: after the request that is under way, no other is sent.`]
        : [`Denied by ${person}. ${ticket.id} will never run; the agent is told so.`];
    case 'withdraw':
      return [`${person} took the approval of ${ticket.id} back.`, takenBackText(assessment)];
    case 'approve':
      return moved
        ? [
            `Approved by ${person}. ${ticket.id} may run, once, exactly as shown.`,
            'An executor (in `serve`, or a process of its own) checks it all again and runs it.',
            ...(glass.broken.some(({ by }) => by === person)
              ? [`By broken glass: within 15 minutes. Somebody else reviews it: holdshort tickets review ${ticket.id}`]
              : []),
            `Watch:  holdshort tickets show ${ticket.id}`,
            `Take back, until ${plan.steps ? 'its last request' : 'it'} begins:  holdshort approve ${ticket.id} --withdraw`,
          ]
        : [
            `Recorded ${person}'s approval of ${ticket.id}; it does not run yet.`,
            `Still needed: ${missing ?? 'nothing'}`,
            `Others decide with: holdshort approve ${ticket.id} (until ${plan.expires_at})`,
          ];
    default:
      return decision satisfies never;
  }
}
