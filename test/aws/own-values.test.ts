import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { expect, test } from 'vitest';
import { MADE_REFS } from '../../src/aws/template/made-refs.ts';
import { isPlaceOf } from '../../src/aws/template/own-names.ts';
import { readStoredTemplate, readTemplate } from '../../src/aws/template/template.ts';

/*
 * Which values a template takes from itself, by their expressions. The attacker writes names and expressions: what
 * looks like its own may be anyone's.
 */

const RESOURCES = {
  Queue: { Type: 'AWS::SQS::Queue' },
  Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'theirs' } },
  Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'their-function' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: 'vpc-1' } },
  Vpc: { Type: 'AWS::EC2::VPC' },
  Graph: { Type: 'AWS::AppSync::GraphQLApi', Properties: { Name: 'theirs' } },
  Published: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: 'theirs' } },
  Profile: { Type: 'AWS::IAM::InstanceProfile' },
  Cluster: { Type: 'AWS::ECS::Cluster' },
  Service: { Type: 'AWS::ECS::Service' },
  Made: { Type: 'Custom::Thing' },
  Inner: { Type: 'AWS::CloudFormation::Stack' },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Table: { Type: 'AWS::DynamoDB::Table' },
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'service-role' } },
  Connection: { Type: 'AWS::Events::Connection', Properties: { Name: 'their-admin' } },
  Model: { Type: 'AWS::ApiGateway::Model', Properties: { Name: 'Z0123456789' } },
  GlueTable: { Type: 'AWS::Glue::Table', Properties: { TableInput: { Name: 'theirs' } } },
  OtherCluster: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'theirs' } },
  Users: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'sg-0theirs' } },
  Thing: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'theirs' } },
  Attached: { Type: 'AWS::SecretsManager::SecretTargetAttachment', Properties: { SecretId: 'theirs' } },
  Gateway: { Type: 'AWS::EC2::GatewayRouteTableAssociation', Properties: { GatewayId: 'igw-0theirs' } },
  Kept: { Type: 'AWS::SSM::Parameter', Properties: { Value: 'arn:aws:sqs:eu-west-1:123456789012:theirs' } },
};

function ownOf(Properties: object): readonly string[] {
  const text = JSON.stringify({
    Parameters: { Given: { Type: 'String' }, Several: { Type: 'CommaDelimitedList' } },
    Conditions: { Is: { 'Fn::Equals': ['a', 'b'] } },
    Resources: { ...RESOURCES, Subject: { Type: 'AWS::Lambda::Permission', Properties } },
  });
  return [...(readTemplate(text).resources.Subject?.own_values?.keys() ?? [])];
}

const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
const FUNCTIONS = [
  'arn:',
  { Ref: 'AWS::Partition' },
  ':apigateway:',
  { Ref: 'AWS::Region' },
  ':lambda:path/2015-03-31/functions/',
];

