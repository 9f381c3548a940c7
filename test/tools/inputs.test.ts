import { expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { inputSchemaOf } from '../../tools/schema.ts';
import { REASON } from '../scenes/tools.ts';

const ID = 'i-00000000000000001';

function problems(name: string, input: unknown): readonly string[] {
  const result = TOOLS.find((tool) => tool.name === name)?.input.safeParse(input);
  return result?.success === false ? result.error.issues.map((issue) => issue.message) : [];
}

test.each([
  ['an unknown key', { instance_ids: [ID], dry_run: true, reason: REASON }, /nrecognized/],
  ['a wildcard', { instance_ids: ['i-*'], reason: REASON }, /wildcards are not taken; name each/],
  ['an option', { instance_ids: ['-f'], reason: REASON }, /begins with "-"/],
  [
    'another kind of id',
    { instance_ids: ['vol-00000000000000001'], reason: REASON },
    /not an instance id.*ec2_describe_instances/,
  ],
  ['no ids', { instance_ids: [], reason: REASON }, /name at least one/],
  ['an id twice', { instance_ids: [ID, ID], reason: REASON }, /name each once/],
  [
    'too many ids',
    { instance_ids: Array.from({ length: 51 }, (_, at) => `i-${String(at).padStart(8, '0')}`), reason: REASON },
    /at most 50/,
  ],
  ['no reason', { instance_ids: [ID] }, /./],
  [
    'a short reason',
    { instance_ids: [ID], reason: 'because' },
    /^say why in at least 10 characters: a person decides on it$/,
  ],
  ['a region that is none', { instance_ids: [ID], reason: REASON, region: 'Ireland' }, /like eu-west-1/],
])('%s is refused with what to do instead', (_, input, message) => {
  const found = problems('ec2_terminate_instances', input);
  expect(found.join('\n')).toMatch(message);
});

test.each(['*', 'dev-*', '-x', '--all', '', 'a b', 'x'.repeat(200), 'arn:aws:s3:::bucket', '../x'])(
  'a stack is not called %j',
  (stack_name) => {
    expect(problems('cloudformation_delete_stack', { stack_name, reason: REASON })).toHaveLength(1);
  },
);

test.each(['dev-web', 'arn:aws-us-gov:cloudformation:us-gov-west-1:123456789012:stack/a/0b1c-2d'])(
  'a stack may be called %s',
  (stack_name) => {
    expect(problems('cloudformation_delete_stack', { stack_name, reason: REASON })).toEqual([]);
  },
);

test.each([
  [{ tags: { 'aws:x': 'y' } }, /belongs to AWS/],
  [{ parameters: { 'a-b': 'c' } }, /letters and digits/],
  [{ capabilities: ['CAPABILITY_ALL'] }, /CAPABILITY_IAM/],
])('a deployment with %j is refused', (more, message) => {
  const found = problems('cloudformation_deploy_stack', { stack_name: 'a', reason: REASON, ...more });
  expect(found.join('\n')).toMatch(message);
});

test('every tool is strict, short, and no name decides a ticket', () => {
  for (const tool of TOOLS) {
    const schema = inputSchemaOf(tool);
    expect(schema.additionalProperties, tool.name).toBe(false);
    expect(tool.description.length, tool.name).toBeLessThanOrEqual(400);
    // About four characters a token: 45 tools in 10,000 tokens.
    expect(JSON.stringify([tool.name, tool.description, schema]).length, tool.name).toBeLessThanOrEqual(1_600);
    expect(tool.name).not.toMatch(/approve|decide|enroll|confirm|resume/);
    if (tool.kind === 'change') expect(schema.required, tool.name).toContain('reason');
  }
});
