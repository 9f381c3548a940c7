import { expect, test } from 'vitest';
import { readTemplateSecrets } from '../../src/aws/template/secrets.ts';
import { readTemplate } from '../../src/aws/template/template.ts';

const YAML = `
AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::Serverless-2016-10-31
Parameters:
  Password: { Type: String, NoEcho: true }
  Quoted: { Type: String, NoEcho: 'true' }
  Plain: { Type: String }
  No: { Type: String, NoEcho: false }
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Retain
    Properties:
      MasterUserPassword: !Ref Password
      AvailabilityZone: !Select [0, !GetAZs '']
      Tags:
        - Fn::Transform: { Name: Other, Parameters: {} }
  Chosen:
    Type: AWS::S3::Bucket
    DeletionPolicy: !If [Prod, Retain, Delete]
  Named:
    Type: AWS::S3::Bucket
    DeletionPolicy: !Ref Retain
Outputs:
  Connection: { Value: !Sub 'db://admin:\${Password}@host' }
  Name: { Value: !GetAtt Database.Endpoint.Address }
  Direct: { Value: !Ref Quoted }
`;

test('YAML with short tags', () => {
  const facts = readTemplate(YAML);
  expect(facts.resources).toEqual({
    Database: {
      ...{ type: 'AWS::RDS::DBInstance', deletion_policy: 'Snapshot', update_replace_policy: 'Retain' },
      value_sources: { '/MasterUserPassword': ['Password'], '/Tags': ['*'] },
    },
    Chosen: { type: 'AWS::S3::Bucket', deletion_policy: 'computed' },
    // A parameter called Retain isn't the policy Retain.
    Named: { type: 'AWS::S3::Bucket', deletion_policy: 'computed' },
  });
  expect(facts.parameters).toEqual(['Password', 'Quoted', 'Plain', 'No']);
  expect(facts.no_echo_parameters).toEqual(['Password', 'Quoted']);
  expect(facts.transforms).toEqual(['AWS::Serverless-2016-10-31', 'Other']);
  expect(facts.bytes).toBe(Buffer.byteLength(YAML));
});

test('outputs that repeat a secret are known by their names', () => {
  const hiddenIn = (text: string) => [...readTemplateSecrets(text).with({}, () => false).outputs].sort();
  expect(hiddenIn(YAML)).toEqual(['Connection', 'Direct']);
  const dynamic = { Outputs: { A: { Value: '{{resolve:secretsmanager:db:SecretString:password}}' } } };
  expect(hiddenIn(JSON.stringify(dynamic))).toEqual(['A']);
});

test('JSON, with tabs too, and what it calls itself does no harm', () => {
  const facts = readTemplate(
    '{\n\t"Resources": {"__proto__": {"Type": "X", "DeletionPolicy": "Retain"}, "A": {"Type": "T"}}}',
  );
  expect(Object.hasOwn(facts.resources, 'A')).toBe(true);
  expect(Object.hasOwn(Object.prototype, 'type')).toBe(false);
  expect(facts.resources.A).toEqual({ type: 'T' });
});

test('what is written out wins over what is merged in', () => {
  const text = 'Base: &b {Type: X, DeletionPolicy: Retain}\nResources:\n  A:\n    DeletionPolicy: Delete\n    <<: *b\n';
  expect(readTemplate(text).resources.A).toEqual({ type: 'X', deletion_policy: 'Delete' });
});

test('an alias stands for the value that its anchor has there', () => {
  const text = 'A: &a {Type: P}\nB: &a {Type: Q}\nResources:\n  One: *a\n  Two: &a {Type: R}\n  Three: *a\n';
  const types = Object.values(readTemplate(text).resources).map(({ type }) => type);
  expect(types).toEqual(['Q', 'R', 'R']);
});

/** `a: &a [x,x]`, `b: &b [*a,*a]` …: each line stands for more values than the one before. */
function doubling(names: string, times: number): string {
  return [...names]
    .map((name, at) => {
      const inner = at === 0 ? 'x' : `*${names[at - 1]}`;
      return `${name}: &${name} [${Array.from({ length: times }, () => inner).join(',')}]`;
    })
    .join('\n');
}

const QUEUE = 'Resources: {Queue: {Type: AWS::SQS::Queue}}\n';
const many = (count: number, one: (at: number) => string) => Array.from({ length: count }, (_, at) => one(at)).join('');
const nested = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;

/* Several took the whole process minutes: the time limit of a test is what catches that. */
test.each([
  ['too many bytes', `# ${'x'.repeat(51_200)}`, /bytes/],
  ['not a mapping', '- 1', /mapping/],
  ['nothing', '', /mapping/],
  ['broken YAML', 'Resources: [', /line 1, column/],
  ['two documents', `${QUEUE}---\n${QUEUE}`, /more than one document/],
  ['the same key twice', 'Resources: {}\nResources: {}', /line 2, column 1/],
  ['the same key twice in a flow', '{A: 1, "A": 2}', /twice/],
  ['the same key after thousands', `${many(5_000, (at) => `k${at}: 1\n`)}k0: 2`, /twice/],
  ['a key that is a list', `${QUEUE}? [a, b]\n: 1`, /a key is not plain text/],
  ['a key that is an alias', `A: &a x\n${QUEUE}*a : 1`, /a key is not plain text/],
  ['deep JSON', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, /nested too deeply/],
  ['deep YAML', `a: ${nested}`, /nested too deeply/],
  ['deep YAML that never ends', '['.repeat(51_000), /nested too deeply/],
  ['deep keys', '? '.repeat(25_000), /nested too deeply/],
  ['deep blocks', '- '.repeat(25_000), /nested too deeply/],
  [
    'depth by aliases',
    `a: &a [${'['.repeat(40)}x${']'.repeat(41)}\nb: [${'['.repeat(40)}*a${']'.repeat(41)}`,
    /deeply/,
  ],
  ['aliases that stand for billions', doubling('abcdefghi', 10), /too many YAML aliases/],
  ['the same behind a long list', `pad: [${many(22_001, () => 'x,')}]\n${doubling('abcdefghijklmnop', 2)}`, /aliases/],
  ['thousands of aliases of one word', `a: &a x\nb: [${many(12_000, () => '*a,')}]`, /too many YAML aliases/],
  ['an alias of a long list', `a: &a [${many(9_000, () => 'x,')}]\nb: [*a, *a]`, /too many YAML aliases/],
  ['an alias of itself', 'a: &a [*a]', /stands for nothing/],
  ['an alias of nothing', 'a: *b', /stands for nothing/],
  ['an error in each character', `a: [${','.repeat(51_000)}`, /line 1/],
])('%s is refused', (_, text, message) => {
  const refused = expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) });
  expect(() => readTemplate(text)).toThrow(refused);
  expect(() => readTemplateSecrets(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test('many keys are no reason to refuse', () => {
  expect(readTemplate(`${many(5_000, (at) => `k${at}: 1\n`)}${QUEUE}`).resources).toHaveProperty('Queue');
  expect(readTemplateSecrets(`Parameters:\n${many(30_000, (at) => `  k${at}: {}\n`)}`).parameters.size).toBe(30_000);
});
