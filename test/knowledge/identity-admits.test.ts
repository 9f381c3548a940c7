// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and IAM make of it
import { describe, expect, test } from 'vitest';
import { ACCOUNT, admits, attribute, calls, sub, trusts, worstOf } from '../scenes/policies.ts';

const policy = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const assume = (Principal: unknown, more = {}) => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const lambda = { Service: 'lambda.amazonaws.com' };

describe('who may be a role', () => {
  test.each<[string, unknown]>([
    ['a service', policy(assume(lambda))],
    ['a service in a list', policy(assume({ Service: ['ecs-tasks.amazonaws.com'] }))],
    ['a service twice', policy(assume(lambda), assume(lambda))],
    ['a service with its region', policy(assume({ Service: 'states.eu-west-1.amazonaws.com' }))],
    ['the older language', { Statement: assume(lambda) }],
    [
      'a condition, which only takes away',
      policy(assume(lambda, { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })),
    ],
  ])('%s', (_, document) => {
    expect(trusts(document)).toEqual([{ effect: 'modify', why: expect.stringContaining('may act as it') }]);
  });

  test.each<[string, unknown]>([
    ['two services', policy(assume({ Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] }))],
    ['two services in two statements', policy(assume(lambda), assume({ Service: 'ec2.amazonaws.com' }))],
    ['a service and an account', policy(assume({ ...lambda, AWS: ACCOUNT }))],
    ['a service that was not reviewed', policy(assume({ Service: 'rolesanywhere.amazonaws.com' }))],
    ['what looks like a service', policy(assume({ Service: 'lambda.amazonaws.com.example.org' }))],
    ['a region where it has none', policy(assume({ Service: 'lambda.eu-west-1.amazonaws.com' }))],
    ['a service as an account', policy(assume({ AWS: 'lambda.amazonaws.com' }))],
    ['everyone', policy(assume('*'))],
    [
      'everyone, with a condition',
      policy(assume({ AWS: '*' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })),
    ],
    ['the account', policy(assume({ AWS: `arn:aws:iam::${ACCOUNT}:root` }))],
    ['its own role', policy(assume({ AWS: attribute('Role') }))],
    ['all but someone', policy({ Effect: 'Allow', NotPrincipal: lambda, Action: 'sts:AssumeRole' })],
    [
      'an identity provider',
      policy(assume({ Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' })),
    ],
    ['another action', policy(assume(lambda, { Action: ['sts:AssumeRole', 'sts:TagSession'] }))],
    ['every action', policy(assume(lambda, { Action: 'sts:*' }))],
    ['a service that only the execution tells', policy(assume({ Service: { Ref: 'SomeParameter' } }))],
    ['a text', JSON.stringify(policy(assume(lambda)))],
  ])('not: %s', (_, document) => {
    expect(worstOf(trusts(document))).toBe('expose');
  });

  test.each<[string, unknown, unknown, string]>([
    [
      'another service gets all that it may do',
      policy(assume({ Service: 'ec2.amazonaws.com' })),
      policy(assume(lambda)),
      'expose',
    ],
    ['one more', policy(assume(lambda), assume({ AWS: ACCOUNT })), policy(assume(lambda)), 'expose'],
    ['one less', policy(assume(lambda)), policy(assume(lambda), assume({ AWS: ACCOUNT })), 'disrupt'],
    [
      'a condition more',
      policy(assume(lambda, { Condition: { Bool: { k: 'true' } } })),
      policy(assume(lambda)),
      'disrupt',
    ],
    [
      'a condition less',
      policy(assume(lambda)),
      policy(assume(lambda, { Condition: { Bool: { k: 'true' } } })),
      'expose',
    ],
    ['the same in a list', policy(assume({ Service: ['lambda.amazonaws.com'] })), policy(assume(lambda)), 'modify'],
  ])('of one that is there: %s', (_, after, before, effect) => {
    expect(worstOf(trusts(after, before))).toBe(effect);
  });
});

describe('who may use a resource', () => {
  const send = (Principal: unknown, more = {}) => ({
    Effect: 'Allow',
    Principal,
    Action: 'sqs:SendMessage',
    Resource: attribute('Queue'),
    ...more,
  });
  const topic = { Service: 'sns.amazonaws.com' };
  const own = { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } } };
  const insecure = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };

  test.each<[string, unknown]>([
    ['a service for its own topic', send(topic, { Condition: own })],
    [
      'the same, its key in other letters',
      send(topic, { Condition: { ArnLike: { 'AWS:SourceArn': { Ref: 'Topic' } } } }),
    ],
    ['the same, and a condition more', send(topic, { Condition: { ...own, StringLike: { 'aws:x': '*' } } })],
    ['its own role', send({ AWS: attribute('Role') })],
    ['a denial', insecure],
  ])('new: %s', (_, statement) => {
    expect(worstOf(admits(policy(statement)))).toBe('modify');
  });

  test.each<[string, unknown]>([
    ['a service for anyone', send(topic)],
    [
      'a service for a topic of others',
      send(topic, { Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:t' } } }),
    ],
    ['for its own and others', send(topic, { Condition: { ArnEquals: { 'aws:SourceArn': [{ Ref: 'Topic' }, '*'] } } })],
    [
      'unless nothing is said',
      send(topic, { Condition: { ArnEqualsIfExists: { 'aws:SourceArn': { Ref: 'Topic' } } } }),
    ],
    [
      'for all values, of none',
      send(topic, { Condition: { 'ForAllValues:ArnEquals': { 'aws:SourceArn': { Ref: 'Topic' } } } }),
    ],
    ['all but its own', send(topic, { Condition: { ArnNotEquals: { 'aws:SourceArn': { Ref: 'Topic' } } } })],
    [
      'twice, in other letters',
      send(topic, { Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' }, 'aws:sourcearn': '*' } } }),
    ],
    ['everyone, for its own topic', send('*', { Condition: own })],
    ['another account', send({ AWS: '210987654321' })],
    ['its own role, with every action', send({ AWS: attribute('Role') }, { Action: 'sqs:*' })],
    ['its own role, letting others in', send({ AWS: attribute('Role') }, { Action: 'sqs:AddPermission' })],
    ['what begins like its own role', send({ AWS: sub('${Role.Arn}/x') })],
    ["someone's role", send({ AWS: 'arn:aws:iam::123456789012:role/dev' })],
    ['all but someone', { Effect: 'Allow', NotPrincipal: topic, Action: 'sqs:SendMessage', Resource: '*' }],
    ['nobody who is named', { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
  ])('not: %s', (_, statement) => {
    expect(worstOf(admits(policy(statement)))).toBe('expose');
  });

  test("a new key may be left to its account's own policies, and to services that encrypt", () => {
    const key = (Principal: unknown, Action: unknown) => policy({ Effect: 'Allow', Principal, Action, Resource: '*' });
    const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    expect(worstOf(admits(key(root, 'kms:*')))).toBe('modify');
    expect(worstOf(admits(key({ AWS: 'arn:aws:iam::210987654321:root' }, 'kms:*')))).toBe('expose');
    expect(worstOf(admits(key(root, 'kms:*'), key(root, 'kms:Decrypt')))).toBe('expose');
    expect(worstOf(admits(key({ Service: 'logs.eu-west-1.amazonaws.com' }, ['kms:Encrypt*', 'kms:Decrypt*'])))).toBe(
      'modify',
    );
    expect(worstOf(admits(key({ Service: 'logs.eu-west-1.amazonaws.com' }, ['kms:Encrypt*', 'kms:CreateGrant'])))).toBe(
      'expose',
    );
  });
});

describe('AWS::Lambda::Permission', () => {
  const FunctionName = { Ref: 'Fn' };
  const Action = 'lambda:InvokeFunction';
  test.each<[string, Record<string, unknown>, string]>([
    ['a rule of its own', { Principal: 'events.amazonaws.com', SourceArn: attribute('Rule') }, 'modify'],
    [
      'a method of its own API',
      {
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sub('arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/x'),
      },
      'modify',
    ],
    [
      'its own bucket, in its account',
      { Principal: 's3.amazonaws.com', SourceArn: attribute('Bucket'), SourceAccount: { Ref: 'AWS::AccountId' } },
      'modify',
    ],
    ['an API for anyone', { Principal: 'apigateway.amazonaws.com' }, 'expose'],
    [
      'an API whose id begins alike',
      {
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sub('arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}*'),
      },
      'expose',
    ],
    [
      'any API',
      {
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sub('arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:*/*'),
      },
      'expose',
    ],
    ['everyone', { Principal: '*', SourceArn: attribute('Rule') }, 'expose'],
    ['an account', { Principal: '210987654321', SourceArn: attribute('Rule') }, 'expose'],
    ['a service that calls for itself', { Principal: 'ec2.amazonaws.com', SourceArn: attribute('Rule') }, 'expose'],
    [
      'another action',
      { Principal: 'events.amazonaws.com', SourceArn: attribute('Rule'), Action: 'lambda:*' },
      'expose',
    ],
    [
      'by its address',
      { Principal: 'events.amazonaws.com', SourceArn: attribute('Rule'), FunctionUrlAuthType: 'NONE' },
      'expose',
    ],
  ])('%s', (_, properties, effect) => {
    expect(worstOf(calls({ FunctionName, Action, ...properties }))).toBe(effect);
  });
});
