import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { cloudUnderTest, failureOf } from './clients.ts';

const ACCOUNT = '123456789012';
const USER = `arn:aws:iam::${ACCOUNT}:user/sandbox`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const ALL_THREE = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

type Statement = Record<string, unknown>;
interface Role {
  readonly trust?: readonly Statement[];
  readonly may?: readonly Statement[];
  readonly path?: string;
  readonly seconds?: number;
}

const lets = (principal: unknown, action: unknown = ALL_THREE, more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  ...more,
});
const MAY_ALL = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

async function withRoles(roles: Readonly<Record<string, Role>>) {
  const Resources = Object.fromEntries(
    Object.entries(roles).map(([RoleName, { trust = [lets({ AWS: USER })], may = MAY_ALL, path, seconds }]) => [
      RoleName,
      {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName,
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: trust },
          Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: may } }],
          ...(path === undefined ? {} : { Path: path }),
          ...(seconds === undefined ? {} : { MaxSessionDuration: seconds }),
        },
      },
    ]),
  );
  const cloud = await cloudUnderTest();
  const TemplateBody = JSON.stringify({ Resources });
  await cloud.cf.send(
    new CreateStackCommand({ StackName: 'roles', TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  );
  cloud.settle();
  const assume = async (name: string, more: Partial<AssumeRoleCommandInput> = {}, key?: string) => {
    const { sts } = key === undefined ? cloud : cloud.connect('eu-west-1', key);
    const asked = { RoleArn: roleArn(name), RoleSessionName: 'someone', ...more };
    const answer = await sts.send(new AssumeRoleCommand(asked));
    return { ...answer, key: answer.Credentials?.AccessKeyId ?? '' };
  };
  /** What a record of AWS says of the session by that key. */
  const recorded = async (key: string) => {
    await cloud.connect('eu-west-1', key).sts.send(new GetCallerIdentityCommand({}));
    const { body } = await cloud.control('requests?action=GetCallerIdentity');
    const [request] = body as { user_identity: { sessionContext: object } }[];
    return request?.user_identity.sessionContext;
  };
  return { ...cloud, assume, recorded };
}

const denied = (action: string, who = USER) => ({
  name: 'AccessDenied',
  message: expect.stringContaining(`User: ${who} is not authorized to perform: ${action} on resource: ${roleArn('')}`),
  $metadata: { httpStatusCode: 403 },
});

test.each<[string, unknown, boolean]>([
  ['the caller', { AWS: USER }, true],
  ['one of several', { AWS: [roleArn('other'), USER] }, true],
  ['the account', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, true],
  ['the account by its number', { AWS: ACCOUNT }, true],
  ['everyone', '*', true],
  ['another user', { AWS: `${USER}2` }, false],
  ['a part of the name', { AWS: `arn:aws:iam::${ACCOUNT}:user/*` }, false],
  ['another account', { AWS: 'arn:aws:iam::210987654321:root' }, false],
  ['a service', { Service: 'ec2.amazonaws.com' }, false],
])('a role whose trust names %s', async (_, principal, may) => {
  const { assume } = await withRoles({ it: { trust: [lets(principal)] } });
  if (may) expect((await assume('it')).AssumedRoleUser?.Arn).toContain(':assumed-role/it/someone');
  else expect(await failureOf(assume('it'))).toMatchObject(denied('sts:AssumeRole'));
});

test('where somebody made a role, one that nobody made is nobody', async () => {
  const { assume } = await withRoles({ it: {} });
  expect(await failureOf(assume('elsewhere'))).toMatchObject(denied('sts:AssumeRole'));
});

test('what denies outweighs what allows', async () => {
  const trust = [lets('*'), { ...lets({ AWS: USER }), Effect: 'Deny' }];
  const { assume } = await withRoles({ it: { trust } });
  expect(await failureOf(assume('it'))).toMatchObject(denied('sts:AssumeRole'));
});

test.each([
  ['sts:SetSourceIdentity', { SourceIdentity: 'tkt_1' }],
  ['sts:TagSession', { Tags: [{ Key: 'team', Value: 'ops' }] }],
])('%s is an action of its own', async (action, asked) => {
  const { assume } = await withRoles({
    it: {
      trust: [
        lets(
          { AWS: USER },
          ALL_THREE.filter((one) => one !== action),
        ),
      ],
    },
    all: {},
  });
  expect(await failureOf(assume('it', asked))).toMatchObject(denied(action));
  await assume('it');
  await assume('all', asked);
});

test.each<[string, Statement, Partial<AssumeRoleCommandInput>, boolean]>([
  ['an external id that is given', { StringEquals: { 'sts:ExternalId': 'x' } }, { ExternalId: 'x' }, true],
  ['another external id', { StringEquals: { 'sts:ExternalId': 'x' } }, { ExternalId: 'y' }, false],
  ['no external id', { StringEquals: { 'sts:ExternalId': 'x' } }, {}, false],
  ['a session name', { StringLike: { 'sts:RoleSessionName': 'some*' } }, {}, true],
  ['another session name', { StringLike: { 'sts:RoleSessionName': 'holdshort-*' } }, {}, false],
  ['a source identity', { StringLike: { 'sts:SourceIdentity': 'tkt_*' } }, { SourceIdentity: 'tkt_1' }, true],
  ['another source identity', { StringLike: { 'sts:SourceIdentity': 'tkt_*' } }, { SourceIdentity: 'mara' }, false],
  ['the principal', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/*` } }, {}, true],
  [
    'the principal, by its key in other letters',
    { ArnLike: { 'AWS:principalarn': `arn:aws:iam::*:user/*` } },
    {},
    true,
  ],
  ['a principal of another account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::9*:user/*' } }, {}, false],
  ['a star in the place of several parts', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:*:user/*' } }, {}, false],
  ['another principal', { ArnEquals: { 'aws:PrincipalArn': roleArn('agent') } }, {}, false],
])('a trust with a condition on %s', async (_, Condition, asked, may) => {
  const trust = [lets('*', 'sts:AssumeRole', { Condition }), lets('*', ['sts:SetSourceIdentity', 'sts:TagSession'])];
  const { assume } = await withRoles({ it: { trust } });
  if (may) await assume('it', asked);
  else expect(await failureOf(assume('it', asked))).toMatchObject(denied('sts:AssumeRole'));
});

test('an external id is a key of sts:AssumeRole alone', async () => {
  const Condition = { StringEquals: { 'sts:ExternalId': 'x' } };
  const { assume } = await withRoles({ it: { trust: [lets({ AWS: USER }, ALL_THREE, { Condition })] } });
  await assume('it', { ExternalId: 'x' });
  const asked = { ExternalId: 'x', SourceIdentity: 'tkt_1' };
  expect(await failureOf(assume('it', asked))).toMatchObject(denied('sts:SetSourceIdentity'));
});

test('an operator that is not known here is no policy, also where it would deny', async () => {
  const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
  const { assume } = await withRoles({ it: { trust: [lets('*'), { ...lets('*'), Effect: 'Deny', Condition }] } });
  expect(await failureOf(assume('it'))).toMatchObject({ message: expect.stringContaining('Condition') });
});

test('a session may do what its role and its own policy both allow', async () => {
  const may = [{ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' }];
  const cloud = await withRoles({ reads: { may }, all: {} });
  const stopping = new StopInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] });
  const reads = cloud.connect('eu-west-1', (await cloud.assume('reads')).key);
  await reads.ec2.send(new DescribeInstancesCommand({}));
  expect(await failureOf(reads.ec2.send(stopping))).toMatchObject({
    name: 'UnauthorizedOperation',
    message: expect.stringContaining('because no identity-based policy allows the ec2:StopInstances action'),
  });
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: may });
  const narrowed = cloud.connect('eu-west-1', (await cloud.assume('all', { Policy })).key);
  await narrowed.ec2.send(new DescribeInstancesCommand({}));
  expect(await failureOf(narrowed.ec2.send(stopping))).toMatchObject({
    message: expect.stringContaining('because no session policy allows the ec2:StopInstances action'),
  });
});

test('a session lasts as long as its role lets it, and an hour where one role is assumed from another', async () => {
  const trust = [lets({ AWS: ACCOUNT })];
  const { assume, now } = await withRoles({ short: { trust }, long: { trust, seconds: 43_200 } });
  const ends = async (...asked: Parameters<typeof assume>) =>
    (await assume(...asked)).Credentials?.Expiration?.getTime();
  expect(await ends('long')).toBe(now() + 3_600_000);
  expect(await ends('long', { DurationSeconds: 43_200 })).toBe(now() + 43_200_000);
  expect(await failureOf(assume('short', { DurationSeconds: 3_601 }))).toMatchObject({
    name: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  });
  const { key } = await assume('long', { DurationSeconds: 43_200 });
  expect(await ends('long', { DurationSeconds: 3_600 }, key)).toBe(now() + 3_600_000);
  expect(await failureOf(assume('long', { DurationSeconds: 3_601 }, key))).toMatchObject({
    name: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  });
  for (const DurationSeconds of [899, 43_201])
    expect(await failureOf(assume('long', { DurationSeconds }))).toMatchObject({ name: 'ValidationError' });
});

test('a source identity stays through all that is assumed from its session, and is never another', async () => {
  const trust = [lets({ AWS: ACCOUNT })];
  const first = [lets({ AWS: ACCOUNT }, 'sts:AssumeRole')];
  const cloud = await withRoles({ one: { trust }, two: { trust }, closed: { trust: first } });
  const { assume } = cloud;
  const mara = await assume('one', { SourceIdentity: 'mara' });
  expect(mara.SourceIdentity).toBe('mara');
  const then = await assume('two', {}, mara.key);
  expect(then.SourceIdentity).toBe('mara');
  expect((await assume('one', { SourceIdentity: 'mara' }, then.key)).SourceIdentity).toBe('mara');
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/two/someone`;
  expect(await failureOf(assume('one', { SourceIdentity: 'tkt_1' }, then.key))).toMatchObject(
    denied('sts:SetSourceIdentity', arn),
  );
  // To hand one on is to set it: a trust without the action lets nobody in who bears one.
  expect(await failureOf(assume('closed', {}, then.key))).toMatchObject(denied('sts:SetSourceIdentity', arn));
  expect(await cloud.recorded(then.key)).toMatchObject({ sourceIdentity: 'mara' });
});

test('from a session, a source identity is set where the role that it is of may, too', async () => {
  const by = (name: string) => [lets({ AWS: roleArn(name) })];
  const may = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }];
  const cloud = await withRoles({ narrow: { may }, wide: {}, a: { trust: by('narrow') }, b: { trust: by('wide') } });
  const [narrow, wide] = [(await cloud.assume('narrow')).key, (await cloud.assume('wide')).key];
  await cloud.assume('a', {}, narrow);
  expect(await failureOf(cloud.assume('a', { SourceIdentity: 'tkt_1' }, narrow))).toMatchObject({
    message: expect.stringContaining('sts:SetSourceIdentity'),
  });
  await cloud.assume('b', { SourceIdentity: 'tkt_1' }, wide);
  expect(await failureOf(cloud.assume('b', {}, narrow))).toMatchObject({
    message: expect.stringContaining('sts:AssumeRole'),
  });
});

test('a trust that names a role with a path lets its sessions in; one that names the account asks their own policies', async () => {
  const cloud = await withRoles({
    base: { path: '/agents/', may: [] },
    named: { trust: [lets({ AWS: roleArn('agents/base') })] },
    counted: { trust: [lets({ AWS: ACCOUNT })] },
  });
  const { key } = await cloud.assume('agents/base');
  await cloud.assume('named', {}, key);
  expect(await failureOf(cloud.assume('counted', {}, key))).toMatchObject({
    message: expect.stringContaining('sts:AssumeRole'),
  });
});

test('of session tags those stay that were said to, and none of them is set anew', async () => {
  const trust = [lets({ AWS: ACCOUNT })];
  const cloud = await withRoles({
    one: { trust },
    two: { trust },
    closed: { trust: [lets({ AWS: ACCOUNT }, 'sts:AssumeRole')] },
  });
  const Tags = [
    { Key: 'Team', Value: 'ops' },
    { Key: 'Shift', Value: 'night' },
  ];
  const { key } = await cloud.assume('one', { Tags, TransitiveTagKeys: ['Team'] });
  const then = await cloud.assume('two', { Tags: [{ Key: 'Shift', Value: 'day' }] }, key);
  expect(await cloud.recorded(then.key)).toMatchObject({ sessionTags: { Team: 'ops', Shift: 'day' } });
  const anew = { Tags: [{ Key: 'team', Value: 'dev' }] };
  expect(await failureOf(cloud.assume('two', anew, key))).toMatchObject({ name: 'InvalidParameterValue' });
  expect(await failureOf(cloud.assume('closed', {}, key))).toMatchObject({
    message: expect.stringContaining('sts:TagSession'),
  });
});
