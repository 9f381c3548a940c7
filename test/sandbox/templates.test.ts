import {
  CreateStackCommand,
  type CreateStackCommandInput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { cloudUnderTest, failureOf } from './clients.ts';

type Cloud = Awaited<ReturnType<typeof cloudUnderTest>>;

/** Deploys a template and gives its outputs. */
async function outputsOf(cloud: Cloud, TemplateBody: string, more: Partial<CreateStackCommandInput> = {}) {
  await cloud.cf.send(new CreateStackCommand({ StackName: 'sample', TemplateBody, ...more }));
  cloud.settle();
  const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({ StackName: 'sample' }));
  const entries = (Stacks![0]!.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return { status: Stacks![0]!.StackStatus, ...Object.fromEntries(entries) };
}

async function refusalOf(TemplateBody: string, more: Partial<CreateStackCommandInput> = {}) {
  const cloud = await cloudUnderTest();
  const refused = await failureOf(
    cloud.cf.send(new CreateStackCommand({ StackName: 'sample', TemplateBody, ...more })),
  );
  expect(refused.name).toBe('ValidationError');
  return refused.message;
}

test('short forms and functions are what CloudFormation makes of them', async () => {
  const template = `
Parameters:
  Stage: { Type: String, Default: prod }
  Zones: { Type: CommaDelimitedList, Default: "a, b,c" }
Mappings:
  Sizes: { prod: { size: large }, dev: { size: small } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Or [!Condition IsDev, !Equals [1, "1"]]]
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs, ReceiveMessageWaitTimeSeconds: !If [IsDev, 5, !Ref AWS::NoValue] } }
  Never: { Type: AWS::SQS::Queue, Condition: IsDev }
Outputs:
  Ref: { Value: !Ref Queue }
  Arn: { Value: !GetAtt Queue.Arn }
  Join: { Value: !Join ["-", [x, !Ref Stage, !Select [1, !Ref Zones]]] }
  Split: { Value: !Select [2, !Split ["/", "a/b/c"]] }
  Sub: { Value: !Sub ["\${AWS::Region} \${What} \${!Literal} \${Queue.QueueName}", { What: !Ref Stage }] }
  Map: { Value: !FindInMap [Sizes, !Ref Stage, size] }
  Both: { Value: yes-both, Condition: Both }
  Dev: { Value: never, Condition: IsDev }
  Base64: { Value: !Base64 hello }
  Zone: { Value: !Select [0, !GetAZs ""] }
  Cidr: { Value: !Join [" ", !Cidr [10.1.0.0/16, 2, 8]] }
`;
  expect(await outputsOf(await cloudUnderTest(), template)).toEqual({
    status: 'CREATE_COMPLETE',
    Ref: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs',
    Arn: 'arn:aws:sqs:eu-west-1:123456789012:jobs',
    Join: 'x-prod-b',
    Split: 'c',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Sub makes of an escaped variable
    Sub: 'eu-west-1 prod ${Literal} jobs',
    Map: 'large',
    Both: 'yes-both',
    Base64: 'aGVsbG8=',
    Zone: 'eu-west-1a',
    Cidr: '10.1.0.0/24 10.1.1.0/24',
  });
});

test('physical ids have the usual form of their type', async () => {
  const template = `
Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
  Topic: { Type: AWS::SNS::Topic }
  Bucket: { Type: AWS::S3::Bucket }
  Function: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: x }, Role: "arn:aws:iam::123456789012:role/r" } }
  Volume: { Type: AWS::EC2::Volume, Properties: { AvailabilityZone: eu-west-1a, Size: 1 } }
  Thing: { Type: "Custom::Thing", Properties: { ServiceToken: !GetAtt Function.Arn } }
Outputs:
  Vpc: { Value: !Ref Vpc }
  Topic: { Value: !Ref Topic }
  Bucket: { Value: !Ref Bucket }
  Function: { Value: !Ref Function }
  Volume: { Value: !Ref Volume }
  Thing: { Value: !GetAtt Thing.Anything }
`;
  expect(await outputsOf(await cloudUnderTest(), template)).toMatchObject({
    status: 'CREATE_COMPLETE',
    Vpc: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
    Topic: expect.stringMatching(/^arn:aws:sns:eu-west-1:123456789012:sample-Topic-[A-Z0-9]{12}$/),
    Bucket: expect.stringMatching(/^sample-bucket-[a-z0-9]{12}$/),
    Function: expect.stringMatching(/^sample-Function-[A-Z0-9]{12}$/),
    Volume: expect.stringMatching(/^vol-[0-9a-f]{17}$/),
    Thing: expect.stringContaining('sample-Thing-'),
  });
});

const bucket = (body: string) => `Resources:\n  A: { Type: AWS::S3::Bucket, Properties: { BucketName: ${body} } }`;

test.each([
  ['{ "Resources": {} }', 'Template format error: At least one Resources member must be defined.'],
  ['Resources: { A: { Properties: {} } }', 'Every Resources object must contain a Type member.'],
  ['Resources: { A-1: { Type: AWS::S3::Bucket } }', 'Resource name A-1 is non alphanumeric.'],
  ['Resources: [', 'Template format error: YAML not well-formed.'],
  ['AWSTemplateFormatVersion: 2020-01-01\nResources: {}', 'AWSTemplateFormatVersion'],
  [bucket('!Ref Nothing'), 'Unresolved resource dependencies [Nothing]'],
  [bucket('!GetAtt A.Nothing'), 'resource A does not support attribute type Nothing in Fn::GetAtt'],
  [bucket('!Ref A'), 'Circular dependency between resources: [A]'],
  [bucket('!FindInMap [No, Such, Map]').replace('Properties', 'Condition: Gone, Properties'), 'Gone'],
  [`Transform: AWS::Serverless-2016-10-31\n${bucket('a')}`, 'the sandbox does not run transforms'],
  ['Resources: { A: { Type: AWS::CloudFormation::Macro } }', 'the sandbox does not provide AWS::CloudFormation::Macro'],
  ['Resources: { A: { Type: AWS::S3::Bucket, DeletionPolicy: Keep } }', 'Unrecognized DeletionPolicy "Keep"'],
])('a template that is wrong is refused: %s', async (template, message) => {
  expect(await refusalOf(template)).toContain(message);
});

test.each([
  [[{ ParameterKey: 'Size', ParameterValue: '11' }], "Parameter 'Size' must be a number within"],
  [[{ ParameterKey: 'Size', ParameterValue: 'x' }], "Parameter 'Size' must be a number."],
  [[{ ParameterKey: 'Stage', ParameterValue: 'test' }], "Parameter 'Stage' must be one of AllowedValues"],
  [[{ ParameterKey: 'Other', ParameterValue: 'x' }], 'Parameters: [Other] do not exist in the template'],
  [
    [{ ParameterKey: 'Name', UsePreviousValue: true }],
    'Invalid input for parameter key Name. Cannot specify usePreviousValue',
  ],
  [[], 'Parameters: [Name] must have values'],
])('parameters that are wrong are refused: %o', async (Parameters, message) => {
  const template = `
Parameters:
  Size: { Type: Number, Default: 5, MaxValue: 10 }
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Name: { Type: String }
${bucket('!Ref Name')}`;
  expect(await refusalOf(template, { Parameters })).toContain(message);
});

test('a property that the type does not have fails its resource', async () => {
  const cloud = await cloudUnderTest();
  const template = 'Resources: { A: { Type: AWS::S3::Bucket, Properties: { Colour: red } } }';
  expect(await outputsOf(cloud, template)).toEqual({ status: 'ROLLBACK_COMPLETE' });
  const { StackEvents } = await cloud.cf.send(new DescribeStackEventsCommand({ StackName: 'sample' }));
  expect(StackEvents).toContainEqual(
    expect.objectContaining({
      ResourceStatus: 'CREATE_FAILED',
      ResourceStatusReason: expect.stringContaining('[Colour]'),
    }),
  );
});

/* The time limit of a test is what catches one that takes the sandbox minutes. */
test.each([
  ['an alias', 'A: &a x\nB: *a\n', /aliases are not allowed/],
  [
    'aliases that stand for billions',
    `a: &a [x,x]\nb: &b [*a,*a]\nc: [${'*b,'.repeat(12_000)}]\n`,
    /aliases are not allowed/,
  ],
  ['the same key twice', `Resources: {}\n`, /not well-formed. \(line 2, column 1\)/],
  ['a key that is a list', '? [a, b]\n: 1\n', /not well-formed. \(line 1, column 3\)/],
  ['two documents', 'A: 1\n---\n', /not well-formed/],
  ['deep lists', `A: ${'['.repeat(2_000)}${']'.repeat(2_000)}\n`, /nested too deeply|not well-formed/],
  ['depth that never ends', `A: ${'['.repeat(40_000)}\n`, /nested too deeply|not well-formed/],
])('a template with %s is refused as invalid, without a warning', async (_, text, message) => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on('warning', warned);
  expect(await refusalOf(`${text}Resources: { Queue: { Type: AWS::SQS::Queue } }\n`)).toMatch(message);
  process.off('warning', warned);
  expect(warnings).toEqual([]);
});

test('deep JSON is refused as invalid', async () => {
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  const body = `{"Resources":{"Queue":{"Type":"AWS::SQS::Queue","Properties":{"Tags":${deep}}}}}`;
  expect(await refusalOf(body)).toMatch(/nested too deeply/);
});

test('thousands of keys are no reason to refuse', async () => {
  const keys = Array.from({ length: 4_000 }, (_, at) => `  k${at}: 1\n`).join('');
  const body = `Metadata:\n${keys}Resources: { Queue: { Type: AWS::SQS::Queue } }\n`;
  expect((await outputsOf(await cloudUnderTest(), body)).status).toBe('CREATE_COMPLETE');
});
