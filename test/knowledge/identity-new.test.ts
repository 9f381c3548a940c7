// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and IAM make of it
import { describe, expect, test } from 'vitest';
import { addedBy } from '../../tools/cloudformation/deployment/effects/added.ts';
import { ACCOUNT, admits, attribute, calls, sub, trusts, worstOf } from '../scenes/policies.ts';
import { change } from '../tools/resource-change.ts';

/* What is new in the same change set has nobody who rests on it, and nothing in it: more may be said of it. */
const policy = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const OTHERS = '210987654321';

describe('a new role that roles of the same template may be', () => {
  const assume = (Principal: unknown, Action: unknown = 'sts:AssumeRole') => ({ Effect: 'Allow', Principal, Action });
  const own = { AWS: attribute('Role') };
  const lambda = { Service: 'lambda.amazonaws.com' };

  test.each<[string, unknown, readonly string[], string]>([
    ['one that is new too', policy(assume(own)), ['Role'], 'modify'],
    ['one that is new too, and a service', policy(assume(own), assume(lambda)), ['Role'], 'modify'],
    ['one that is there, which others may be', policy(assume(own)), [], 'expose'],
    ['what is called like one', policy(assume({ AWS: sub('${Role.Arn}x') })), ['Role'], 'expose'],
    ['whoever a queue is', policy(assume({ AWS: attribute('Queue') })), ['Queue'], 'expose'],
    ['one by any action', policy(assume(own, 'sts:*')), ['Role'], 'expose'],
    ['one that tags its sessions', policy(assume(own, ['sts:AssumeRole', 'sts:TagSession'])), ['Role'], 'expose'],
    ["one and someone's", policy(assume({ AWS: [attribute('Role'), OTHERS] })), ['Role'], 'expose'],
    [
      'one and two services',
      policy(assume(own), assume(lambda), assume({ Service: 'ec2.amazonaws.com' })),
      ['Role'],
      'expose',
    ],
    ['all but one', policy({ Effect: 'Allow', NotPrincipal: own, Action: 'sts:AssumeRole' }), ['Role'], 'expose'],
  ])('%s', (_, document, isNew, effect) => {
    expect(worstOf(trusts(document, undefined, isNew))).toBe(effect);
  });

  test('of a role that is there, what it may do would be given to it', () => {
    expect(worstOf(trusts(policy(assume(lambda), assume(own)), policy(assume(lambda)), ['Role']))).toBe('expose');
  });
});

describe('a new bucket', () => {
  const both = [attribute('Bucket'), sub('${Bucket.Arn}/*')];
  const emptied = ['s3:DeleteObject*', 's3:GetBucket*', 's3:List*', 's3:PutBucketPolicy'];
  const allow = (Principal: unknown, Action: unknown, Resource: unknown = both) =>
    policy({ Effect: 'Allow', Principal, Action, Resource });
  const role = { AWS: attribute('Role') };
  const origin = { CanonicalUser: attribute('Origin', 'S3CanonicalUserId') };
  const user = { AWS: sub('arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${Origin}') };

  test.each<[string, unknown, readonly string[], string]>([
    ['is emptied by a new role', allow(role, emptied), ['Bucket', 'Role'], 'modify'],
    ['is there, and is emptied', allow(role, emptied), ['Role'], 'expose'],
    ['is emptied by a role that is there', allow(role, emptied), ['Bucket'], 'expose'],
    ['is emptied by an account', allow({ AWS: OTHERS }, emptied), ['Bucket', 'Role'], 'expose'],
    ["is emptied, and all of the account's", allow(role, emptied, '*'), ['Bucket', 'Role'], 'expose'],
    ['lets its role do everything', allow(role, 's3:*'), ['Bucket', 'Role'], 'expose'],
    [
      'lets its role open it by its access block',
      allow(role, 's3:PutBucketPublicAccessBlock'),
      ['Bucket', 'Role'],
      'expose',
    ],
    ['is read by a new origin', allow(origin, ['s3:GetObject*', 's3:List*']), ['Bucket', 'Origin'], 'modify'],
    ['is read by a new origin, by its user', allow(user, 's3:GetObject'), ['Bucket', 'Origin'], 'modify'],
    ['is read by an origin that is there', allow(origin, 's3:GetObject'), ['Bucket'], 'expose'],
    ['is written by a new origin', allow(origin, 's3:PutObject'), ['Bucket', 'Origin'], 'expose'],
    ['is read by an origin as an account', allow({ AWS: origin.CanonicalUser }, 's3:GetObject'), ['Origin'], 'expose'],
    [
      'is read by whom a bucket names',
      allow({ CanonicalUser: attribute('Bucket') }, 's3:GetObject'),
      ['Bucket'],
      'expose',
    ],
  ])('%s', (_, document, isNew, effect) => {
    expect(worstOf(admits(document, undefined, isNew))).toBe(effect);
  });
});

