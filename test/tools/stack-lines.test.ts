import { expect, test } from 'vitest';
import { readTemplate } from '../../src/aws/template/template.ts';
import type { Level } from '../../tools/cloudformation/deployment/levels.ts';
import { sharedLines } from '../../tools/cloudformation/deployment/stack-lines.ts';

const STACK = {
  stack_id: 'arn:stack',
  stack_name: 'app',
  stack_status: 'UPDATE_COMPLETE',
  creation_time: '2026-01-01T00:00:00.000Z',
  termination_protection: false,
  parameters: [],
  outputs: [],
  tags: {},
};

/** What is said of a stack that would run a template. */
function linesOf(template: object, more: Partial<Level> = {}) {
  const future = readTemplate(JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } }, ...template }));
  const level = { path: [], stack: STACK, future, changeSet: { doubts: [] }, ...more };
  return sharedLines(level as unknown as Level);
}

test.each([
  ['AWS::LanguageExtensions', 0],
  ['AWS::Serverless-2016-10-31', 0],
  ['AWS::Include', 0],
  ['AWS::SecretsManager-2020-07-23', 0],
  ['AWS::CodeDeployBlueGreen', 1],
  ['MyMacro', 1],
  ['AWS::Serverless-2016-10-31x', 1],
])('a template of the transform %s has %i unknown lines', (Transform, count) => {
  const lines = linesOf({ Transform });
  expect(lines.map(({ effect }) => effect)).toEqual(Array.from({ length: count }, () => 'unknown'));
});

test('a macro deep in a template counts as one at its top', () => {
  const Properties = { 'Fn::Transform': { Name: 'MyMacro', Parameters: {} } };
  const [line] = linesOf({ Resources: { A: { Type: 'AWS::SQS::Queue', Properties } } });
  expect(line).toMatchObject({ effect: 'unknown', detail: expect.stringContaining('MyMacro') });
});

test('hooks in a template are unknown, in a nested one by its path', () => {
  const Hooks = { Green: { Type: 'AWS::CodeDeploy::BlueGreen', Properties: {} } };
  const [line] = linesOf({ Hooks }, { path: ['Data', 'Inner'] });
  expect(line).toMatchObject({ effect: 'unknown', detail: expect.stringMatching(/^Data\/Inner: .*BlueGreen/) });
});

test('a stack that drifted is marked, with when that was seen', () => {
  const drift = { status: 'DRIFTED', checked_at: '2026-01-01T00:00:00.000Z' };
  const [line] = linesOf({}, { stack: { ...STACK, drift } });
  expect(line).toMatchObject({ effect: 'modify', detail: expect.stringContaining('2026-01-01') });
  expect(linesOf({}, { stack: { ...STACK, drift: { status: 'IN_SYNC' } } })).toEqual([]);
});
