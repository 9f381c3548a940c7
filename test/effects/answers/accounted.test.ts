import { describe, expect, test } from 'vitest';
import { planOrCode, type Told } from './answered.ts';

/*
 * A change set accounts for what the two templates say. Each of these answers fits itself: a resource is left out, a
 * harmless property told in place of the true one, another value shown than the template writes. Beside them what AWS
 * really leaves out, or writes otherwise.
 */

type Members = Readonly<Record<string, unknown>>;

const TOPIC = 'AWS::SNS::Topic';
const QUEUE = 'AWS::SQS::Queue';
const ROLE = 'AWS::IAM::Role';

const topic = (name: unknown, more: Members = {}) => ({ Type: TOPIC, Properties: { DisplayName: name }, ...more });
const trust = (principal: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
});
const LAMBDA = trust({ Service: 'lambda.amazonaws.com' });
const ANYONE = trust({ AWS: '*' });
const role = (document: unknown, more: Members = {}) => ({
  Type: ROLE,
  Properties: { AssumeRolePolicyDocument: document, ...more },
});

/** In place, of one property, with contexts that have it beside the rest. */
function inPlace(id: string, type: string, name: string, values: readonly [unknown, unknown], rest: Members = {}) {
  const target = { Attribute: 'Properties', Name: name, RequiresRecreation: 'Never', Path: `/Properties/${name}` };
  return entry({
    ...{ Action: 'Modify', LogicalResourceId: id, PhysicalResourceId: `p-${id}`, ResourceType: type },
    ...{ Replacement: 'False', Scope: ['Properties'] },
    Details: [{ Target: target, Evaluation: 'Static', ChangeSource: 'DirectModification' }],
    BeforeContext: JSON.stringify({ Properties: { ...rest, [name]: values[0] } }),
    AfterContext: JSON.stringify({ Properties: { ...rest, [name]: values[1] } }),
  });
}

function added(id: string, type: string, properties: Members | undefined) {
  return entry({
    ...{ Action: 'Add', LogicalResourceId: id, ResourceType: type },
    AfterContext: JSON.stringify(properties === undefined ? {} : { Properties: properties }),
  });
}

const entry = (ResourceChange: Members) => ({ Type: 'Resource', ResourceChange });

const T_CHANGES = inPlace('T', TOPIC, 'DisplayName', ['a', 'b']);

interface Case {
  readonly changes?: readonly unknown[];
  /** Of both templates, beside `T`, which is renamed. */
  readonly was?: Members;
  readonly is?: Members;
  readonly sections?: Members;
  readonly stack?: Members;
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the stack hasn't of what its template has. */
  readonly without?: readonly string[];
}

async function lines({ changes = [], was = {}, is = was, sections = {}, stack = {}, parameters, without = [] }: Case) {
  const before = { ...sections, Resources: { T: topic('a'), ...was } };
  const told: Told = {
    changes: [T_CHANGES, ...changes],
    resources: Object.entries(before.Resources).flatMap(([id, { Type }]: [string, any]) =>
      without.includes(id)
        ? []
        : [
            {
              ...{ LogicalResourceId: id, PhysicalResourceId: `p-${id}` },
              ...{ ResourceType: Type, ResourceStatus: 'CREATE_COMPLETE' },
            },
          ],
    ),
    before,
    after: { ...sections, Resources: { T: topic('b'), ...is } },
    stack: { StackStatus: 'UPDATE_COMPLETE', ...stack },
    ...(parameters ? { parameters } : {}),
  };
  const plan = await planOrCode(told);
  return typeof plan === 'string' ? [plan] : plan.impact.map(({ effect, detail }) => `${effect} ${detail}`);
}

const NAME_IS = (value: string) => ({ Parameters: [{ ParameterKey: 'Name', ParameterValue: value }] });
const BY_NAME = { Parameters: { Name: { Type: 'String', Default: 'x' } } };
const IF_X = { ...BY_NAME, Conditions: { X: { 'Fn::Equals': [{ Ref: 'Name' }, 'x'] } } };

