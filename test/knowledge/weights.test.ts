import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import type { Rules } from '../../tools/cloudformation/knowledge/language.ts';
import { permits } from '../scenes/policies.ts';
import { added, modified, sight } from '../tools/resource-change.ts';

/* What is told first. The attacker writes a dozen milder things before the one that counts. */

const allow = (Action: unknown, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const saying = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const weightOf = (document: unknown) => Math.max(...permits(document).map(({ weight = 0 }) => weight));

test('rights weigh more the more they give; what is not read is no less than one that is', () => {
  const one = 'arn:aws:s3:::one';
  const lightest = [
    [saying(allow('s3:PutBucketPolicy', one))],
    [saying(allow('s3:*', one))],
    [saying(allow('s3:PutBucketPolicy', '*'))],
    [saying(allow('s3:*', '*'))],
    [saying(allow('iam:PutRolePolicy', one)), saying(allow('sts:*', one)), saying(allow('i*:PassRole', one))],
    [saying({ Effect: 'Allow', NotAction: 's3:GetObject', Resource: '*' })],
    [saying(allow('kms:*', '*')), ['arn:aws:iam::aws:policy/AmazonS3FullAccess']],
    [saying(allow('*', '*')), saying(allow('*:*', '*')), saying(allow('*:*', 'arn:*')), 'a text'],
  ].map((alike) => [...new Set(alike.map(weightOf))]);
  for (const alike of lightest) expect(alike).toHaveLength(1);
  const weights = lightest.flat();
  expect(weights).toEqual(weights.toSorted((a, b) => a - b));
  expect(new Set(weights).size).toBe(weights.length);
});

const GROUP = 'AWS::EC2::SecurityGroup';
const tcp = (peer: object) => ({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...peer });
const closed = [{ IpProtocol: '-1', CidrIp: '127.0.0.1/32' }];
const told = (before: object, after: object) => {
  const group = { GroupDescription: 'g', VpcId: 'vpc-1' };
  return impactOf(modified(GROUP, { ...group, ...before }, { ...group, ...after }), sight());
};

test('of rules the one that lets in most is told first, however they were given', () => {
  const rules = ['10.0.0.0/8', '198.51.100.7/32', '0.0.0.0/0'].map((CidrIp) => tcp({ CidrIp }));
  const { detail, weight } = told({}, { SecurityGroupIngress: [tcp({ SourcePrefixListId: 'pl-1' }), ...rules] });
  const first = ['0.0.0.0/0', 'the prefix list pl-1', '10.0.0.0/8'].map((text) => detail.indexOf(text));
  expect(first).not.toContain(-1);
  expect(first).toEqual(first.toSorted((a, b) => a - b));
  expect(detail).toContain('and 1 more');
  expect(weight).toBe(told({}, { SecurityGroupIngress: [{ Unread: 1 }] }).weight);
});

test('that nothing limits what goes out hides no rule that lets others in', () => {
  const { detail } = told({ SecurityGroupEgress: closed }, { SecurityGroupIngress: [tcp({ CidrIp: '0.0.0.0/0' })] });
  expect(detail).toContain('no rule limits what may go out any more');
  expect(detail).toContain('tcp 22, 0.0.0.0/0 (the whole IPv4 internet)');
});

test('a finding that weighs more is told before others of its effect, beside a worse one too, and counts for the line', () => {
  const rows: Record<string, Rules> = {
    Last: 'permits',
    ...Object.fromEntries(names(14).map((name) => [name, 'expose'])),
  };
  const knowledge = new Map([['AWS::Made::Up', { page: 'aws-resource-x', new: 'replace' as const, properties: rows }]]);
  const properties = { ...Object.fromEntries(names(14).map((name) => [name, 1])), Last: 'what nobody reads' };
  const { effect, detail, weight } = impactOf(
    added('AWS::Made::Up', properties),
    sight(undefined, undefined, { knowledge }),
  );
  expect(effect).toBe('replace');
  expect(weight).toBe(8);
  expect(detail.indexOf('Last says what it may do')).toBeGreaterThan(0);
  expect(detail.indexOf('Last says')).toBeLessThan(detail.indexOf('P0 '));
});

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `P${at}`);
}
