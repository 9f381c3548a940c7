import { HoldshortError } from '../../src/kernel/errors.ts';
import { evidenceOf } from '../../src/kernel/resolution.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { checkedReason, readEnrolled, typedHere } from '../desk.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToDecide, recordingRejection, vouched } from '../record/rejection.ts';
import { PLAIN, usableWidth } from '../render/layout.ts';
import { outcomeText } from '../render/outcome.ts';
import { ticketText, titleText } from '../render/ticket.ts';
import { confirmationOf } from '../render/words.ts';
import { type Assessment, assessTicket, hearingOf } from '../tickets/assess.ts';
import { nameClaimed, noteLook } from '../tickets/look.ts';
import { checkMayResolve, resolve } from '../tickets/resolve.ts';
import { reviewData } from '../tickets/ticket-data.ts';
import type { CommandContext } from './context.ts';
import { checkFlags, type DecideOptions } from './decide.ts';
import { heldKey, identityOf } from './held-key.ts';

export interface ResolveOptions extends DecideOptions {
  readonly asHappened?: boolean | undefined;
  readonly asNotHappened?: boolean | undefined;
  readonly seen?: string | undefined;
}

/**
 * `tickets resolve`: a person says what became of a ticket of which AWS's records can't tell.
 * @throws as `checkMayResolve`
 * @throws usage
 * @throws not_confirmed when something else was typed than what was asked for
 */
export async function ticketsResolve(
  context: CommandContext,
  id: string,
  options: ResolveOptions,
): Promise<CommandResult> {
  const { happened, reason } = checkedOptions(context, id, options);
  const stored = await context.store.ticket(id);
  const { digest: vouchedDigest, ...about } = vouched(stored);
  const detail = { decision: 'resolve', happened, digest: options.digest ?? vouchedDigest };
  const attemptBy = (claimed: string) => attemptToDecide('cli', claimed, about, detail);
  const key = await recordingRejection(context, attemptBy(nameClaimed(identityOf(context, options))), async () =>
    heldKey(context, await readEnrolled(context), options),
  );
  const after = await recordingRejection(context, attemptBy(key.name), async (proved) => {
    const assessment = await assessTicket(context, stored);
    const digest = options.digest ?? assessment.digest;
    const seen = options.seen ?? evidenceOf(assessment.ticket.result);
    const said = { ticket: assessment.ticket.id, digest, seen, happened, reason };
    checkMayResolve(assessment, { ...said, by: key });
    if (!options.yes) await confirm(context, assessment, happened, key.name);
    return resolve(context, { ...said, signer: telling(await key.open(), proved) });
  });
  const text = [
    `Resolved by ${key.name}: ${after.ticket.id} counts as ${happened ? 'happened' : 'not happened'}.`,
    "It is shown as your word, not as AWS's, ever after; calls about the same are not held up for it any more.",
  ];
  return { data: { resolved_by: key.name, ...reviewData(after) }, text: text.join('\n'), exit: EXIT.done };
}

function checkedOptions(context: CommandContext, id: string, options: ResolveOptions) {
  const { asHappened, asNotHappened, reason, seen, yes } = options;
  if (Boolean(asHappened) === Boolean(asNotHappened))
    throw new HoldshortError(
      'usage',
      'say what became of it: one of --as-happened and --as-not-happened',
      `holdshort tickets resolve ${id} --as-happened --reason TEXT`,
    );
  if (reason === undefined)
    throw new HoldshortError(
      'usage',
      'it needs a reason: what you looked at, and saw',
      `holdshort tickets resolve ${id} ${asHappened ? '--as-happened' : '--as-not-happened'} --reason TEXT`,
    );
  checkFlags(context, id, 'tickets resolve', options);
  if (yes && !/^[0-9a-f]{64}$/.test(seen ?? ''))
    throw new HoldshortError(
      'usage',
      '--yes also takes --seen, the whole digest of what was known of its outcome when you looked',
      `64 hex digits, from \`holdshort tickets show ${id}\``,
    );
  return { happened: asHappened === true, reason: checkedReason(reason) };
}

/** Shows what it was to do and what is known of it, and asks. */
async function confirm(context: CommandContext, assessment: Assessment, happened: boolean, person: string) {
  const { terminal } = context;
  const paint = context.paint ?? PLAIN;
  const width = usableWidth(terminal.width);
  await noteLook(context, { ticket: assessment.ticket.id, door: 'cli', claimed: person });
  const shown = ticketText(assessment, {
    width,
    now: new Date(assessment.enrolled.at),
    paint: context.paint,
    command: context.command,
  });
  const known = outcomeText(assessment.ticket, width).trimStart();
  terminal.show([shown, '', '='.repeat(width), titleText(assessment.plan, paint), known].join('\n'));
  const { text, what } = confirmationOf(assessment.plan, assessment.digest);
  const says = happened ? 'happened' : 'did NOT happen';
  const typed = await terminal.ask(`To say as ${person} that this ${says}, type ${what} (${text}): `);
  if (typed === text) return;
  throw new HoldshortError('not_confirmed', `that is not ${what}, so nothing was said`, 'give the same command again');
}

/** Below an unknown ticket: who settles it, and how. */
export function resolveText(assessment: Assessment, context: CommandContext): string {
  const { ticket } = assessment;
  const { operators, adminProof } = hearingOf(assessment);
  const who = operators.anyone
    ? ['an admin to whom the login was never bound, with a key that proves', `${adminProof}, looks at AWS, and says`]
    : ['somebody whom the agent does not work for looks at AWS, and says'];
  const lines = [
    '',
    '',
    `To settle it: ${who[0]}`,
    ...who.slice(1),
    'what became of it (with --reason TEXT, what was seen there), one of:',
    `  holdshort tickets resolve ${ticket.id} --as-happened`,
    `  holdshort tickets resolve ${ticket.id} --as-not-happened`,
    'In scripts: add --yes, --digest with the digest above, and --seen with',
    `  ${evidenceOf(ticket.result)}`,
  ];
  return typedHere(context, lines.join('\n'));
}
