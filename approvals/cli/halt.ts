import { type CommandResult, EXIT } from '../../src/kernel/command-result.ts';
import { safeText } from '../../src/kernel/safe-text.ts';
import { checkedReason, readEnrolled } from '../desk.ts';
import { liftHalt, setHalt } from '../halt.ts';
import { recordingRejection } from '../rejection.ts';
import { administrator, enrolledKey, personOf } from '../signer.ts';
import { type AdminOptions, assumedText } from './approvers.ts';
import type { CommandContext } from './context.ts';
import { unlockHere } from './secrets.ts';

/** `halt`: stops every change until `resume`. Whoever's key is here may: stopping is always safe. */
export async function halt(
  context: CommandContext,
  options: AdminOptions & { readonly reason: string },
): Promise<CommandResult> {
  const reason = checkedReason(options.reason);
  const identity = { as: options.as, env: context.env, osUser: context.osUser };
  const attempt = {
    type: 'approver.rejected',
    actor: `approver:${personOf(identity)}`,
    detail: { attempt: 'halt' },
  } as const;
  const { set, notes } = await recordingRejection(context, attempt, async () => {
    const { file, assumed } = await administrator(context, identity);
    const signer = await unlockHere(context, file, options.passphraseFile);
    return { set: await setHalt(context, reason, signer), notes: assumedText(assumed, file.name) };
  });
  const text = [
    ...notes,
    `Halted by ${set.by}: ${safeText(set.reason)}`,
    'No change runs until somebody lifts it: holdshort resume. What AWS was already asked for goes on.',
  ];
  return { data: { halted: true, by: set.by, reason: set.reason, at: set.at }, text: text.join('\n'), exit: EXIT.done };
}

/** `resume`: lifts the halt. Only under one's own name: it lets things happen. */
export async function resume(context: CommandContext, options: AdminOptions): Promise<CommandResult> {
  const person = personOf({ as: options.as, env: context.env, osUser: context.osUser });
  const attempt = { type: 'approver.rejected', actor: `approver:${person}`, detail: { attempt: 'resume' } } as const;
  const { lifted, signer } = await recordingRejection(context, attempt, async () => {
    const file = await enrolledKey(context, await readEnrolled(context), person, 'key');
    const key = await unlockHere(context, file, options.passphraseFile);
    return { lifted: await liftHalt(context, key), signer: key };
  });
  const text = `The halt of ${lifted.by} (${safeText(lifted.reason)}) was lifted by ${signer.name}. Approved tickets run now.`;
  return { data: { halted: false, lifted: { ...lifted }, by: signer.name }, text, exit: EXIT.done };
}