const FORGED: Readonly<Record<string, Case>> = {
  'a new resource is left out': { is: { R: role(ANYONE) } },
  'a new resource whose condition holds is left out': {
    is: { R: { ...role(ANYONE), Condition: 'X' } },
    ...{ sections: IF_X, stack: NAME_IS('x') },
  },
  'a new resource whose condition nobody can work out is left out': {
    is: { R: { ...role(ANYONE), Condition: 'X' } },
    sections: { ...BY_NAME, Conditions: { X: { 'Fn::Equals': [{ 'Fn::ImportValue': 'x' }, 'x'] } } },
  },
  'one that comes by a parameter of this call is left out': {
    was: { R: { ...role(ANYONE), Condition: 'X' } },
    ...{ sections: IF_X, stack: NAME_IS('y'), parameters: { Name: 'x' }, without: ['R'] },
  },
  'one that goes by a parameter of this call is changed in place': {
    was: { Q: { Type: TOPIC, Properties: { TopicName: 'q' }, Condition: 'X' } },
    changes: [inPlace('Q', TOPIC, 'DisplayName', ['a', 'b'], { TopicName: 'q' })],
    ...{ sections: IF_X, stack: NAME_IS('x'), parameters: { Name: 'y' } },
  },
  'one that goes by a parameter of this call is left out': {
    was: { Q: { Type: QUEUE, Condition: 'X' } },
    ...{ sections: IF_X, stack: NAME_IS('x'), parameters: { Name: 'y' } },
  },
  'a harmless property is told in place of the true one': {
    was: { R: role(LAMBDA) },
    is: { R: role(ANYONE) },
    changes: [inPlace('R', ROLE, 'Description', ['a', 'b'], { AssumeRolePolicyDocument: LAMBDA })],
  },
  'a property is told that neither template changes': {
    was: { Q: topic('q') },
    changes: [inPlace('Q', TOPIC, 'DisplayName', ['q', 'q2'])],
  },
  'a property is told that neither template has': {
    was: { Q: topic('q') },
    changes: [inPlace('Q', TOPIC, 'SignatureVersion', ['1', '2'], { DisplayName: 'q' })],
  },
  'another value is shown than the new template writes': {
    was: { R: role(LAMBDA, { ManagedPolicyArns: [] }) },
    is: { R: role(LAMBDA, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) },
    changes: [
      inPlace('R', ROLE, 'ManagedPolicyArns', [[], ['arn:aws:iam::aws:policy/ReadOnlyAccess']], {
        AssumeRolePolicyDocument: LAMBDA,
      }),
    ],
  },
  "another value is shown than the stack's template writes": {
    was: { Q: topic('q') },
    is: { Q: topic('q2') },
    changes: [inPlace('Q', TOPIC, 'DisplayName', ['p', 'q2'])],
  },
  'another value is shown of a new resource': {
    is: { R: role(ANYONE) },
    changes: [added('R', ROLE, { AssumeRolePolicyDocument: LAMBDA })],
  },
  'nothing is shown of a new resource': { is: { Q: topic('q') }, changes: [added('Q', TOPIC, undefined)] },
  'an empty context of a new resource': { is: { Q: topic('q') }, changes: [added('Q', TOPIC, {})] },
  'what both templates have is left out': { was: { Q: topic('q') }, is: { Q: topic('q2') } },
  'what a parameter of this call changes is left out': {
    was: { Q: topic({ Ref: 'Name' }) },
    ...{ sections: BY_NAME, stack: NAME_IS('x'), parameters: { Name: 'y' } },
  },
  'what a parameter of this call changes has another value': {
    was: { Q: topic({ 'Fn::Sub': `q-\${Name}` }) },
    changes: [inPlace('Q', TOPIC, 'DisplayName', ['q-x', 'q-x2'])],
    ...{ sections: BY_NAME, stack: NAME_IS('x'), parameters: { Name: 'y' } },
  },
};

describe('what the answer does not account for is unknown', () => {
  test.each(Object.entries(FORGED))('%s', async (_, told) => {
    expect((await lines(told)).filter((line) => line.startsWith('unknown'))).not.toEqual([]);
  });
});

const POLICY = (one: string, other: string) => ({ Statement: [one, other], Version: '2012-10-17' });

