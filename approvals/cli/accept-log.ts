import { HoldshortError } from '../../src/kernel/errors.ts';
import { safeText } from '../../src/kernel/safe-text.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import type { Accepted, HeadComparison, HeadStore } from '../../src/store/head/port.ts';
import { acceptLog } from '../accept-log.ts';
import { checkedReason, readEnrolled, typedHere } from '../desk.ts';
import { personOf } from '../keys/signer.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToManage, recordingRejection } from '../record/rejection.ts';
import type { CommandContext } from './context.ts';
import { heldKey, identityOf, type SigningOptions } from './held-key.ts';

interface AcceptOptions extends SigningOptions {
  /** `SIZE:ROOT`, and `:SERVER` of a database's, of the log that was looked at. */
  readonly head?: string | undefined;
  readonly reason?: string | undefined;
}

/** `audit accept`: shows what was lost; with `--head`, an admin goes on from the log as it was shown. */
export async function auditAccept(
  context: CommandContext,
  head: HeadStore,
  options: AcceptOptions,
): Promise<CommandResult> {
  if (options.head === undefined) {
    const compared = shown(await head.compare());
    return { ...compared, text: typedHere(context, compared.text) };
  }
  const accepted = headIn(options.head);
  const reason = checkedReason(options.reason ?? '');
  const attempt = attemptToManage('cli', personOf(identityOf(context, options)), { attempt: 'accept' });
  const { before, by } = await recordingRejection(context, attempt, async (proved) => {
    const held = await heldKey(context, await readEnrolled(context), options);
    const signer = telling(await held.open(), proved);
    return { before: await acceptLog(context, head, signer, accepted, reason), by: signer.name };
  });
  const text = `${by} accepted the log with ${entries(accepted.size)}. Approved tickets run again, as this log has them.`;
  return {
    data: { accepted: { ...accepted }, by, lost: before.lost.map((one) => ({ ...one })) },
    text,
    exit: EXIT.done,
  };
}

function shown({ seen, now, lost, problem }: HeadComparison): CommandResult {
  const data = {
    ok: problem === undefined,
    seen: seen && { ...seen },
    now: { ...now },
    lost: lost.map((one) => ({ ...one })),
    problem: problem && { ...problem },
  };
  if (!problem)
    return { data, text: `The log continues what was seen of it here (${entries(now.size)}).`, exit: EXIT.done };
  const text = [
    `Nothing runs: ${safeText(problem.message)}`,
    '',
    seen
      ? `seen       ${entries(seen.size)}, the last of ${safeText(seen.at)}\n           root ${seen.root}${placed(seen)}`
      : 'seen       nothing',
    `now        ${entries(now.size)}\n           root ${now.root}${placed(now)}`,
    ...(lost.length > 0 ? ['', 'Signed by people, seen here, and gone:'] : []),
    ...lost.map(({ seq, type }) => `  entry ${seq}, ${safeText(type)}`),
    '',
    'Find out first what happened: `holdshort audit verify`, your backups, who can write to the database. What was',
    'halted, denied, withdrawn or revoked in lost entries is halted, denied, withdrawn or revoked no more: say it again.',
    'An admin goes on from the log as it is now with',
    `  holdshort audit accept --reason TEXT --head ${now.size}:${now.root}${now.server === undefined ? '' : `:${now.server}`}`,
  ].join('\n');
  return { data, text, exit: EXIT.unverified };
}

function placed({ server }: Accepted): string {
  return server === undefined ? '' : `\n           server ${server}`;
}

/** @throws usage */
function headIn(text: string): Accepted {
  const [, size, root, server] = /^(\d{1,15}):([0-9a-f]{64})(?::(\d{1,20}-\d{1,10}-\d{1,10}))?$/.exec(text) ?? [];
  if (size !== undefined && root !== undefined) return { size: Number(size), root, server };
  throw new HoldshortError(
    'usage',
    '--head is not as it was shown',
    'copy it from what `holdshort audit accept` shows',
  );
}

function entries(size: number): string {
  return size === 1 ? '1 entry' : `${size} entries`;
}
