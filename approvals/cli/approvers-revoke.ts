import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { checkedReason, typedHere } from '../desk.ts';
import { personOf } from '../keys/signer.ts';
import { revoke } from '../people/revoke.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToManage, recordingRejection } from '../record/rejection.ts';
import { madeByText } from '../render/key.ts';
import { keyData } from './approvers-list.ts';
import type { CommandContext } from './context.ts';
import { anyHeldKey, identityOf, type SigningOptions } from './held-key.ts';

/** `approvers revoke NAME|KEY`. @throws as `revoke` */
export async function approversRevoke(
  context: CommandContext,
  whom: string,
  options: SigningOptions & { readonly reason: string },
): Promise<CommandResult> {
  const reason = checkedReason(options.reason);
  const attempt = attemptToManage('cli', personOf(identityOf(context, options)), { attempt: 'revoke', whom });
  const { revoked, withThem, goOn, enrolled, halted, by, notes } = await recordingRejection(
    context,
    attempt,
    async (proved) => {
      const { key, notes } = await anyHeldKey(context, options);
      const signer = telling(await key.open(), proved);
      return { ...(await revoke(context, whom, reason, signer)), by: signer.name, notes };
    },
  );
  const names = [...new Set(revoked.map(({ name }) => name))].join(', ');
  const text = [
    ...notes,
    `Revoked by ${by}: ${revoked.length === 1 ? 'one key' : `${revoked.length} keys`} of ${names}.`,
    'What it approved and has not run yet no longer counts.',
    ...madeByText({ withThem, goOn }),
    ...(halted ? ['A halt that it had lifted stands again: look why, then holdshort resume'] : []),
  ];
  return {
    data: {
      by,
      revoked: revoked.map((key) => keyData(enrolled.registry, key)),
      revoked_with_it: withThem.map((key) => keyData(enrolled.registry, key)),
      enrolled_by_it: goOn.map((key) => keyData(enrolled.registry, key)),
    },
    text: typedHere(context, text.join('\n')),
    exit: EXIT.done,
  };
}
