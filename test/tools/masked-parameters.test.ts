import { existsSync, readFileSync } from 'node:fs';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

/* An agent hands parameters back as it is shown them. */

const SECRET = 'correct-horse-battery';
const TEMPLATE = {
  Parameters: {
    Pin: { Type: 'String', NoEcho: true },
    DbPassword: { Type: 'String' },
    Url: { Type: 'String' },
    Mode: { Type: 'String', Default: 'a' },
  },
  Resources: {
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: 'x' },
        Role: 'arn:aws:iam::123456789012:role/f',
        MemorySize: 128,
        Environment: {
          Variables: { A: { Ref: 'Pin' }, B: { Ref: 'DbPassword' }, C: { Ref: 'Url' }, D: { Ref: 'Mode' } },
        },
      },
    },
  },
};
const VALUES = { Pin: `${SECRET}-1`, DbPassword: `${SECRET}-2`, Url: `postgres://u:${SECRET}-3@db/x` };

/** Whose the functions' role is, which is in no region. */
const OURS = "known: [{ id: 'arn:aws:iam::123456789012:role/f', environment: sandbox }]\n";

let scene: Scene;

beforeAll(async () => {
  const stacks = ['one', 'two'].map((name) => ({ name, template: TEMPLATE, parameters: VALUES }));
  scene = await setScene({ stacks }, { config: `${NOTHING_HELD}${OURS}`, serve: [], latencyMs: 2 });
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function shownOf(stack_name: string): Promise<Record<string, string>> {
  const { parameters } = await scene.agent.call('cloudformation_describe_stack', { stack_name });
  return Object.fromEntries(parameters.map(({ key, value }: { key: string; value: string }) => [key, value]));
}

function deploy(
  parameters: Record<string, string>,
  rest: Record<string, unknown> = { use_previous_template: true },
): Promise<any> {
  return scene.agent.call('cloudformation_deploy_stack', { stack_name: 'one', parameters, ...rest, reason: REASON });
}

/** What the last change set that was asked for was given. */
async function sent(): Promise<Record<string, unknown>> {
  const given = (await scene.cloud.requests('CreateChangeSet')).at(-1)?.parameters.Parameters as Record<
    string,
    unknown
  >[];
  return Object.fromEntries(
    given.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue ?? 'as before']),
  );
}

test('B9: parameters that are handed back as they were shown keep their values', async () => {
  const shown = await shownOf('one');
  expect(JSON.stringify(shown)).not.toContain(SECRET);
  expect(await deploy({ ...shown, Mode: 'b' })).toMatchObject({ outcome: 'completed' });
  const kept = { Pin: 'as before', DbPassword: 'as before', Url: 'as before' };
  expect(await sent()).toEqual({ ...kept, Mode: 'b' });
  // AWS's own mask of a NoEcho parameter, read elsewhere, stands for the same.
  expect(await deploy({ Pin: '****', Mode: 'c' })).toMatchObject({ outcome: 'completed' });
  expect(await sent()).toEqual({ ...kept, Mode: 'c' });
});

test('B9: a mask of another parameter or stack, or a part of one, is no value', async () => {
  const [one, two] = [await shownOf('one'), await shownOf('two')];
  const before = (await scene.cloud.requests('CreateChangeSet')).length;
  for (const parameters of [
    { Pin: one.DbPassword },
    { Pin: two.Pin },
    { DbPassword: `x${one.DbPassword}` },
    { Mode: '****' },
    { Mode: '[hidden:secret]' },
    { Url: one.Url?.replace('/x', '/y') },
  ] as Record<string, string>[]) {
    const { refusal } = await deploy(parameters);
    expect(refusal, JSON.stringify(parameters)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(`parameter ${Object.keys(parameters)[0]} is a mask`),
      recovery: expect.stringContaining('leave the parameter out'),
    });
  }
  const created = await scene.agent.call('cloudformation_deploy_stack', {
    stack_name: 'three',
    template_body: JSON.stringify(TEMPLATE),
    parameters: one,
    reason: REASON,
  });
  expect(created.refusal).toMatchObject({ code: 'invalid_input' });
  expect(await scene.cloud.requests('CreateChangeSet')).toHaveLength(before);
});

test('B9: a value that is kept is not made readable by a template in which it is no longer NoEcho', async () => {
  const open = structuredClone(TEMPLATE) as { Parameters: { Pin: object } };
  open.Parameters.Pin = { Type: 'String' };
  for (const parameters of [{}, { Pin: (await shownOf('one')).Pin ?? '' }])
    expect((await deploy(parameters, { template_body: JSON.stringify(open) })).refusal).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Pin is NoEcho'),
    });
  expect(await scene.cloudformation.send(new GetTemplateCommand({ StackName: 'one' }))).toMatchObject({
    TemplateBody: expect.stringContaining('NoEcho'),
  });
});

test('B9: none of it is in the plans or the log', () => {
  for (const suffix of ['', '-wal'])
    if (existsSync(scene.place.database + suffix))
      expect(readFileSync(scene.place.database + suffix, 'latin1').includes(SECRET)).toBe(false);
});