const HONEST: Readonly<Record<string, Case>> = {
  'a new resource whose condition does not hold': {
    is: { R: { ...role(ANYONE), Condition: 'X' } },
    ...{ sections: IF_X, stack: NAME_IS('y') },
  },
  'metadata and an order alone': {
    was: { Q: topic('q') },
    is: { Q: topic('q', { Metadata: { a: 1 }, DependsOn: 'T' }) },
  },
  'numbers, truths and documents as texts': {
    was: {
      Q: {
        Type: QUEUE,
        Properties: { ReceiveMessageWaitTimeSeconds: '10', FifoQueue: true, RedrivePolicy: '{"a": 1}' },
      },
    },
    is: {
      Q: {
        Type: QUEUE,
        Properties: { ReceiveMessageWaitTimeSeconds: 10, FifoQueue: 'true', RedrivePolicy: { a: '1' } },
      },
    },
  },
  'an order in a list, and of members': {
    was: { Q: { Type: QUEUE, Properties: { RedrivePolicy: POLICY('a', 'b') } } },
    is: { Q: { Type: QUEUE, Properties: { RedrivePolicy: { Version: '2012-10-17', Statement: ['b', 'a'] } } } },
  },
  'a function that gives the same text': {
    was: { Q: topic('q-x') },
    is: { Q: topic({ 'Fn::Sub': `q-\${Name}` }) },
    ...{ sections: BY_NAME, stack: NAME_IS('x') },
  },
  'a branch that a parameter leaves as it is': {
    was: { Q: topic({ 'Fn::If': ['X', 'q', 'r'] }) },
    ...{ sections: IF_X, stack: NAME_IS('y'), parameters: { Name: 'z' } },
  },
  'no value, and none': {
    was: { Q: topic('q') },
    is: { Q: topic('q', { Properties: { DisplayName: 'q', FifoTopic: { Ref: 'AWS::NoValue' } } }) },
  },
  'a dynamic reference': {
    was: { Q: topic('q') },
    is: { Q: topic('{{resolve:ssm:name:1}}') },
  },
  'a parameter of Systems Manager': {
    was: { Q: topic({ Ref: 'Name' }) },
    is: { Q: topic('y') },
    sections: { Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: 'x' } } },
  },
  'a value that AWS alone knows': {
    was: { Q: topic({ 'Fn::ImportValue': 'a' }) },
    is: { Q: topic({ 'Fn::GetAtt': ['T', 'TopicName'] }) },
  },
  'a default that the stack does not take': {
    was: { Q: topic({ Ref: 'Name' }) },
    ...{ sections: BY_NAME, stack: NAME_IS('z') },
  },
  'a value that AWS hides, or tells later': {
    was: { Q: topic('q', { Properties: { DisplayName: 'q', TopicName: 'x' } }) },
    is: { Q: topic('q2', { Properties: { DisplayName: 'q2', TopicName: { 'Fn::GetAtt': ['T', 'TopicName'] } } }) },
    changes: [inPlace('Q', TOPIC, 'DisplayName', ['q', 'q2'], { TopicName: '****' })],
  },
  'a detail of what was only written otherwise': {
    was: { Q: { Type: QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: '10' } } },
    is: { Q: { Type: QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: 10 } } },
    changes: [inPlace('Q', QUEUE, 'ReceiveMessageWaitTimeSeconds', ['10', '10'])],
  },
  'a name that is hidden': {
    is: { Q: topic({ 'tokens.example:aud': 'a' }) },
    changes: [added('Q', TOPIC, { DisplayName: { 'tokens.example:[hidden:secret]': '[hidden:secret]' } })],
  },
  'a letter that is not ASCII': {
    is: { Q: topic('für alle\n') },
    changes: [added('Q', TOPIC, { DisplayName: 'f??r alle' })],
  },
  'what a failed update left behind': {
    was: { Q: topic('q') },
    changes: [inPlace('Q', TOPIC, 'DisplayName', ['p', 'q'])],
    stack: { StackStatus: 'UPDATE_FAILED' },
  },
};

describe('what AWS leaves out, or writes otherwise, is believed', () => {
  test.each(Object.entries(HONEST))('%s', async (_, told) => {
    expect((await lines(told)).filter((line) => line.startsWith('unknown'))).toEqual([]);
  });
});
