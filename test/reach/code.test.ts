import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { environmentOf, subjectsOf } from '../../src/kernel/environment.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { isAmazonsCode } from '../../tools/cloudformation/reach/publishers.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

/* Whose code runs: what another account may change is held, even where every stack of this account is development. */

const DEVELOPMENT = [{ name: 'development', match: { accounts: ['123456789012'] } }] as const;
const ROLE = { 'Fn::GetAtt': ['Role', 'Arn'] };
const LAYER = 'arn:aws:lambda:eu-west-1:999999999999:layer:tools';

let cloud: Cloud;
let aws: Aws;
beforeAll(async () => {
  const managed = { Resources: { Source: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'sam-managed' } } } };
  cloud = await startCloud({ stacks: [{ name: 'aws-sam-cli-managed-default', template: managed }] }, { latencyMs: 1 });
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

async function functionOf(properties: object, known: readonly string[] = []) {
  const rules = { ...NO_RULES, known: known.map((id) => ({ id, environment: 'development' as const })) };
  const Role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
  const Properties = { Role: ROLE, Code: { ZipFile: 'x' }, ...properties };
  const template = { Resources: { Role, Fn: { Type: 'AWS::Lambda::Function', Properties } } };
  const planned = await propose(
    aws,
    'cloudformation_deploy_stack',
    { stack_name: 'dev-code', template_body: JSON.stringify(template), capabilities: ['CAPABILITY_NAMED_IAM'] },
    rules,
  );
  await planned.discard();
  const subjects = subjectsOf({ account: '123456789012', region: 'eu-west-1', targets: planned.targets });
  const line = planned.impact.find(({ detail }) => detail.startsWith('Fn: '));
  return {
    environment: environmentOf({ ...rules, environments: DEVELOPMENT }, subjects),
    effect: line?.effect,
    detail: line?.detail ?? '',
  };
}

test("another account's layer is held, and the plan prints the line that settles it", async () => {
  const held = await functionOf({ Layers: [`${LAYER}:3`] });
  expect(held).toMatchObject({ effect: 'expose', environment: 'production' });
  expect(held.detail).toContain(`runs code from ${LAYER}, and nobody can tell whose it is`);
  expect(held.detail).toContain(`{ id: "${LAYER}", environment: … }`);
  const settled = await functionOf({ Layers: [`${LAYER}:3`] }, [LAYER]);
  expect(settled).toMatchObject({ effect: 'create', environment: 'development' });
});

describe('a bucket', () => {
  test('of a stack of this account, as what SAM makes for itself, needs no line', async () => {
    const found = await functionOf({ Code: { S3Bucket: 'sam-managed', S3Key: 'a.zip' } });
    expect(found).toMatchObject({ effect: 'create', environment: 'development' });
  });

  test("that isn't found here may be anyone's, whatever it is called; one line settles it", async () => {
    const Code = { S3Bucket: 'aws-sam-cli-managed-default-evil', S3Key: 'a.zip' };
    const held = await functionOf({ Code });
    expect(held).toMatchObject({ effect: 'expose', environment: 'production' });
    expect(held.detail).toContain('{ id: "arn:aws:s3:::aws-sam-cli-managed-default-evil", environment: … }');
    expect(await functionOf({ Code }, ['aws-sam-cli-managed-default-evil'])).toMatchObject({ effect: 'expose' });
    const settled = await functionOf({ Code }, ['arn:aws:s3:::aws-sam-cli-managed-default-evil']);
    expect(settled).toMatchObject({ effect: 'create', environment: 'development' });
  });
});

test("what can't be read is settled by no line", async () => {
  expect(await functionOf({ Layers: ['{{resolve:ssm:/a}}'] }, ['*'])).toMatchObject({ effect: 'expose' });
});

test.each([
  ['lambda:us-east-1:580247275435:layer:LambdaInsightsExtension', true],
  ['lambda:us-east-1:580247275435:layer:Mine', false],
  ['lambda:us-east-1:999999999999:layer:LambdaInsightsExtension', false],
  ['lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python312-x86_64', true],
  ['ecr:us-east-1:763104351884:repository/pytorch-inference', true],
  ['ecr:us-east-1:999999999999:repository/pytorch-inference', false],
])("%s is Amazon's: %s", (name, expected) => expect(isAmazonsCode(name)).toBe(expected));
