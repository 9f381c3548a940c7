import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { checkedReason, personName, readEnrolled, typedHere } from '../desk.ts';
import { recover } from '../people/recover.ts';
import { requestFor } from '../people/requests.ts';
import { madeBy } from '../people/revoke.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToManage, recordingRejection } from '../record/rejection.ts';
import { madeByText } from '../render/key.ts';
import { keyData } from './approvers-list.ts';
import { checkAsked, confirmFingerprint } from './confirm-key.ts';
import type { CommandContext } from './context.ts';
import { heldKey, type SigningOptions } from './held-key.ts';

export interface RecoverOptions extends Omit<SigningOptions, 'as'> {
  /** Fingerprint of the key that was asked for. */
  readonly key: string;
  /** Fingerprints of what was lost. */
  readonly lost?: readonly string[] | undefined;
  readonly reason: string;
  readonly yes?: boolean | undefined;
}

/**
 * `approvers recover NAME`.
 * @throws as `recover`
 * @throws not_confirmed
 */
export async function approversRecover(
  context: CommandContext,
  name: string,
  options: RecoverOptions,
): Promise<CommandResult> {
  const person = personName(name, `'${name}'`);
  const reason = checkedReason(options.reason);
  const attempt = attemptToManage('cli', person, { attempt: 'recover', name: person });
  const { statement, enrolled, file } = await recordingRejection(context, attempt, async (proved) => {
    const before = await readEnrolled(context);
    const request = requestFor(before, person, options.key);
    checkAsked(context, request, options.key, options.yes);
    const held = await heldKey(context, before, { ...options, as: person });
    if (!options.yes)
      await confirmFingerprint(context, request, "This key will be an admin's, in place of what was lost");
    const asked = { key: request.id, lost: options.lost ?? [], reason };
    return recover(context, asked, telling(await held.open(), proved));
  });
  const { lost } = statement;
  const known = (id: string) => enrolled.registry.keys.get(id) ?? [];
  const gone = lost.flatMap(known);
  const keys = [...[statement.public_key_id].flatMap(known), ...gone];
  const text = [
    `${person} is enrolled as an admin with ${statement.public_key_id}, good for ${statement.max_assurance}.`,
    ...lost.map((id) => `Revoked: ${id}. What it approved and has not run yet no longer counts.`),
    ...madeByText(madeBy(enrolled.registry, gone)),
    '',
    `It counts for so much where this file is: ${file}`,
    'Copy it into the keys folder of every executor on another machine. Taken away, the key counts for no more than the one that',
    'signed for it; what was revoked stays revoked. It stands in the log, in `approvers list`, on the page and in `audit verify`.',
  ].join('\n');
  return {
    data: { name: person, file, lost: [...lost], keys: keys.map((key) => keyData(enrolled.registry, key)) },
    text: typedHere(context, text),
    exit: EXIT.done,
  };
}
