import { type CommandResult, EXIT } from '../../src/kernel/command-result.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { type Decided, decide } from '../decide.ts';
import { checkedReason } from '../desk.ts';
import type { KeyFile } from '../keys.ts';
import { checkMayDecide } from '../may-decide.ts';
import { recordingRejection } from '../rejection.ts';
import { PLAIN, usableWidth } from '../render/layout.ts';
import { ticketText, titleText, verdictLines } from '../render/ticket.ts';
import { confirmationOf } from '../render/words.ts';
import { type Review, reviewTicket } from '../review.ts';
import { enrolledKey, personOf } from '../signer.ts';
import { reviewData } from '../ticket-data.ts';
import type { CommandContext } from './context.ts';
import { unlockHere } from './secrets.ts';

export interface DecideOptions {
  readonly as?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly digest?: string | undefined;
  readonly passphraseFile?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * `approve`. Errors: those of `decide`; `usage` without a terminal and without `--yes --digest`; `not_confirmed` when something else
 * than the target's name was typed.
 */
export function approve(context: CommandContext, id: string, options: DecideOptions): Promise<CommandResult> {
  return decideHere(context, id, 'approve', options);
}

/** `deny`. Errors as `approve`. */
export function deny(context: CommandContext, id: string, options: DecideOptions): Promise<CommandResult> {
  return decideHere(context, id, 'deny', options);
}

async function decideHere(context: CommandContext, id: string, decision: 'approve' | 'deny', options: DecideOptions) {
  checkFlags(context, id, decision, options);
  if (decision === 'deny' && options.reason === undefined)
    throw new HoldshortError(
      'usage',
      'a denial needs a reason',
      `holdshort deny ${id} --reason TEXT; the agent reads it`,
    );
  const person = personOf({ as: options.as, env: context.env, osUser: context.osUser });
  const reason = options.reason === undefined ? undefined : checkedReason(options.reason);
  const ticket = await context.store.ticket(id);
  const attempt = {
    type: 'decision.rejected',
    actor: `approver:${person}`,
    ticket: ticket.id,
    tool: ticket.draft.tool,
    detail: { decision, digest: options.digest ?? ticket.plan?.digest },
  } as const;
  const decided = await recordingRejection(context, attempt, async () => {
    const review = await reviewTicket(context, ticket);
    const file = await enrolledKey(context, review.enrolled, person, 'key');
    const digest = options.digest ?? review.digest;
    checkMayDecide(review, { person, key: file.id, digest, decision, assurance: 'key' });
    if (!options.yes) await confirm(context, review, decision, file);
    const signer = await unlockHere(context, file, options.passphraseFile);
    return decide(context, { ticket: ticket.id, digest, decision, assurance: 'key', signer, reason });
  });
  return resultOf(decided, decision, person);
}

function checkFlags({ terminal }: CommandContext, id: string, decision: string, { yes, digest }: DecideOptions): void {
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
  if (!yes && !terminal.interactive)
    throw new HoldshortError(
      'usage',
      `there is no terminal to ask you at, so nothing was decided`,
      `look at the plan: holdshort tickets show ${id}; then: holdshort ${decision} ${id} --yes --digest SHA256`,
    );
}

/** Shows the plan and asks for the target's name. What decides stands once more right above the question, where the eye is. */
async function confirm(
  context: CommandContext,
  review: Review,
  decision: 'approve' | 'deny',
  file: KeyFile,
): Promise<void> {
  const { terminal } = context;
  const paint = context.paint ?? PLAIN;
  const width = usableWidth(terminal.width);
  const { text, what } = confirmationOf(review.plan, review.digest);
  const again = [titleText(review.plan, paint), ...verdictLines(review.plan, width, paint)];
  terminal.show(
    [ticketText(review, { width, now: context.now(), paint: context.paint }), '', '='.repeat(width), ...again].join(
      '\n',
    ),
  );
  const typed = await terminal.ask(`To ${decision} this as ${file.name}, type ${what} (${text}): `);
  if (typed === text) return;
  throw new HoldshortError(
    'not_confirmed',
    `that is not ${what}, so nothing was decided`,
    `to decide it after all: holdshort ${decision} ${review.ticket.id}`,
  );
}

function resultOf({ review, moved }: Decided, decision: 'approve' | 'deny', person: string): CommandResult {
  const { ticket, plan } = review;
  const text =
    decision === 'deny'
      ? [`Denied by ${person}. ${ticket.id} will never run; the agent is told so.`]
      : moved
        ? [
            `Approved by ${person}. ${ticket.id} may run, once, exactly as shown.`,
            'An executor (in `serve`, or `holdshort executor`) checks it all again and runs it.',
            `Watch:  holdshort tickets show ${ticket.id}`,
            `Take back, until it begins:  holdshort deny ${ticket.id} --reason TEXT`,
          ]
        : [
            `Recorded ${person}'s approval of ${ticket.id}; it does not run yet.`,
            `Still needed: ${review.missing ?? 'nothing'}`,
            `Others decide with: holdshort approve ${ticket.id} (until ${plan.expires_at})`,
          ];
  const data = { decision, by: person, approved: decision === 'approve' && moved, ...reviewData(review) };
  return { data, text: text.join('\n'), exit: EXIT.done };
}
