// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and IAM make of it
import { describe, expect, test } from 'vitest';
import { readTemplate } from '../../src/aws/template/template.ts';
import { trustedServices } from '../../src/aws/template/trust.ts';
import { isForOwnCode, isOwnCode } from '../../tools/cloudformation/deployment/effects/identity/holders.ts';

/* Who gets what a policy says: more of the template's own things is more, in the hands of others than its own code. */
const assume = (Principal: unknown, more = {}) => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const trust = (...Statement: readonly unknown[]) => ({
  AssumeRolePolicyDocument: { Version: '2012-10-17', Statement },
});
const lambda = { Service: 'lambda.amazonaws.com' };
const role = (Properties: object) => ({ Type: 'AWS::IAM::Role', Properties });

const BESIDE = {
  Code: role(trust(assume(lambda))),
  Theirs: role(trust(assume({ AWS: '210987654321' }))),
  Both: role(trust(assume({ Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] }))),
  Unread: role(trust(assume({ Service: { Ref: 'Given' } }))),
  Person: { Type: 'AWS::IAM::User' },
  People: { Type: 'AWS::IAM::Group' },
  Queue: { Type: 'AWS::SQS::Queue' },
};

describe('a policy is for the own code alone', () => {
  /**
   * @param told the properties as AWS shows them, where they are other than in the template
   * @param alone whether none is beside it who could hold it as well
   */
  function isFor(
    type: string,
    properties: Record<string, unknown>,
    {
      beside = {},
      added = [],
      told,
      alone = false,
    }: {
      beside?: object;
      added?: readonly string[];
      told?: object;
      alone?: boolean;
    } = {},
  ): boolean {
    const { Code, Queue, ...others } = BESIDE;
    const Resources = {
      Code,
      Queue,
      ...(alone ? {} : others),
      ...beside,
      Subject: { Type: type, Properties: properties },
    };
    const { resources } = readTemplate(JSON.stringify({ Resources }));
    const after = (told ?? properties) as never;
    const known = { id: 'Subject', type, after, names: resources.Subject?.made_names, resources };
    return isForOwnCode({ ...known, added: new Set(added) } as never);
  }
  const POLICY = 'AWS::IAM::Policy';
  const MANAGED = 'AWS::IAM::ManagedPolicy';
  const ref = (...ids: readonly string[]) => ids.map((Ref) => ({ Ref }));

  test.each<[string, string, Record<string, unknown>, object]>([
    ['a role that one service may be', POLICY, { Roles: ref('Code') }, {}],
    ['a role that is new, and judged itself', POLICY, { Roles: ref('Theirs') }, { added: ['Theirs'] }],
    ['the same by its name', 'AWS::IAM::RolePolicy', { RoleName: { Ref: 'Code' } }, {}],
    ['a managed policy of such a role', MANAGED, { Roles: ref('Code') }, { alone: true }],
    ['a managed policy that nobody has', MANAGED, {}, { alone: true }],
    [
      'a managed policy that such a role names',
      MANAGED,
      {},
      { alone: true, beside: { One: role({ ...trust(assume(lambda)), ManagedPolicyArns: ref('Subject') }) } },
    ],
  ])('%s', (_, type, properties, more) => {
    expect(isFor(type, properties, more)).toBe(true);
  });

  test.each<[string, string, Record<string, unknown>, object]>([
    ['a role that another account may be', POLICY, { Roles: ref('Theirs') }, {}],
    ['one of each', POLICY, { Roles: ref('Code', 'Theirs') }, {}],
    ['a role that two services may be', POLICY, { Roles: ref('Both') }, {}],
    ['a role whose trust is not written out', POLICY, { Roles: ref('Unread') }, {}],
    ['a role of others', POLICY, { Roles: ['admin'] }, {}],
    ['a role of others, beside an own one', POLICY, { Roles: [{ Ref: 'Code' }, 'admin'] }, {}],
    ['a role that a parameter names', POLICY, { Roles: ref('Given') }, {}],
    ['what is called like a role', POLICY, { Roles: [{ 'Fn::Sub': '${Code}-admin' }] }, {}],
    ['more roles than the template tells', POLICY, { Roles: ref('Code') }, { told: { Roles: ['a', 'b'] } }],
    ['a queue as a role', POLICY, { Roles: ref('Queue') }, { added: ['Queue'] }],
    ['a user', POLICY, { Users: ref('Person') }, { added: ['Person'] }],
    ['a group', MANAGED, { Roles: ref('Code'), Groups: ref('People') }, {}],
    ['a role of others by its name', 'AWS::IAM::RolePolicy', { RoleName: 'admin' }, {}],
    [
      'a managed policy that a role of others names',
      MANAGED,
      { Roles: ref('Code') },
      { alone: true, beside: { One: role({ ...trust(assume('*')), ManagedPolicyArns: ref('Subject') }) } },
    ],
    ['one beside a user, who may hold it', MANAGED, {}, { alone: true, beside: { Person: BESIDE.Person } }],
    ['one beside a group, which may hold it', MANAGED, {}, { alone: true, beside: { People: BESIDE.People } }],
    [
      'one beside a role of others whose list is worked out',
      MANAGED,
      {},
      {
        alone: true,
        beside: {
          One: role({ ...trust(assume('*')), ManagedPolicyArns: { 'Fn::Split': [',', { Ref: 'Subject' }] } }),
        },
      },
    ],
    [
      'one that something else is given',
      MANAGED,
      {},
      {
        alone: true,
        beside: {
          Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { P: { Ref: 'Subject' } } } },
        },
      },
    ],
  ])('not: %s', (_, type, properties, more) => {
    expect(isFor(type, properties, more)).toBe(false);
  });

  test('a role that is not in the template is nobody of ours', () => {
    expect(isOwnCode('Elsewhere', { resources: {}, added: new Set() })).toBe(false);
    expect(isOwnCode('constructor', { resources: {}, added: new Set() })).toBe(false);
  });
});

