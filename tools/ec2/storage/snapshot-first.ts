import { SKEW_MS } from '../../../src/kernel/arrival.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Impact, PlanRecord, Step } from '../../../src/kernel/plan.ts';
import type { Attempt, Readers } from '../../define.ts';
import type { Volume } from '../../ports/ec2-storage.ts';
import { wrongState } from '../../refusing.ts';
import { waitOr } from './guard.ts';
import { snapshotLine, type Taking, TOGETHER } from './taking.ts';
import { volumeText } from './target.ts';

/*
 * Volumes are deleted after a snapshot of each was taken, in requests with an intent of their own: nothing is deleted
 * before AWS shows every one of them complete. Those of one instance are of one moment.
 */

export const TAKES = 'ec2_create_snapshot';

/** The most volumes of one ticket. */
const MOST = 20;

interface First {
  readonly steps?: readonly Step[];
  readonly lines: readonly Impact[];
}

const LEAVES = 'nothing is deleted; the snapshots taken by then stay, and cost until they are deleted';

/**
 * What comes before a deletion; no steps where no volume goes.
 * @param volumes all that are to be taken, and may be more
 * @param last the deletion
 * @throws invalid_input, wrong_state
 */
export function snapshotsFirst(takings: readonly Taking[], volumes: readonly Volume[], last: Step): First {
  const going = volumesOf(takings).flatMap((id) => volumes.filter(({ volume_id }) => volume_id === id));
  if (going.length > MOST)
    throw new HoldshortError(
      'invalid_input',
      `${going.length} volumes go with it: one ticket takes snapshots of at most ${MOST}`,
      'ask for fewer instances at once; of one that has more, let volumes be detached first, and delete each by itself',
    );
  for (const { volume_id, state } of going) {
    if (state === 'available' || state === 'in-use') continue;
    throw wrongState(
      `${volume_id} is ${state}: no snapshot can be taken of it first`,
      waitOr(state, 'available or in use', 'ask your operator what is to become of its data'),
    );
  }
  if (going.length === 0) return { lines: [] };
  return { steps: [...takings.map((one) => takingStep(one, going)), last], lines: going.map(snapshotLine) };
}

function takingStep({ volumes, together }: Taking, all: readonly Volume[]): Step {
  const [one] = all.filter(({ volume_id }) => volume_id === volumes[0]);
  if (together)
    return {
      tool: TAKES,
      action: TOGETHER,
      leaves: LEAVES,
      detail: `takes snapshots of the ${volumes.length} volumes of ${together.instance_id} that go, all of one moment, and waits until each is complete`,
    };
  const detail = `takes a snapshot of ${one ? volumeText(one) : volumes[0]}, and waits until it is complete`;
  return { tool: TAKES, detail, leaves: LEAVES };
}

/** In the order of the steps, and in each as what it makes is told. */
function volumesOf(takings: readonly Taking[]): readonly string[] {
  return takings.flatMap(({ volumes }) => volumes);
}

/**
 * Of which volumes the attempt's step takes snapshots; undefined where it is the deletion.
 * @param takings in the order of the steps
 */
export function takenAt(
  takings: readonly Taking[],
  { steps }: Pick<PlanRecord, 'steps'>,
  { step = 1 }: Pick<Attempt, 'step'>,
): Taking | undefined {
  if (!steps) return undefined;
  const [tool, taking] = [steps[step - 1]?.tool, takings[step - 1]];
  if (tool === TAKES && taking !== undefined) return taking;
  if (tool !== TAKES && tool !== undefined) return undefined;
  throw new HoldshortError('internal', `nothing was sent: there is no step ${step}`, 'report this as a bug');
}

/**
 * The snapshots that this very ticket took, by the volumes' ids.
 * @param made the ARNs of what the steps made, in their order
 * @throws internal where one is missing
 */
export function takenOf(takings: readonly Taking[], made: readonly string[]): ReadonlyMap<string, string> {
  const volumes = volumesOf(takings);
  const ids = made.map((arn) => arn.split(':snapshot/')[1]);
  if (ids.length !== volumes.length || ids.includes(undefined))
    throw new HoldshortError(
      'internal',
      `of ${volumes.length} volumes there are ${ids.length} snapshots`,
      'report this as a defect; nothing was deleted',
    );
  return new Map(volumes.map((volume, at) => [volume, ids[at] ?? '']));
}

/**
 * What is not as it was when each was complete. The attacker, or chance, has one deleted, or archived, while the others
 * are taken; or passes an older one off as taken: of what was written to the volume since, nothing would be left.
 * @param takings those of the steps before, in their order
 * @param plan what was approved, by which the time is known before which none of them can have been begun
 */
export async function takenDiffers(
  takings: readonly Taking[],
  made: readonly string[],
  { created_at }: Pick<PlanRecord, 'created_at'>,
  { ec2 }: Readers,
): Promise<string | undefined> {
  const taken = takenOf(takings, made);
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
