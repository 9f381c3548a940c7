// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and IAM make of it
import { describe, expect, test } from 'vitest';
import { attribute, permits, sub, worstOf } from '../scenes/policies.ts';

const allow = (Action: unknown, Resource: unknown, more = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const policy = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const deny = { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' };

describe('what is new may only do what was reviewed', () => {
  test.each<[string, unknown]>([
    [
      'writing logs, traces and metrics',
      allow(['logs:PutLogEvents', 'xray:PutTraceSegments', 'cloudwatch:PutMetricData'], '*'),
    ],
    ['an action in capital letters', allow('SQS:SENDMESSAGE', attribute('Queue'))],
    ['a queue by its attribute', allow('sqs:SendMessage', attribute('Queue'))],
    ['what is in a bucket', allow('s3:GetObject', sub('${Bucket.Arn}/*'))],
    ['a bucket by its name', allow('s3:GetObject', sub('arn:aws:s3:::${Bucket}/reports/*'))],
    [
      'the same put together',
      allow('s3:GetObject', {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'Bucket' }, '/*']],
      }),
    ],
    [
      'a table by its name',
      allow('dynamodb:Query', sub('arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}')),
    ],
    [
      'a name from the map of Fn::Sub',
      allow('dynamodb:Query', {
        'Fn::Sub': ['arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${t}', { t: { Ref: 'Table' } }],
      }),
    ],
    [
      'a table and its indexes, or not',
      allow('dynamodb:Query', [
        attribute('Table'),
        { Ref: 'AWS::NoValue' },
        { 'Fn::Join': ['', [attribute('Table'), '/index/*']] },
      ]),
    ],
    [
      'one or another of its own',
      allow('sqs:SendMessage', { 'Fn::If': ['C', attribute('Queue'), attribute('Other')] }),
    ],
    ['an alias of its own function', allow('lambda:InvokeFunction', { Ref: 'Live' })],
    ['a secret by its attachment', allow('secretsmanager:GetSecretValue', { Ref: 'Attached' })],
    ['passing its own role', allow('iam:PassRole', attribute('Role'))],
    ['a denial of anything', { Effect: 'Deny', NotAction: 's3:*', NotResource: '*' }],
    [
      'a condition, which only takes away',
      allow('sqs:SendMessage', attribute('Queue'), {
        Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [] } },
      }),
    ],
  ])('%s', (_, statement) => {
    expect(permits(policy(statement))).toEqual([{ effect: 'modify', why: expect.any(String) }]);
  });

  test.each<[string, unknown]>([
    ['everything', allow('*', '*')],
    ['all of a service, on its own', allow('sqs:*', attribute('Queue'))],
    ['a wildcard in the middle', allow('s3:*Object', sub('${Bucket.Arn}/*'))],
    ['a question mark', allow('sqs:SendMessag?', attribute('Queue'))],
    ['a wildcard that was not reviewed', allow('s3:PutObject*', sub('${Bucket.Arn}/*'))],
    ['letting others in, on its own', allow('s3:PutBucketPolicy', attribute('Bucket'))],
    ['other code of its own function', allow('lambda:UpdateFunctionCode', attribute('Fn'))],
    ['a grant with its own key', allow('kms:CreateGrant', attribute('Key'))],
    ['all but some actions', { Effect: 'Allow', NotAction: 'iam:*', Resource: attribute('Queue') }],
    ['all but some resources', { Effect: 'Allow', Action: 'sqs:SendMessage', NotResource: attribute('Queue') }],
    ['an action that reads, on everything', allow('s3:GetObject', '*')],
    ['a name that looks like its own', allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:123456789012:dev-queue')],
    ['everything, hidden in a condition', allow('sqs:SendMessage', { 'Fn::If': ['C', attribute('Queue'), '*'] })],
    ['everything, beside its own', allow('sqs:SendMessage', [attribute('Queue'), '*'])],
    ['a parameter', allow('sqs:SendMessage', { Ref: 'SomeParameter' })],
    ['an import', allow('sqs:SendMessage', { 'Fn::ImportValue': 'queue' })],
    ['what code makes up', allow('sqs:SendMessage', attribute('Custom'))],
    ['what another template gives out', allow('sqs:SendMessage', attribute('Nested', 'Outputs.QueueArn'))],
    ['every role in the path that its own is called like', allow('iam:PassRole', sub('${Role.Arn}/*'))],
    [
      'every parameter in the path that its own is called like',
      allow('ssm:GetParameter', sub('arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Setting}/*')),
    ],
    ['every bucket whose name begins alike', allow('s3:GetObject', sub('${Bucket.Arn}*'))],
    [
      'its own name in another account',
      allow('dynamodb:Query', sub('arn:aws:dynamodb:${AWS::Region}:210987654321:table/${Table}')),
    ],
    [
      'its own name in every region',
      allow('dynamodb:Query', sub('arn:aws:dynamodb:*:${AWS::AccountId}:table/${Table}')),
    ],
    [
      'its own name as another kind of thing',
      allow(
        'secretsmanager:GetSecretValue',
        sub('arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${Table}'),
      ),
    ],
    [
      'a variable before its own name',
      allow('s3:GetObject', { 'Fn::Join': ['', ['arn:aws:s3:::${aws:username}', { Ref: 'Bucket' }]] }),
    ],
    ['what it was given, through an alias', allow('lambda:InvokeFunction', { Ref: 'Foreign' })],
    ["another's address", allow('ec2:AssignPrivateIpAddresses', '*')],
    ["another's role", allow('iam:PassRole', 'arn:aws:iam::123456789012:role/admin')],
    ['any role', allow('sts:AssumeRole', '*')],
    [
      'a condition that is true where nothing is asked',
      allow('sqs:SendMessage', '*', { Condition: { StringEqualsIfExists: { 'aws:x': 'y' } } }),
    ],
    ['a member that nobody knows', { ...allow('sqs:SendMessage', attribute('Queue')), Statement: [] }],
    ['neither allowed nor denied', { Action: 'sqs:SendMessage', Resource: attribute('Queue') }],
    ['actions and all but them', { ...allow('sqs:SendMessage', attribute('Queue')), NotAction: 'x:y' }],
    ['no resource', { Effect: 'Allow', Action: 'logs:PutLogEvents' }],
    ['a principal', { ...allow('sqs:SendMessage', attribute('Queue')), Principal: '*' }],
  ])('not: %s', (_, statement) => {
    expect(worstOf(permits(policy(statement)))).toBe('expose');
  });

  test.each<[string, unknown]>([
    ['a text', JSON.stringify(policy())],
    ['a function', { 'Fn::Transform': {} }],
    ['another version', { Version: '2030-01-01', Statement: [] }],
    ['another member', { ...policy(), Statements: [] }],
    ['no statement', { Version: '2012-10-17' }],
    ['a list of lists', [[]]],
    ['inline policies with another member', [{ PolicyName: 'p', PolicyDocument: policy(), Extra: 1 }]],
  ])('what can not be read may do anything: %s', (_, document) => {
    expect(worstOf(permits(document))).toBe('expose');
  });

  test('one that reaches further is told by what it may do where, and by how much it weighs', () => {
    expect(
      permits(policy(allow('s3:*', '*'), allow(['sqs:SendMessage', 'sqs:AddPermission'], attribute('Queue')))),
    ).toEqual([
      { effect: 'expose', why: 'may do s3:* on everything', weight: 3 },
      { effect: 'expose', why: 'may do sqs:addpermission on Queue', weight: 0 },
    ]);
  });
});