describe('the services that a trust lets in', () => {
  test.each<[string, object, readonly string[]]>([
    ['one', trust(assume(lambda)), ['lambda.amazonaws.com']],
    [
      'one, with a condition and a denial',
      trust(assume(lambda, { Sid: 'a', Condition: {} }), { Effect: 'Deny' }),
      ['lambda.amazonaws.com'],
    ],
    ['one by its suffix', trust(assume({ Service: { 'Fn::Sub': 'ec2.${AWS::URLSuffix}' } })), ['ec2.amazonaws.com']],
    [
      'one as CDK joins it',
      trust(assume({ Service: { 'Fn::Join': ['', ['ec2.', { Ref: 'AWS::URLSuffix' }]] } })),
      ['ec2.amazonaws.com'],
    ],
    [
      'two',
      trust(assume(lambda), assume({ Service: ['ec2.amazonaws.com'] })),
      ['lambda.amazonaws.com', 'ec2.amazonaws.com'],
    ],
  ])('%s', (_, properties, services) => {
    expect(trustedServices(properties)).toEqual(services);
  });

  test.each<[string, unknown]>([
    ['an account too', trust(assume({ ...lambda, AWS: '210987654321' }))],
    ['an account in another statement', trust(assume(lambda), assume({ AWS: '210987654321' }))],
    ['everyone', trust(assume('*'))],
    ['all but some', trust({ Effect: 'Allow', NotPrincipal: lambda, Action: 'sts:AssumeRole' })],
    ['another action', trust(assume(lambda, { Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }))],
    ['all actions but some', trust({ Effect: 'Allow', Principal: lambda, NotAction: 'x' })],
    ['no action', trust(assume(lambda, { Action: [] }))],
    ['no service', trust(assume({ Service: [] }))],
    ['a parameter', trust(assume({ Service: { Ref: 'Given' } }))],
    ['a suffix that is a parameter', trust(assume({ Service: { 'Fn::Sub': 'ec2.${Given}' } }))],
    [
      'a join with more',
      trust(assume({ Service: { 'Fn::Join': ['', ['ec2.', { Ref: 'AWS::URLSuffix' }, '.evil.example']] } })),
    ],
    ['a statement by a condition', trust({ 'Fn::If': ['C', assume(lambda), assume('*')] })],
    ['statements by a condition', { AssumeRolePolicyDocument: { Statement: { 'Fn::If': ['C', [], []] } } }],
    ['a member that nobody knows', { AssumeRolePolicyDocument: { ...trust().AssumeRolePolicyDocument, X: 1 } }],
    ['a text', { AssumeRolePolicyDocument: JSON.stringify(trust(assume(lambda)).AssumeRolePolicyDocument) }],
    ['a document by a condition', { AssumeRolePolicyDocument: { 'Fn::If': ['C', {}, {}] } }],
    ['none', {}],
  ])('not told: %s', (_, properties) => {
    expect(trustedServices(properties)).toBeUndefined();
  });
});
