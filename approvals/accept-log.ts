import { HoldshortError } from '../src/kernel/errors.ts';
import type { Accepted, HeadComparison, HeadStore } from '../src/store/head/port.ts';
import type { Desk } from './desk.ts';
import type { Signer } from './keys/keys.ts';
import { checkSigner } from './people/revoke.ts';
import { recordStatement, signedAt } from './record/record-statement.ts';

/** The most tickets that the log's entry names of what was lost; it also says how many there are. */
const NAMED = 100;

/**
 * Goes on from the log as it is, although it doesn't continue what this installation saw of it: an admin says so, with
 * a signature that is in the log together with what was lost. The attacker put an older copy back, or hid a halt; only
 * a person can tell that from a disk that was lost.
 * @param accepted the log as the admin looked at it; it may have grown since
 * @throws not_enrolled
 * @throws conflict when there is nothing to accept
 * @throws log_not_continued when the log isn't the one that was looked at
 */
export async function acceptLog(
  desk: Desk,
  head: HeadStore,
  signer: Signer,
  accepted: Accepted,
  reason: string,
): Promise<HeadComparison> {
  const compared = await head.compare();
  const { seen, lost, problem } = compared;
  if (!problem)
    throw new HoldshortError('conflict', 'the log continues what was seen of it here', 'nothing needs doing');
  const event = {
    type: 'log.accepted',
    actor: `approver:${signer.name}`,
    detail: {
      reason,
      seen: seen && { ...seen },
      accepted: { ...accepted },
      lost: lost.slice(0, NAMED).map((one) => ({ ...one })),
      lost_count: lost.length,
    },
  } as const;
  await recordStatement(desk, signer, event, ({ registry, at }) => {
    checkSigner(registry, signer, 'admin');
    return {
      kind: 'accept',
      size: accepted.size,
      root: accepted.root,
      ...(accepted.server !== undefined && { server: accepted.server }),
      ...(seen && { seen: seen.size }),
      reason,
      ...signedAt(signer, at),
    };
  });
  await head.accept(accepted);
  return compared;
}
