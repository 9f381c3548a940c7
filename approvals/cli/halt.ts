import { safeText } from '../../src/kernel/safe-text.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { checkedReason, readEnrolled, typedHere } from '../desk.ts';
import { liftHalt, setHalt } from '../halt.ts';
import { personOf } from '../keys/signer.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToManage, recordingRejection } from '../record/rejection.ts';
import type { CommandContext } from './context.ts';
import { anyHeldKey, heldKey, identityOf, type SigningOptions } from './held-key.ts';

/** `halt`: stops every change until `resume`. Anyone whose key is here may: stopping is always safe. */
export async function halt(
  context: CommandContext,
  options: SigningOptions & { readonly reason: string },
): Promise<CommandResult> {
  const reason = checkedReason(options.reason);
  const attempt = attemptToManage('cli', personOf(identityOf(context, options)), { attempt: 'halt' });
  const { set, notes } = await recordingRejection(context, attempt, async (proved) => {
    const { key, notes } = await anyHeldKey(context, options);
    return { set: await setHalt(context, reason, telling(await key.open(), proved)), notes };
  });
  const text = [
    ...notes,
    `Halted by ${set.by}: ${safeText(set.reason)}`,
    typedHere(
      context,
      'No change runs until somebody lifts it: holdshort resume. What AWS was already asked for goes on.',
    ),
  ];
  return { data: { halted: true, by: set.by, reason: set.reason, at: set.at }, text: text.join('\n'), exit: EXIT.done };
}

/** `resume`: lifts the halt. Only under an admin's own name: it lets things happen. */
export async function resume(context: CommandContext, options: SigningOptions): Promise<CommandResult> {
  const attempt = attemptToManage('cli', personOf(identityOf(context, options)), { attempt: 'resume' });
  const { lifted, signer } = await recordingRejection(context, attempt, async (proved) => {
    const enrolled = await readEnrolled(context);
    const held = await heldKey(context, enrolled, options);
    const key = telling(await held.open(), proved);
    return { lifted: await liftHalt(context, key, enrolled.halt), signer: key };
  });
  const text = `The halt of ${lifted.by} (${safeText(lifted.reason)}) was lifted by ${signer.name}. Approved tickets run now.`;
  return { data: { halted: false, lifted: { ...lifted }, by: signer.name }, text, exit: EXIT.done };
}
