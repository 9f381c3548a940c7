import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { sha256 } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Planners, Readers } from '../../define.ts';
import type { ChangeSetRequest, Stack } from '../../ports/cloudformation.ts';
import type { LiveComparison, LiveResource } from '../../ports/live-comparison.ts';

/*
 * What was changed by hand since a stack was deployed, and that a deployment may write over. Only a change set that
 * would revert it shows that: one is made beside the real one, read, and deleted. Executed, it would undo also what the
 * real one leaves alone; so nothing keeps its ARN, and no ticket knows it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
 */

const SHOWN = 5;
const SHOWN_VALUE = 80;

/** What was found when the plan was made, in which it stands: looking again would take another change set. */
export const LiveState = z.union([
  z.strictObject({ unknown_because: z.string() }),
  z.strictObject({
    /** What is said of each resource that AWS compared, by its logical id; nothing where it is as it was deployed. */
    resources: z.record(z.string(), z.array(z.string())),
  }),
]);
export type LiveState = z.output<typeof LiveState>;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** AWS reads each resource; the ticket doesn't wait longer than this for it. */
const PATIENCE_MS = 30_000;

/** Ends in what tells it from a ticket's own: the name of the one that is only shown. */
export function shownName(changeSetName: string): string {
  return `${changeSetName}-live`;
}

/**
 * Never fails: where AWS can't tell, or not in time, the plan says so.
 * @param over ends it early; what was made is deleted even so
 */
export async function lookAtLiveState(
  request: ChangeSetRequest,
  stack: Stack,
  { readers, planners, over }: { readonly readers: Readers; readonly planners: Planners; readonly over: AbortSignal },
): Promise<LiveState> {
  const change_set_name = shownName(request.change_set_name);
  let made: string | undefined;
  try {
    const answer = await planners.cloudformation.createChangeSet({
      ...request,
      change_set_name,
      client_token: `${request.client_token}-live`,
      description: `Shows what was changed by hand; made to be deleted, never to be executed. ${request.description}`,
      only_to_show: true,
    });
    if (answer.stack_id !== stack.stack_id)
      return { unknown_because: 'the stack was replaced by another one meanwhile' };
    made = answer.change_set_id;
    return stateOf(await untilMade(stack.stack_id, made, over, readers));
  } catch (error) {
    if (!(error instanceof HoldshortError)) throw error;
    return { unknown_because: bounded(error.message, 120, sha256) };
  } finally {
    // Where that fails too, it goes with the ticket's own: by `discard`, or when that one is executed.
    if (made !== undefined)
      await planners.cloudformation
        .deleteShownChangeSet({ change_set_name, stack_id: stack.stack_id })
        .catch(() => undefined);
  }
}

async function untilMade(
  stackId: string,
  changeSetId: string,
  over: AbortSignal,
  { cloudformation }: Readers,
): Promise<LiveComparison | string> {
  const giveUp = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const found = await cloudformation.liveComparison(stackId, changeSetId);
    if (found?.status === 'CREATE_COMPLETE') return found;
    if (found && !/^CREATE_(PENDING|IN_PROGRESS)$/.test(found.status))
      return `AWS could not compare with what is there: ${found.status_reason ?? found.status}`;
    if (over.aborted || performance.now() > giveUp) return 'AWS had not told it in time';
    await sleep(pause);
  }
}

function stateOf(found: LiveComparison | string): LiveState {
  if (typeof found === 'string') return { unknown_because: bounded(found, 120, sha256) };
  if (!found.compares) return { unknown_because: 'this endpoint does not compare with what is there' };
  const compared = found.resources.filter(({ drift }) => /^(IN_SYNC|MODIFIED|DELETED)$/.test(drift));
  return { resources: Object.fromEntries(compared.map((one) => [one.logical_id, saidOf(one)])) };
}

function saidOf({ drift, differences }: LiveResource): string[] {
  if (drift === 'DELETED') return ['it was deleted by hand since'];
  if (drift !== 'MODIFIED') return [];
  const left = differences.length - SHOWN;
  return [
    ...differences.slice(0, SHOWN).map(differenceText),
    ...(left > 0 ? [`and ${left} more changed by hand`] : []),
  ];
}

function differenceText({ path, actual, template }: LiveResource['differences'][number]): string {
  const name = plain(path.replace(/^\/?Properties\//, '').replaceAll('/', '.')) ?? 'a property';
  const is = plain(actual);
  const says = plain(template);
  if (is === undefined) return `changed by hand since: ${name}, which this writes over`;
  return `changed by hand since: ${name} is ${is}${says === undefined ? ', which this writes over' : `, and this writes ${says} over it`}`;
}

/** Anyone may have written it: what could read as words of ours isn't repeated. */
function plain(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= SHOWN_VALUE && /^[\w.:/@+=,*%-]+$/.test(text) ? text : undefined;
}

/** What would be written over of one resource that changes. */
export function writtenOver(live: LiveState | undefined, logicalId: string): readonly string[] {
  return live && 'resources' in live && Object.hasOwn(live.resources, logicalId)
    ? (live.resources[logicalId] ?? [])
    : [];
}

/** Where it was looked for and can't be told: silence would be taken for "nothing". */
export function liveNotes(live: LiveState | undefined, logicalId: string): readonly string[] {
  if (!live || ('resources' in live && Object.hasOwn(live.resources, logicalId))) return [];
  const why = 'unknown_because' in live ? live.unknown_because : 'AWS does not compare it';
  return [`whether it was changed by hand since is not known (${why})`];
}
