import { expect, test } from 'vitest';
import { transitionOf } from '../../tools/ec2/instances/transition-evidence.ts';
import type { Instance } from '../../tools/ports/ec2-instances.ts';

const ID = 'i-0b1c0b1c0b1c0b1c0';
const attempt = { token: 't', intended_at: '2026-11-22T12:14:36.500Z' };

function fits(given: Partial<Instance>, guard: object = {}): boolean {
  const instance = { instance_id: ID, state: 'stopped', tags: {}, block_devices: [], security_groups: [], ...given };
  return transitionOf(instance as unknown as Instance, { [ID]: { ...guard } }, attempt).fits;
}

test.each([
  ['User initiated (2026-11-22 12:14:36 GMT)', true],
  ['User initiated (2026-11-22 12:14:36 UTC)', true],
  ['User initiated (2026-11-22 12:12:37 GMT)', true],
  ['User initiated (2026-11-22 12:12:30 GMT)', false],
  ['User initiated (2026-11-22 12:29:30 GMT)', true],
  ['User initiated (2026-11-22 12:29:40 GMT)', false],
  ['User initiated (2025-11-22 12:14:36 GMT)', false],
  ['User initiated', true],
  ['', true],
  ['Server.SpotInstanceTermination: capacity', false],
  ['Client.InstanceInitiatedShutdown: Instance initiated shutdown', false],
])('stopped or terminated, %j: %s', (state_transition_reason, expected) => {
  expect(fits({ state_transition_reason })).toBe(expected);
  expect(fits({ state: 'terminated', state_transition_reason })).toBe(expected);
});

test('a start is dated by its launch', () => {
  expect(fits({ state: 'running', launch_time: '2026-11-22T12:14:38.000Z' })).toBe(true);
  expect(fits({ state: 'running', launch_time: '2026-11-22T11:00:00.000Z' })).toBe(false);
  expect(fits({ state: 'running', launch_time: '2026-11-22T13:00:00.000Z' })).toBe(false);
  // Left as the plan saw it on the stopped instance, it dates no start.
  const launch_time = '2026-11-22T11:00:00.000Z';
  expect(fits({ state: 'running', launch_time }, { launch_time })).toBe(true);
});