describe('what is new may be sent to for its own account', () => {
  const from = (value: unknown, operator = 'StringEquals') => ({
    Condition: { [operator]: { 'aws:SourceAccount': value } },
  });
  const send = (
    more: object,
    Action: unknown = 'sns:Publish',
    Service = 's3.amazonaws.com',
    Resource: unknown = { Ref: 'Topic' },
  ) => policy({ Effect: 'Allow', Principal: { Service }, Action, Resource, ...more });

  test.each<[string, unknown, readonly string[], string]>([
    ['by a service that calls for others', send(from(ACCOUNT)), ['Topic'], 'modify'],
    ['where it is there already', send(from(ACCOUNT)), [], 'expose'],
    ['for another account', send(from(OTHERS)), ['Topic'], 'expose'],
    ['for its own and another', send(from([ACCOUNT, OTHERS])), ['Topic'], 'expose'],
    ['for all that begin alike', send(from('1*', 'StringLike')), ['Topic'], 'expose'],
    ['unless nothing is said', send(from(ACCOUNT, 'StringEqualsIfExists')), ['Topic'], 'expose'],
    ['for all but its own', send(from(ACCOUNT, 'StringNotEquals')), ['Topic'], 'expose'],
    [
      'by a service that calls for itself',
      send(from(ACCOUNT), 'sns:Publish', 'ec2.amazonaws.com'),
      ['Topic'],
      'expose',
    ],
    ['reading it', send(from(ACCOUNT), 'sns:Subscribe'), ['Topic'], 'expose'],
    ['everything', send(from(ACCOUNT), 'sns:Publish', 's3.amazonaws.com', '*'), ['Topic'], 'expose'],
  ])('%s', (_, document, isNew, effect) => {
    expect(worstOf(admits(document, undefined, isNew))).toBe(effect);
  });

  test.each<[string, Record<string, unknown>, readonly string[], string]>([
    ['a new function', { SourceAccount: ACCOUNT }, ['Fn'], 'modify'],
    ['a function that is there', { SourceAccount: ACCOUNT }, [], 'expose'],
    ['for another account', { SourceAccount: OTHERS }, ['Fn'], 'expose'],
    ['for anyone', {}, ['Fn'], 'expose'],
    ["another's function", { SourceAccount: ACCOUNT, FunctionName: 'pay' }, ['Fn'], 'expose'],
    ['by anyone in the account', { SourceAccount: ACCOUNT, Principal: '*' }, ['Fn'], 'expose'],
  ])('%s', (_, more, isNew, effect) => {
    const one = { FunctionName: attribute('Fn'), Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' };
    expect(worstOf(calls({ ...one, ...more }, isNew))).toBe(effect);
  });
});

describe('a new key', () => {
  const key = (Principal: unknown, Action: unknown, Condition?: object) =>
    policy({ Effect: 'Allow', Principal, Action, Resource: '*', ...(Condition ? { Condition } : {}) });
  const used = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];
  const through = (account: unknown, service: unknown) => ({
    StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': service },
  });
  const table = { Service: 'dynamodb.amazonaws.com' };

  test.each<[string, unknown, string]>([
    ['for a service that keeps by grants', key(table, [...used, 'kms:CreateGrant']), 'modify'],
    [
      'for that and one that does not',
      key({ Service: ['dynamodb.amazonaws.com', 'sns.amazonaws.com'] }, 'kms:CreateGrant'),
      'expose',
    ],
    ['for a service that may do everything', key(table, 'kms:*'), 'expose'],
    ['for a service, deleting it', key(table, 'kms:ScheduleKeyDeletion'), 'expose'],
    ['for the account through a service', key('*', used, through(ACCOUNT, ['s3.eu-west-1.amazonaws.com'])), 'modify'],
    ['for another account through a service', key('*', used, through(OTHERS, 's3.eu-west-1.amazonaws.com')), 'expose'],
    ['for the account and another', key('*', used, through([ACCOUNT, OTHERS], 's3.eu-west-1.amazonaws.com')), 'expose'],
    ['for the account, by itself', key('*', used, { StringEquals: { 'kms:CallerAccount': ACCOUNT } }), 'expose'],
    [
      'for anyone through a service',
      key('*', used, { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }),
      'expose',
    ],
    ['for the account through anything', key('*', used, { StringLike: through(ACCOUNT, '*').StringEquals }), 'expose'],
    [
      'for the account through a service, granting it',
      key('*', 'kms:CreateGrant', through(ACCOUNT, 's3.eu-west-1.amazonaws.com')),
      'expose',
    ],
    [
      'for a person who is named, through a service',
      key({ AWS: OTHERS }, used, through(ACCOUNT, 's3.eu-west-1.amazonaws.com')),
      'expose',
    ],
  ])('%s', (_, document, effect) => {
    expect(worstOf(admits(document))).toBe(effect);
  });

  test('is another matter once it is there', () => {
    const through_s3 = key('*', used, through(ACCOUNT, 's3.eu-west-1.amazonaws.com'));
    expect(worstOf(admits(through_s3, policy()))).toBe('expose');
    expect(worstOf(admits(key(table, used), policy()))).toBe('expose');
  });
});

test('an id that AWS makes up names one thing, also with its place written out', () => {
  const from = (arn: unknown) =>
    calls({
      FunctionName: { Ref: 'Fn' },
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: arn,
    });
  expect(worstOf(from(sub('arn:aws:execute-api:eu-west-1:123456789012:${Api}/*/GET/x')))).toBe('modify');
  expect(worstOf(from(sub('arn:aws:execute-api:*:*:${Api}/*/GET/x')))).toBe('expose');
  expect(worstOf(from(sub('arn:aws:sqs:eu-west-1:123456789012:${Api}')))).toBe('expose');
  expect(
    worstOf(
      calls({
        FunctionName: { Ref: 'Fn' },
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: sub('arn:aws:events:eu-west-1:210987654321:rule/${Rule}'),
      }),
    ),
  ).toBe('expose');
});

test('new is what AWS adds once, surely, and what the stack does not have', () => {
  const facts = { resources: { There: { type: 'AWS::IAM::Role' } } } as never;
  const one = (logical_id: string, more = {}) => change({ action: 'Add', logical_id, ...more });
  const changes = [
    one('New'),
    one('There'),
    one('Twice'),
    change({ action: 'Modify', logical_id: 'Twice' }),
    one('Thrice'),
    one('Thrice'),
    one('Thrice'),
    one('Doubted', { doubts: ['x'] }),
    one('Imported', { action: 'Import' }),
  ];
  expect([...addedBy(changes, facts)]).toEqual(['New']);
});