describe('what was there before', () => {
  const wide = policy(allow(['s3:Get*', 's3:PutObject'], ['arn:aws:s3:::data', 'arn:aws:s3:::data/*']));

  test.each<[string, unknown, unknown, string]>([
    ['the same in another order', policy(deny, allow('a:B', 'x')), policy(allow('a:B', 'x'), deny), 'modify'],
    [
      'another Sid',
      policy({ ...allow('a:B', 'x'), Sid: 'One' }),
      policy({ ...allow('a:B', 'x'), Sid: 'Two' }),
      'modify',
    ],
    ['a statement in two', policy(allow('a:B', 'x'), allow('a:C', 'x')), policy(allow(['a:B', 'a:C'], 'x')), 'modify'],
    [
      'more of what is harmless',
      policy(allow('a:B', 'x'), allow('sqs:SendMessage', attribute('Queue'))),
      policy(allow('a:B', 'x')),
      'modify',
    ],
    ['an action less', policy(allow('s3:Get*', ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'])), wide, 'disrupt'],
    ['an action within a wildcard', policy(allow('s3:GetObject', 'arn:aws:s3:::data/*')), wide, 'disrupt'],
    ['a resource within a wildcard', policy(allow('s3:PutObject', 'arn:aws:s3:::data/in/*')), wide, 'disrupt'],
    [
      'a condition more',
      policy(allow('a:B', 'x', { Condition: { Bool: { k: 'true' } } })),
      policy(allow('a:B', 'x')),
      'disrupt',
    ],
    ['a denial more', policy(allow('a:B', 'x'), deny), policy(allow('a:B', 'x')), 'disrupt'],
    ['nothing any more', undefined, wide, 'disrupt'],
    ['an action beyond the wildcard', policy(allow('s3:DeleteObject', 'arn:aws:s3:::data/*')), wide, 'expose'],
    ['a wildcard in its place', policy(allow('s3:*', 'arn:aws:s3:::data')), wide, 'expose'],
    [
      'one of each of two statements',
      policy(allow('a:B', 'y')),
      policy(allow('a:B', 'x'), allow('a:C', 'y')),
      'expose',
    ],
    [
      'a condition less',
      policy(allow('a:B', 'x')),
      policy(allow('a:B', 'x', { Condition: { Bool: { k: 'true' } } })),
      'expose',
    ],
    [
      'another condition',
      policy(allow('a:B', 'x', { Condition: { Bool: { k: 'false' } } })),
      policy(allow('a:B', 'x', { Condition: { Bool: { k: 'true' } } })),
      'expose',
    ],
    ['a denial less', policy(allow('a:B', 'x')), policy(allow('a:B', 'x'), deny), 'expose'],
    ['a denial with a condition', policy({ ...deny, Condition: { Bool: { k: 'true' } } }), policy(deny), 'expose'],
    ['a denial of less', policy({ ...deny, Resource: 'arn:aws:s3:::data/*' }), policy(deny), 'expose'],
    [
      'all but fewer',
      policy({ Effect: 'Allow', NotAction: 'a:B', Resource: 'x' }),
      policy({ Effect: 'Allow', NotAction: ['a:B', 'a:C'], Resource: 'x' }),
      'expose',
    ],
    [
      'a wildcard in the middle, which is not compared',
      policy(allow('a:B', 'x/1/y')),
      policy(allow('a:B', 'x/*/y')),
      'expose',
    ],
    [
      'a variable that the older language took for text',
      policy(allow('a:B', 'x/${aws:username}')),
      { ...policy(allow('a:B', 'x/${aws:username}')), Version: '2008-10-17' },
      'expose',
    ],
    [
      'what only the execution tells',
      policy(allow('a:B', { Ref: 'SomeParameter' })),
      policy(allow('a:B', { Ref: 'SomeParameter' })),
      'expose',
    ],
    ['what could not be read before', policy(), 'a text', 'expose'],
  ])('%s', (_, after, before, effect) => {
    expect(worstOf(permits(after, before))).toBe(effect);
  });

  test('a role that others may be gets nothing more unseen', () => {
    const trust = (Principal: Record<string, string>) => ({
      Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
    });
    const more = policy(allow('sqs:SendMessage', attribute('Queue')));
    expect(worstOf(permits(more, policy(), trust({ Service: 'lambda.amazonaws.com' })))).toBe('modify');
    expect(worstOf(permits(more, policy(), trust({ AWS: '210987654321' })))).toBe('expose');
  });

  test('statements may move between inline policies', () => {
    const inline = (...documents: readonly unknown[]) =>
      documents.map((PolicyDocument, at) => ({ PolicyName: `p${at}`, PolicyDocument }));
    const [one, two] = [policy(allow('a:B', 'x')), policy(allow('a:C', 'x'))];
    expect(worstOf(permits(inline(policy(allow(['a:B', 'a:C'], 'x'))), inline(one, two)))).toBe('modify');
    expect(worstOf(permits(inline(one), inline(one, two)))).toBe('disrupt');
    expect(worstOf(permits(inline(one, two), inline(one)))).toBe('expose');
  });
});
