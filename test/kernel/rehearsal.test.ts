import { expect, test } from 'vitest';
import { type Rehearsal, rehearsalFacts } from '../../src/kernel/rehearsal.ts';

/* One rule says whether a rehearsal failed, for policies, people and exit codes: what it can not tell is failed. */

const AT = '2026-11-24T12:00:00.000Z';
type Ended = 'to_its_end' | 'failed' | 'not_tried';

function played(change: Ended, back?: Ended, failed = 0): Rehearsal {
  return {
    carried_through: true,
    at: AT,
    change: { ended: change, detail: '', events: [] },
    ...(back ? { way_back: { ended: back, detail: '' } } : {}),
    failed: Array.from({ length: failed }, () => ({ resource: 'Jobs', type: 'AWS::SQS::Queue', what: 'no' })),
    not_back: [],
    model_lacks: [],
  };
}

test.each([
  ['the change and its way back went to their end', played('to_its_end', 'to_its_end'), false],
  ['nothing is kept of it', played('to_its_end'), false],
  ['the change failed, and no event tells in what', played('failed', 'not_tried'), true],
  ['the change failed where nothing is kept of it', played('failed'), true],
  ['the way back failed, and no event tells in what', played('to_its_end', 'failed'), true],
  ['the way back was not tried after a change that went to its end', played('to_its_end', 'not_tried'), true],
  ['the change was not tried', played('not_tried'), true],
  ['something failed on the way to the end', played('to_its_end', 'to_its_end', 1), true],
])('%s', (_, rehearsal, failed) => {
  expect(rehearsalFacts(rehearsal)).toEqual({ rehearsed: true, failed });
});

test('without one that was carried through it is neither rehearsed nor failed', () => {
  const neither = { rehearsed: false, failed: false };
  expect(rehearsalFacts(undefined)).toEqual(neither);
  expect(rehearsalFacts({ carried_through: false, at: AT, why: 'it broke off' })).toEqual(neither);
});