test.each<[string, object]>([
  ['a reference', { QueueUrl: { Ref: 'Queue' } }],
  ['an ARN', { Anything: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
  ['an ARN in the short form', { Anything: { 'Fn::GetAtt': 'Queue.Arn' } }],
  ['a name where names of its type go', { FunctionName: { Ref: 'Fn' } }],
  ['the id of a graph, which AWS makes', { ApiId: { 'Fn::GetAtt': ['Graph', 'ApiId'] } }],
  ['its own id', { VpcId: { 'Fn::GetAtt': ['Vpc', 'VpcId'] } }],
  ['the number of a version, where one is served', { FunctionVersion: { 'Fn::GetAtt': ['Published', 'Version'] } }],
  ['either of two', { A: { 'Fn::If': ['Is', { Ref: 'Queue' }, { 'Fn::GetAtt': ['Queue', 'Arn'] }] } }],
  ['one or none', { A: { 'Fn::If': ['Is', { Ref: 'Queue' }, { Ref: 'AWS::NoValue' }] } }],
  ['what is within an ARN', { A: { 'Fn::Sub': `\${Bucket.Arn}/*` } }],
  ['what is within a name', { A: { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::\${Bucket}/*` } }],
  ['the name of a role in its ARN', { A: { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:role/\${Role}` } }],
  ['what is in a bucket, by its address', { A: { 'Fn::Sub': `s3://\${Bucket}/results/` } }],
  ['a table that scales', { ResourceId: { 'Fn::Sub': `table/\${Table}` } }],
  ['a text that is the name alone', { A: { 'Fn::Sub': `\${Queue}` } }],
  ['a variable of a text', { A: { 'Fn::Sub': [`\${X}:live`, { X: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] } }],
  ['a way to a function', { Uri: join(...FUNCTIONS, { 'Fn::GetAtt': ['Fn', 'Arn'] }, '/invocations') }],
  [
    'a service in a cluster',
    { ResourceId: join('service/', { Ref: 'Cluster' }, '/', { 'Fn::GetAtt': ['Service', 'Name'] }) },
  ],
])('its own: %s', (_, properties) => {
  expect(ownOf(properties)).toEqual([`/${Object.keys(properties)[0]}`]);
});

test.each<[string, object]>([
  ['a text', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/Queue' }],
  ['a parameter', { A: { Ref: 'Given' } }],
  ['an import', { A: { 'Fn::ImportValue': 'Queue' } }],
  ['a name that another type was given', { FunctionName: { Ref: 'Policy' } }],
  ['a name in a place of another type', { RoleName: { Ref: 'Fn' } }],
  ['what a resource was given', { VpcId: { 'Fn::GetAtt': ['Subnet', 'VpcId'] } }],
  ['the number of a version, anywhere else', { FunctionName: { 'Fn::GetAtt': ['Published', 'Version'] } }],
  ['what a custom resource answers', { A: { 'Fn::GetAtt': ['Made', 'Arn'] } }],
  ['what a nested stack answers', { A: { 'Fn::GetAtt': ['Inner', 'Outputs.Arn'] } }],
  ['what is stored in a parameter', { A: { 'Fn::GetAtt': ['Kept', 'Value'] } }],
  ['one of its own or any other', { A: { 'Fn::If': ['Is', { Ref: 'Queue' }, 'theirs'] } }],
  ['a part of a text', { A: { 'Fn::Select': [1, { 'Fn::Split': ['|', { 'Fn::Sub': `\${Queue}|theirs` }] }] } }],
  ['the address of a bucket that is called otherwise', { A: { 'Fn::Sub': `s3://\${Bucket}-theirs/` } }],
  ['an address with the name of another type', { A: { 'Fn::Sub': `s3://\${Table}/` } }],
  ['an address in the bucket of others', { A: { 'Fn::Sub': `s3://theirs/\${Bucket}` } }],
  ['a table that is called so anywhere', { DynamoDBConfig: { TableName: { Ref: 'Table' } } }],
  ['a name that goes on', { A: { 'Fn::Sub': `\${Queue.Arn}-theirs` } }],
  ['a name in front of which another stands', { A: join('arn:aws:s3:::theirs/', { Ref: 'Queue' }) }],
  ['what is in the bucket of others', { A: join('arn:aws:s3:::table/', { Ref: 'Queue' }) }],
  ['a service in a cluster of others', { ResourceId: join('service/theirs/', { Ref: 'Service' }) }],
  ['an account of others', { A: { 'Fn::Sub': `arn:aws:lambda:eu-west-1:999999999999:function:\${Fn}` } }],
  ['a role in the path that another is called like', { A: { 'Fn::Sub': `\${Role.Arn}/admin` } }],
  ['the same by name', { A: { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:role/\${Role}/admin` } }],
  ['a chosen name in a role’s ARN', { A: { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:role/\${Connection}` } }],
  ['a chosen name in the place of an id', { GroupId: { Ref: 'Connection' } }],
  ['another chosen name in the place of an id', { HostedZoneId: { Ref: 'Model' } }],
  ['a table of another service', { ResourceId: { 'Fn::Sub': `table/\${GlueTable}` } }],
  ['a cluster of another service', { ResourceId: { 'Fn::Sub': `service/\${OtherCluster}/api` } }],
  ['a group of another service', { GroupId: { Ref: 'Users' }, SecurityGroupIds: [{ Ref: 'Users' }] }],
  ['the name that a graph was given', { ApiId: { 'Fn::GetAtt': ['Graph', 'Name'] } }],
  ['an id that is the chosen name', { A: { 'Fn::GetAtt': ['Thing', 'Id'] } }],
  ['the id of what it was given', { SecretId: { 'Fn::GetAtt': ['Attached', 'Id'] } }],
  ['a reference that gives back what was given', { GatewayId: { Ref: 'Gateway' } }],
  ['letters that stand for an account elsewhere', { A: { 'Fn::Sub': `arn:aws:iam::A:role/\${Role}` } }],
  ['two functions at once', { A: { Ref: 'Queue', 'Fn::Sub': 'theirs' } }],
  ['what isn’t there', { A: { Ref: 'Nothing' } }],
])('not its own: %s', (_, properties) => {
  expect(ownOf(properties)).toEqual([]);
});

test('in a list each has its place, unless one may be left out', () => {
  const own = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  const perhaps = { 'Fn::If': ['Is', own, { Ref: 'AWS::NoValue' }] };
  expect(ownOf({ A: ['theirs', own] })).toEqual(['/A/1']);
  expect(ownOf({ A: [{ Ref: 'Given' }, own] })).toEqual(['/A/1']);
  expect(ownOf({ A: [perhaps, 'theirs'] })).toEqual([]);
  expect(ownOf({ A: [{ Ref: 'AWS::NoValue' }, own, 'theirs'] })).toEqual([]);
  expect(ownOf({ A: [{ Ref: 'Several' }, own] })).toEqual([]);
  expect(ownOf({ A: [perhaps, own] })).toEqual(['/A/0', '/A/1']);
});

test('a name alone is called by what is around it', () => {
  expect(ownOf({ IamInstanceProfile: { Name: { Ref: 'Profile' } } })).toEqual(['/IamInstanceProfile/Name']);
  expect(ownOf({ Role: { Name: { Ref: 'Profile' } }, Name: { Ref: 'Profile' } })).toEqual([]);
});

test('a key that looks like a place is none', () => {
  const own = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  expect(ownOf({ 'A/B': own, 'C~1D': own })).toEqual(['/A~1B', '/C~01D']);
});

test('what counts as made by AWS can be set by no template, by the published specification', () => {
  const spec = loadAwsServiceSpecSync();
  const resources = spec.all('resource');
  const ofType = (type: string) => resources.find(({ cloudFormationType }) => cloudFormationType === type);
  for (const type of MADE_REFS) {
    const { cfnRefIdentifier, primaryIdentifier, properties = {} } = ofType(type) ?? {};
    const identifiers = cfnRefIdentifier ?? primaryIdentifier ?? [];
    expect(identifiers, type).not.toHaveLength(0);
    for (const one of identifiers) expect(Object.keys(properties), `${type} ${one}`).not.toContain(one);
  }
  // Nor can it set an attribute that is called like the resource's own ARN, or like the id of one of these.
  const given = resources.flatMap(({ cloudFormationType: type, attributes, properties }) =>
    Object.keys(attributes).filter((name) => {
      const [, stem = '?', end] = /^(.*)(Arn|Id)$/.exec(name) ?? [];
      const isItself = type.toLowerCase().endsWith(stem.toLowerCase()) && (end === 'Arn' || MADE_REFS.has(type));
      return isItself && Object.hasOwn(properties, name);
    }),
  );
  expect(given).toEqual([]);
});

test('a name stands where a property is called like its type, and like no other type of the service', () => {
  const types = loadAwsServiceSpecSync()
    .all('resource')
    .map(({ cloudFormationType }) => cloudFormationType);
  for (const [service, all = []] of Object.entries(Object.groupBy(types, (type) => type.split('::')[1] ?? ''))) {
    for (const type of all) {
      const place = { type: `AWS::${service}::Any`, property: `${type.split('::')[2]}Name`, isHere: true };
      // `Url`, and no more: a property that is called so could be of anything.
      if (type !== 'AWS::Lambda::Url') expect(all.filter((one) => isPlaceOf(one, place))).toEqual([type]);
    }
  }
});

test('names that lead to names, many times over, take no more time than there are names', () => {
  const many = 300;
  const Resources = Object.fromEntries(
    ['A', 'B', 'C', 'D'].map((id, at, ids) => [
      id,
      {
        Type: 'AWS::Lambda::Alias',
        Properties: { FunctionName: join(...Array.from({ length: many }, () => ({ Ref: ids[at + 1] ?? 'Z' }))) },
      },
    ]),
  );
  expect(Object.keys(readTemplate(JSON.stringify({ Resources })).resources)).toHaveLength(4);
});

test('a text with as many variables as a template has room for is read', () => {
  const variables = '$' + '{!a}';
  const Resources = {
    Subject: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': variables.repeat(200_000) } } },
  };
  expect(Object.keys(readStoredTemplate(JSON.stringify({ Resources })).resources)).toEqual(['Subject']);
});
