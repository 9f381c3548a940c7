import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Impact, PlanRecord, Step } from '../../../src/kernel/plan.ts';
import type { Attempt, Readers } from '../../define.ts';
import type { Volume } from '../../ports/ec2-storage.ts';
import { wrongState } from '../../refusing.ts';
import { waitOr } from './guard.ts';
import { snapshotLine } from './taking.ts';
import { volumeText } from './target.ts';

/*
 * Volumes are deleted after a snapshot of each was taken, in requests with an intent of their own: nothing is deleted
 * before AWS shows every one of them complete.
 */

export const TAKES = 'ec2_create_snapshot';

/** The most volumes of one ticket. */
const MOST = 20;

interface First {
  readonly steps?: readonly Step[];
  readonly lines: readonly Impact[];
}

/**
 * What comes before a deletion; no steps where no volume goes.
 * @param last the deletion
 * @throws invalid_input, wrong_state
 */
export function snapshotsFirst(volumes: readonly Volume[], last: Step): First {
  if (volumes.length > MOST)
    throw new HoldshortError(
      'invalid_input',
      `${volumes.length} volumes go with it: one ticket takes snapshots of at most ${MOST}`,
      'ask for fewer instances at once; of one that has more, let volumes be detached first, and delete each by itself',
    );
  for (const { volume_id, state } of volumes) {
    if (state === 'available' || state === 'in-use') continue;
    throw wrongState(
      `${volume_id} is ${state}: no snapshot can be taken of it first`,
      waitOr(state, 'available or in use', 'ask your operator what is to become of its data'),
    );
  }
  if (volumes.length === 0) return { lines: [] };
  const taking = volumes.map(
    (volume): Step => ({
      tool: TAKES,
      detail: `takes a snapshot of ${volumeText(volume)}, and waits until it is complete`,
      leaves: 'nothing is deleted; the snapshots taken by then stay, and cost until they are deleted',
    }),
  );
  return { steps: [...taking, last], lines: volumes.map(snapshotLine) };
}

/**
 * The volume of which the attempt's step takes a snapshot; undefined where it is the deletion.
 * @param volumes in the order of the steps
 */
export function takenAt(
  volumes: readonly string[],
  { steps }: Pick<PlanRecord, 'steps'>,
  { step = 1 }: Pick<Attempt, 'step'>,
): string | undefined {
  if (!steps) return undefined;
  const [tool, volume] = [steps[step - 1]?.tool, volumes[step - 1]];
  if (tool === TAKES && volume !== undefined) return volume;
  if (tool !== TAKES && tool !== undefined) return undefined;
  throw new HoldshortError('internal', `nothing was sent: there is no step ${step}`, 'report this as a bug');
}

/**
 * The snapshots that this very ticket took, by the volumes' ids.
 * @param volumes in the order of the steps
 * @param made the ARNs of what they made
 * @throws internal where one is missing
 */
export function takenOf(volumes: readonly string[], made: readonly string[]): ReadonlyMap<string, string> {
  const ids = made.map((arn) => arn.split(':snapshot/')[1]);
  if (ids.length !== volumes.length || ids.includes(undefined))
    throw new HoldshortError(
      'internal',
      `of ${volumes.length} volumes there are ${ids.length} snapshots`,
      'report this as a defect; nothing was deleted',
    );
  return new Map(volumes.map((volume, at) => [volume, ids[at] ?? '']));
}

/** Between the store's clock and AWS's. */
const SKEW_MS = 5 * 60_000;

/**
 * What is not as it was when each was complete. The attacker, or chance, has one deleted, or archived, while the others
 * are taken; or passes an older one off as taken: of what was written to the volume since, nothing would be left.
 * @param volumes those of the steps before, in their order
 * @param plan what was approved, by which the time is known before which none of them can have been begun
 */
export async function takenDiffers(
  volumes: readonly string[],
  made: readonly string[],
  { created_at }: Pick<PlanRecord, 'created_at'>,
  { ec2 }: Readers,
): Promise<string | undefined> {
  const taken = takenOf(volumes, made);
  const there = await ec2.everyOwnSnapshot([{ name: 'snapshot-id', values: [...taken.values()] }]);
  const since = Date.parse(created_at) - SKEW_MS;
  const old = there.find(({ start_time }) => !(Date.parse(start_time ?? '') >= since));
  if (old)
    return `${old.snapshot_id} was begun ${old.start_time ?? 'at a time that AWS does not say'}, before the plan`;
  const gone = [...taken].find(
    ([volume, id]) =>
      !there.some(
        (one) =>
          one.snapshot_id === id &&
          one.volume_id === volume &&
          one.state === 'completed' &&
          one.storage_tier !== 'archive',
      ),
  );
  return gone && `${gone[1]}, which this ticket took of ${gone[0]}, is not there any more, complete and not archived`;
}
