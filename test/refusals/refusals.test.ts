import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { REASON } from '../front-door.ts';
import { type Scene, setScene } from '../promises/scene.ts';
import { instanceChangeCases } from './instance-changes.ts';
import { instanceCases } from './instances.ts';
import { stackCases } from './stacks.ts';

/** Every refusal that `docs/tools.md` lists, run into through the built server: it says so, says what to do, and changes nothing. */
const CASES = [...stackCases, ...instanceCases, ...instanceChangeCases];

let scene: Scene;

beforeAll(async () => {
  const template = 'Resources: { Queue: { Type: "AWS::SQS::Queue" } }';
  scene = await setScene(
    {
      stacks: [
        { name: 'orders', template },
        { name: 'protected', template, terminationProtection: true },
      ],
      instances: [{ state: 'stopped' }],
    },
    { latencyMs: 5 },
  );
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const CHANGES = TOOLS.flatMap((tool) => (tool.kind === 'change' ? [tool] : []));

test('each one has a case, and each case is a listed one', () => {
  const listed = CHANGES.flatMap(({ name, refusals }) => Object.keys(refusals).map((code) => `${name} ${code}`));
  expect([...new Set(CASES.map(({ tool, code }) => `${tool} ${code}`))].sort()).toEqual(listed.sort());
});

describe.each(CHANGES.map(({ name, action }) => [name, action] as const))('%s', (name, action) => {
  test.each(CASES.filter(({ tool }) => tool === name).map((one) => [one.code, one.when, one] as const))(
    'refuses with %s: %s',
    async (code, _, one) => {
      const args = await one.args(scene);
      const effect = action.split(':')[1] ?? '';
      const before = (await scene.cloud.requests(effect)).length;
      const answer = await scene.agent.call(name, { ...args, reason: REASON });
      expect(answer, JSON.stringify(answer)).toMatchObject({
        outcome: 'refused',
        refusal: { code, message: expect.stringMatching(/./), recovery: expect.stringMatching(/./) },
      });
      expect(answer.ticket).toBeUndefined();
      expect((await scene.cloud.requests(effect)).length).toBe(before);
    },
  );
});
