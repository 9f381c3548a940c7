import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { defineReadTool, type Readers } from '../define.ts';
import { Cursor, Region, ruled, StackNameOrArn } from '../fields.ts';
import { outside, pageOf, placeOf } from '../page.ts';
import type { DriftDetection, ResourceDrift } from '../ports/cloudformation-operations.ts';
import { wrongState } from '../refusing.ts';
import { existingStack } from './stack/target.ts';

/** A read has 40 s for its whole answer. */
const FOLLOWED_MS = 33_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const SHOWN_DIFFERENCES = 20;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/detect-drift-stack.html */
const CHECKABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

const DetectionId = ruled((value) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    ? undefined
    : 'is not a detection id; take it from the answer of the call that started the detection',
).describe('Goes on with that detection');

export default defineReadTool({
  name: 'cloudformation_detect_stack_drift',
  title: "Detect a stack's drift",
  description:
    'Find the resources of a CloudFormation stack that were changed or deleted outside of it. If it takes long, you get a detection_id to go on with.',
  toolset: 'cloudformation',
  actions: [
    'cloudformation:DescribeStacks',
    'cloudformation:DetectStackDrift',
    'cloudformation:DescribeStackDriftDetectionStatus',
    'cloudformation:DescribeStackResourceDrifts',
  ],
  input: z.strictObject({
    stack_name: StackNameOrArn,
    detection_id: DetectionId.optional(),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: { stack_name: 'shown', detection_id: 'shown', cursor: 'shown', region: 'shown' },
  async read({ stack_name, detection_id, cursor }, readers) {
    const { cloudformation } = readers;
    const { stack_id, stack_status } = await existingStack(stack_name, readers);
    if (!CHECKABLE.has(stack_status)) {
      throw wrongState(
        `stack ${stack_name} is ${stack_status}: AWS detects no drift in this state`,
        'wait until it is complete, then ask again',
      );
    }
    // Only a detection that was seen to its end gives a cursor.
    const id = detection_id ?? (cursor === undefined ? await cloudformation.detectDrift(stack_id) : undefined);
    const detection = id === undefined ? undefined : await followed(id, readers);
    if (detection && detection.stack_id !== stack_id) {
      throw new HoldshortError(
        'invalid_input',
        `detection ${id} is of another stack`,
        'leave detection_id out to start another detection',
      );
    }
    const about = {
      stack_id,
      ...(id === undefined ? {} : { detection_id: id }),
      ...(detection ? statusOf(detection) : {}),
    };
    if (detection?.status === 'DETECTION_IN_PROGRESS')
      return { ...about, next: 'call again with this detection_id: AWS is still comparing' };
    const place = placeOf(cursor);
    const page = await cloudformation.resourceDrifts(stack_id, place.token);
    const { items, ...rest } = pageOf(place, page.items.map(shownDrift), page.cursor);
    return { ...about, drifted: items, ...rest };
  },
});

/** The detection when it has ended, or as it is after as long as an answer may take. */
async function followed(id: string, { cloudformation }: Readers): Promise<DriftDetection> {
  const until = performance.now() + FOLLOWED_MS;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const detection = await cloudformation.driftDetection(id);
    if (detection.status !== 'DETECTION_IN_PROGRESS' || performance.now() + pause > until) return detection;
    await sleep(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function statusOf({ stack_id: _, ...detection }: DriftDetection) {
  return outside({ ...detection }) as { [key: string]: string };
}

function shownDrift({ differences, ...drift }: ResourceDrift) {
  const left = differences.length - SHOWN_DIFFERENCES;
  return {
    ...drift,
    differences: differences.slice(0, SHOWN_DIFFERENCES).map((one) => ({ ...one })),
    ...(left > 0 ? { differences_left_out: left } : {}),
  };
}
