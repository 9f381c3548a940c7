import { sha256 } from '../src/kernel/digest.ts';
import { HoldshortError } from '../src/kernel/errors.ts';
import type { Halt } from '../src/kernel/halt.ts';
import { quotedText } from '../src/kernel/safe-text.ts';
import { MOST_LIFTED } from '../src/kernel/statement.ts';
import type { Desk } from './desk.ts';
import type { Signer } from './keys/keys.ts';
import { checkSigner } from './people/revoke.ts';
import { recordStatement, signedAt } from './record/record-statement.ts';

/**
 * Stops every change at once, until someone lifts it. Reads go on; what AWS was already asked for can't be called back.
 * @throws not_enrolled
 * @throws conflict when it is in force already
 */
export async function setHalt(desk: Desk, reason: string, signer: Signer): Promise<Halt> {
  const event = { type: 'halt.set', actor: `approver:${signer.name}`, detail: { reason } } as const;
  const after = await recordStatement(desk, signer, event, ({ registry, halt, at }) => {
    checkSigner(registry, signer, 'approver');
    if (halt) throw new HoldshortError('conflict', `${halt.by} halted everything at ${halt.at}`, 'nothing needs doing');
    return { kind: 'halt', reason, ...signedAt(signer, at) };
  });
  // Someone may have lifted it in the same moment; then that is what is true.
  if (after.halt) return after.halt;
  throw new HoldshortError(
    'conflict',
    'the halt was lifted again at once',
    'see `holdshort audit list`, then halt again',
  );
}

/**
 * Lifts the halt that its signer knows of, and no other: while they typed a passphrase, someone may have had another
 * reason to stop. The attacker is an approver, or has their key, and halts more often than one statement can name: then
 * several are signed, and everything stays halted until the last of them is recorded.
 * @throws not_enrolled
 * @throws conflict when nothing is halted, or something else is
 * @param known what stood when they asked for it
 * @returns the halt that was lifted
 */
export async function liftHalt(desk: Desk, signer: Signer, known: Halt | undefined): Promise<Halt> {
  let lifted: Halt | undefined;
  const event = { type: 'halt.lifted', actor: `approver:${signer.name}`, detail: {} } as const;
  for (let left = known?.nonces.length ?? 0; ; left -= MOST_LIFTED) {
    const { halt: stands } = await recordStatement(desk, signer, event, ({ registry, halt, at }) => {
      checkSigner(registry, signer, 'admin');
      if (!halt) throw new HoldshortError('conflict', 'nothing is halted', 'nothing needs doing');
      const halts = halt.nonces.filter((nonce) => known?.nonces.includes(nonce)).slice(0, MOST_LIFTED);
      if (halts.length === 0) throw haltedAgain(halt);
      lifted ??= halt;
      return { kind: 'resume', halts, ...signedAt(signer, at) };
    });
    if (lifted && !stands) return lifted;
    if (left <= MOST_LIFTED) throw haltedAgain(stands);
  }
}

function haltedAgain(halt: Halt | undefined): HoldshortError {
  const by = halt ? ` by ${halt.by}: ${quotedText(halt.reason, 200, sha256)}` : '';
  return new HoldshortError(
    'conflict',
    `everything was halted again meanwhile${by}`,
    'find out why; then lift that halt too',
  );
}
