import type { Json } from '../../src/kernel/digest.ts';
import { HoldshortError, refusalOf } from '../../src/kernel/errors.ts';
import { safeText } from '../../src/kernel/safe-text.ts';
import { type CommandResult, EXIT, type ExitCode, exitCodeOf } from '../../src/present/command-result.ts';
import { readEnrolled, typedHere } from '../desk.ts';
import type { CommandContext } from './context.ts';
import { type DecideOptions, decideHere } from './decide.ts';
import { heldKey } from './held-key.ts';

export interface SeveralOptions extends Omit<DecideOptions, 'digest'> {
  /** One for each ticket, in the same order. */
  readonly digest?: readonly string[] | undefined;
  readonly withdraw?: boolean | undefined;
}

/**
 * `approve ID…`, `deny ID…`: one after the other, each shown, decided and signed for itself. The first that can't be
 * decided ends it: what was decided before stands, what comes after is left alone, and both are said.
 * @throws usage
 * @throws as `decideHere` for one ticket alone
 */
export async function decideSeveral(
  context: CommandContext,
  ids: readonly string[],
  verdict: 'approve' | 'deny',
  { digest: digests, withdraw, ...options }: SeveralOptions,
): Promise<CommandResult> {
  const decision = withdraw ? 'withdraw' : verdict;
  if (digests && digests.length !== ids.length)
    throw new HoldshortError(
      'usage',
      `${ids.length} tickets and ${digests.length} digests do not go together`,
      'give one --digest for each ticket, in the same order',
    );
  if (new Set(ids).size < ids.length)
    throw new HoldshortError('usage', 'a ticket is named twice', 'name each ticket once');
  if (options.breakGlass && (ids.length > 1 || decision !== 'approve'))
    throw new HoldshortError('usage', '--break-glass goes with one approval of one ticket', 'name one ticket');
  const [only] = ids;
  if (only !== undefined && ids.length === 1)
    return decideHere(context, only, decision, { ...options, digest: digests?.[0] });
  const key = await heldKey(context, await readEnrolled(context), options);
  const decisions: Json[] = [];
  const lines: string[] = [];
  for (const [at, id] of ids.entries()) {
    if (!options.yes && decision !== 'withdraw') context.terminal.show(`\nTicket ${at + 1} of ${ids.length}\n`);
    try {
      const { data, text } = await decideHere(context, id, decision, { ...options, digest: digests?.[at] }, key);
      decisions.push(data);
      lines.push(text);
    } catch (error) {
      if (!(error instanceof HoldshortError)) throw error;
      return stopped(context, { decisions, lines, left: ids.slice(at) }, error);
    }
  }
  return { data: { decisions }, text: lines.join('\n\n'), exit: EXIT.done };
}

function stopped(
  context: CommandContext,
  { decisions, lines, left }: { decisions: readonly Json[]; lines: readonly string[]; left: readonly string[] },
  error: HoldshortError,
): CommandResult {
  const [failed = '', ...untouched] = left;
  const exit: ExitCode = exitCodeOf(error.code);
  const text = [
    ...lines,
    `Not decided: ${safeText(failed)}: ${safeText(error.message)}\n  ${typedHere(context, safeText(error.recovery))}`,
    ...(untouched.length > 0 ? [`Left alone after that: ${untouched.map(safeText).join(' ')}`] : []),
  ];
  const data = { decisions, failed: { ticket: failed, ...refusalOf(error) }, left_alone: untouched };
  return { data, text: text.join('\n\n'), exit };
}
