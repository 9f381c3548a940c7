import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { slotsOf } from '../../src/executor/slots.ts';
import { REASON } from '../scenes/front-door.ts';
import { NOTHING_HELD, setScene } from '../scenes/whole.ts';

const UNDER_WAY = 16;
/** Longer than the test takes: none of them ends. */
const STEP_MS = 10 * 60_000;

test('so many at once, the others in the order in which they came', async () => {
  const slots = slotsOf(2);
  const did: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) =>
    slots.in(async () => {
      did.push(name);
      await new Promise<void>((end) => ends.push(end));
    });
  const all = ['a', 'b', 'c', 'd'].map(work);
  expect([did, slots.free]).toEqual([['a', 'b'], 0]);
  ends[1]?.();
  await all[1];
  expect(did).toEqual(['a', 'b', 'c']);
  for (const end of ends) end();
  await all[2];
  ends.at(-1)?.();
  await Promise.all(all);
  expect([did, slots.free, slots.taken]).toEqual([['a', 'b', 'c', 'd'], 2, 0]);
});

test('what is given back twice is given back once', () => {
  const slots = slotsOf(2);
  const [first] = [slots.take(), slots.take()];
  first();
  first();
  expect(slots.taken).toBe(1);
});

test('what waits aside twice at once, or ends while it does, gives back all that it took', async () => {
  const slots = slotsOf(1);
  const [one, other, late] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const both = slots.in((aside) => Promise.all([aside(() => one.promise), aside(() => other.promise)]));
  one.resolve();
  // It waits for the other still: whoever comes now has the only one.
  await slots.in(async () => other.resolve());
  await both;
  let aside: Promise<void> | undefined;
  const failed = slots.in(async (wait) => {
    aside = wait(() => late.promise);
    throw new Error('over');
  });
  await expect(failed).rejects.toThrow('over');
  late.resolve();
  await aside;
  expect([slots.free, slots.taken]).toEqual([1, 0]);
});

test('while sixteen deletions are watched, the same executor sends a seventeenth', async () => {
  const stacks = Array.from({ length: UNDER_WAY + 1 }, (_, n) => `slow-${n}`);
  await using scene = await setScene(
    { stacks: stacks.map((name) => ({ name, template: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } })) },
    { config: NOTHING_HELD, latencyMs: STEP_MS },
  );
  const ask = (stack_name = '') =>
    void scene.agent.call('cloudformation_delete_stack', { stack_name, reason: REASON }).catch(() => undefined);
  const underWay = async () => {
    const { Stacks = [] } = await scene.cloudformation.send(new DescribeStacksCommand({}));
    return Stacks.filter(({ StackStatus }) => StackStatus === 'DELETE_IN_PROGRESS').length;
  };
  await scene.executing();
  stacks.slice(0, UNDER_WAY).forEach(ask);
  expect(await scene.cloud.arrived('DeleteStack', UNDER_WAY)).toHaveLength(UNDER_WAY);
  expect(await underWay()).toBe(UNDER_WAY);
  ask(stacks.at(-1));
  expect(await scene.cloud.arrived('DeleteStack', UNDER_WAY + 1)).toHaveLength(UNDER_WAY + 1);
  expect(await underWay()).toBe(UNDER_WAY + 1);
});
