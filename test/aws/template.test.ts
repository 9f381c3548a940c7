import { expect, test } from 'vitest';
import { readTemplate } from '../../src/aws/template.ts';
import { readTemplateSecrets } from '../../src/aws/template-secrets.ts';

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
    Database: { type: 'AWS::RDS::DBInstance', deletion_policy: 'Snapshot', update_replace_policy: 'Retain' },
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
  expect([...readTemplateSecrets(YAML).outputs].sort()).toEqual(['Connection', 'Direct']);
  const dynamic = { Outputs: { A: { Value: '{{resolve:secretsmanager:db:SecretString:password}}' } } };
  expect([...readTemplateSecrets(JSON.stringify(dynamic)).outputs]).toEqual(['A']);
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

const billions = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, at) => {
    const before = 'abcdefghi'[at];
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`;
  }),
].join('\n');

test.each([
  ['too many bytes', `# ${'x'.repeat(51_200)}`],
  ['not a mapping', '- 1'],
  ['nothing', ''],
  ['broken YAML', 'Resources: ['],
  ['the same key twice', 'Resources: {}\nResources: {}'],
  ['deep JSON', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['deep YAML', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['aliases that stand for billions', billions],
  ['an alias of itself', 'a: &a [*a]'],
])('%s is refused', (_, text) => {
  expect(() => readTemplate(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
