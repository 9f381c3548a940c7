// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and IAM make of it
import { describe, expect, test } from 'vitest';
import { attribute, permits, sub, worstOf } from '../scenes/policies.ts';

const allow = (Action: unknown, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const policy = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });

test('an access list is only taken by a bucket that was there', () => {
  const lists = policy(allow(['s3:PutObjectAcl', 's3:PutObjectVersionAcl'], sub('${Bucket.Arn}/*')));
  expect(worstOf(permits(lists, undefined, undefined, ['Bucket']))).toBe('modify');
  expect(worstOf(permits(lists, undefined, undefined, ['Queue']))).toBe('expose');
  expect(worstOf(permits(policy(allow('s3:PutObjectAcl', '*')), undefined, undefined, ['Bucket']))).toBe('expose');
  expect(
    worstOf(permits(policy(allow('s3:PutBucketAcl', attribute('Bucket'))), undefined, undefined, ['Bucket'])),
  ).toBe('expose');
});

describe('managed policies', () => {
  const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;
  const trust = (Service: string) => ({
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });

  test.each<[string, unknown, string]>([
    ['one that was reviewed', aws('service-role/AWSLambdaBasicExecutionRole'), 'modify'],
    ['the same name under another path', aws('AWSLambdaBasicExecutionRole'), 'expose'],
    [
      "the same name of the account's",
      'arn:aws:iam::123456789012:policy/service-role/AWSLambdaBasicExecutionRole',
      'expose',
    ],
    ['one that reads secrets', aws('AmazonSSMManagedInstanceCore'), 'expose'],
    ['an administrator', aws('AdministratorAccess'), 'expose'],
    ['one that the same plan makes, and judges', { Ref: 'Managed' }, 'modify'],
    ['one that something else gives', { 'Fn::ImportValue': 'policy' }, 'expose'],
  ])('%s', (_, arn, effect) => {
    expect(worstOf(permits([arn]))).toBe(effect);
  });

  test('one for a service is harmless in its hands alone', () => {
    const list = [aws('service-role/AWSCodeDeployRoleForLambda')];
    expect(worstOf(permits(list, undefined, trust('codedeploy.amazonaws.com')))).toBe('modify');
    expect(worstOf(permits(list, undefined, trust('lambda.amazonaws.com')))).toBe('expose');
    expect(worstOf(permits(list, [], trust('codedeploy.amazonaws.com')))).toBe('expose');
  });

  test("Lambda's own for networks is harmless where its code is denied to take addresses", () => {
    const list = [aws('service-role/AWSLambdaVPCAccessExecutionRole')];
    const take = ['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
    const said = { Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } } };
    const denies = (...statements: readonly object[]) =>
      [
        {
          PolicyName: 'code',
          PolicyDocument: policy(...statements.map((one) => ({ Effect: 'Deny', Action: take, Resource: '*', ...one }))),
        },
      ] as never;
    const held = (inline?: never, service = 'lambda.amazonaws.com', before?: unknown) =>
      worstOf(permits(list, before, trust(service), [], inline));
    expect(held(denies(said))).toBe('modify');
    expect(held(denies({}))).toBe('modify');
    expect(held(denies({ ...said, Action: take[0] }, { ...said, Action: take[1] }))).toBe('modify');
    expect(held()).toBe('expose');
    expect(held(denies({ ...said, Action: take[0] }))).toBe('expose');
    expect(held(denies({ ...said, Effect: 'Allow' }))).toBe('expose');
    expect(held(denies({ ...said, Resource: 'arn:aws:ec2:*:*:network-interface/eni-1' }))).toBe('expose');
    expect(held(denies({ Condition: { Null: { 'lambda:SourceFunctionArn': 'true' } } }))).toBe('expose');
    expect(held(denies({ Condition: { ...said.Condition, Bool: { x: 'true' } } }))).toBe('expose');
    expect(held(denies({ Condition: { Null: { ...said.Condition.Null, 'aws:x': 'false' } } }))).toBe('expose');
    expect(
      held(denies({ Condition: { ArnEquals: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:*:*:function:a' } } })),
    ).toBe('expose');
    expect(held(denies(said), 'ec2.amazonaws.com')).toBe('expose');
    expect(held(denies(said), 'lambda.amazonaws.com', [])).toBe('expose');
    expect(permits(list, undefined, trust('lambda.amazonaws.com'))[0]?.why).toContain('lambda:SourceFunctionArn');
  });

  test('one that is taken away may have denied something, unless it was reviewed', () => {
    const basic = aws('service-role/AWSLambdaBasicExecutionRole');
    expect(worstOf(permits([], [basic]))).toBe('disrupt');
    expect(worstOf(permits([], [aws('AWSDenyAll')]))).toBe('expose');
    expect(worstOf(permits([], [aws('AmazonSSMManagedInstanceCore')]))).toBe('disrupt');
    expect(worstOf(permits([basic], [basic, aws('AWSXRayDaemonWriteAccess')]))).toBe('disrupt');
  });
});
