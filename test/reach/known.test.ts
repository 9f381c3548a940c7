import { expect, test } from 'vitest';
import { isKnownByItself } from '../../tools/cloudformation/reach/known-by-themselves.ts';

/* What all of an account shares, and what only looks like it. */

const HERE = { account: '123456789012', region: 'eu-west-1' };
const ASSETS = 'cdk-hnb659fds-assets-123456789012-eu-west-1';

test.each<[string, string | undefined, string, boolean]>([
  ["CDK's bucket", 'AWS::S3::Bucket', ASSETS, true],
  ["another account's bucket of CDK's", 'AWS::S3::Bucket', ASSETS.replace('123456789012', '210987654321'), false],
  ['a public parameter', 'AWS::SSM::Parameter', '/aws/service/ecs/ami', true],
  ['a log group that is called like one', 'AWS::Logs::LogGroup', '/aws/service/prod-app', false],
  ['what may be of any type', undefined, '/aws/service/prod-app', false],
  ['a public parameter, by its ARN', undefined, 'arn:aws:ssm:eu-west-1::parameter/aws/service/ecs/ami', true],
  ["a parameter of the account's, by its ARN", undefined, 'arn:aws:ssm:eu-west-1:123456789012:parameter/a', false],
  ["AWS's own key", 'AWS::KMS::Key', 'alias/aws/s3', true],
  ['a log group that is called like one', 'AWS::Logs::LogGroup', 'alias/aws/s3', false],
  ["AWS's own policy", undefined, 'arn:aws:iam::aws:policy/ReadOnlyAccess', true],
])('%s (%s, %s)', (_, type, name, expected) => {
  const thing = { name, ...(type === undefined ? {} : { type }) };
  expect(isKnownByItself(thing, 'AWS::Lambda::Function', HERE)).toBe(expected);
});

test("who may use CDK's bucket is what all deployments of the account rest on", () => {
  expect(isKnownByItself({ name: ASSETS, type: 'AWS::S3::Bucket' }, 'AWS::S3::BucketPolicy', HERE)).toBe(false);
});
