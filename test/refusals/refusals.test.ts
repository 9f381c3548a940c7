import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';
import { instanceChangeCases } from './instance-changes.ts';
import { instanceCases } from './instances.ts';
import { networkCases } from './network.ts';
import { stackCases } from './stacks.ts';
import { storageCases } from './storage.ts';

/**
 * Every refusal that `docs/tools.md` lists, run into through the built server: it says so, says what to do, and changes
 * nothing.
 */
const CASES = [...stackCases, ...instanceCases, ...instanceChangeCases, ...storageCases, ...networkCases];

/** Longer than all of this takes. */
const HELD_MS = 3_600_000;

/** Anyone who has asked wants to know what now: that there is nothing, or only a word, is no answer. */
const HOW_TO_GO_ON = /^(?!(nothing to do|leave it|wait)$)\S+ \S+/;

let quick: Scene;
let held: Scene;

beforeAll(async () => {
  const template = 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }';
  quick = await setScene(
    {
      stacks: [
        { name: 'orders', template },
        { name: 'protected', template, terminationProtection: true },
      ],
      instances: [{ state: 'stopped' }, { rootDevice: 'instance-store', tags: { Name: 'instance-store' } }],
    },
    { latencyMs: 5 },
  );
  held = await setScene({ instances: [{}] }, { latencyMs: HELD_MS });
});
afterAll(async () => {
  await quick[Symbol.asyncDispose]();
  await held[Symbol.asyncDispose]();
});

const CHANGES = TOOLS.flatMap((tool) => (tool.kind === 'change' ? [tool] : []));

test('each one has a case, and each case is a listed one', () => {
  const listed = CHANGES.flatMap(({ name, refusals }) => Object.keys(refusals).map((code) => `${name} ${code}`));
  expect([...new Set(CASES.map(({ tool, code }) => `${tool} ${code}`))].sort()).toEqual(listed.sort());
});

describe.each(CHANGES.map(({ name, action }) => [name, action] as const))('%s', (name, action) => {
  test.each(CASES.filter(({ tool }) => tool === name).map((one) => [one.code, one.when, one] as const))(
    'refuses with %s: %s',
    async (code, _, one) => {
      const scene = one.held ? held : quick;
      const args = await one.args(scene);
      const effect = action.split(':')[1] ?? '';
      const before = (await scene.cloud.requests(effect)).length;
      const answer = await scene.agent.call(name, { ...args, reason: REASON });
      expect(answer, JSON.stringify(answer)).toMatchObject({
        outcome: 'refused',
        refusal: { code, message: expect.stringMatching(/./), recovery: expect.stringMatching(HOW_TO_GO_ON) },
      });
      expect(answer.ticket).toBeUndefined();
      expect((await scene.cloud.requests(effect)).length).toBe(before);
    },
  );
});
