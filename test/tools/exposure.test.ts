import { describe, expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { isPrivateCidr } from '../../tools/ec2/network/cidr.ts';
import { added, effectOf, modified, sight } from './resource-change.ts';

const GROUP = 'AWS::EC2::SecurityGroup';
const tcp = (peer: object) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...peer });
const group = (...ingress: unknown[]) => ({ GroupDescription: 'web', SecurityGroupIngress: ingress });
const office = tcp({ CidrIp: '203.0.113.0/24' });
const inside = tcp({ CidrIp: '10.0.0.0/8' });

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };

test.each<[string, unknown[], string]>([
  ['the whole internet', [ssh], 'tcp 22, 0.0.0.0/0 (the whole IPv4 internet)'],
  ['a private network', [inside], 'tcp 443, 10.0.0.0/8 (16,777,216 private addresses)'],
  ['both', [ssh, inside], 'tcp 22, 0.0.0.0/0 (the whole IPv4 internet); tcp 443, 10.0.0.0/8'],
  ['everything from a group', [{ IpProtocol: -1, SourceSecurityGroupId: 'sg-0b1c' }], 'all traffic, sg-0b1c'],
  ['five', [1, 2, 3, 4, 5].map((port) => ({ ...ssh, FromPort: port, ToPort: port })), '; and 2 more'],
  ['what poses as another finding', [tcp({ CidrIp: '10.0.0.0/8; created' })], 'tcp 443, "10.0.0.0/8; created"'],
  ['a protocol that poses as one', [{ ...ssh, IpProtocol: 'x; y' }], 'the protocol "x; y", 0.0.0.0/0'],
  ['what is not known yet', [tcp({ CidrIp: UNTOLD })], 'a rule that is not read here'],
])('a rule that opens says what, and for whom: %s', (_, rules, words) => {
  const { detail } = impactOf(added(GROUP, { GroupDescription: 'web', SecurityGroupIngress: rules }), sight());
  expect(detail).toContain('opens network access to what is not surely private: ');
  expect(detail).toContain(words);
});

describe('network rules', () => {
  test.each([
    ['the whole internet', [tcp({ CidrIp: '0.0.0.0/0' })]],
    ['the whole internet in two halves', [tcp({ CidrIp: '0.0.0.0/1' }), tcp({ CidrIp: '128.0.0.0/1' })]],
    ['all of IPv6 that is given out', [tcp({ CidrIpv6: '2000::/3' })]],
    ['one public address', [tcp({ CidrIp: '198.51.100.7/32' })]],
    ['more than the private block', [tcp({ CidrIp: '10.0.0.0/7' })]],
    ['an address that is not known yet', [tcp({ CidrIp: UNTOLD })]],
    ['a rule that is not known yet', UNTOLD],
    ['a group', [tcp({ SourceSecurityGroupId: 'sg-0b1c' })]],
    ['a list, next to a private address', [tcp({ CidrIp: '10.0.0.0/8', SourcePrefixListId: 'pl-0b1c' })]],
    ['private addresses of a network whose ranges nobody knows', [inside]],
    ['private addresses in the other protocol', [tcp({ CidrIpv6: 'fd00:1::/32' })]],
    ['a mapped address', [tcp({ CidrIpv6: '::ffff:10.0.0.0/104' })]],
    ['what is no address', [tcp({ CidrIp: '10.0.0/8' })]],
  ])('%s', (_, rules) => {
    const after = { GroupDescription: 'web', SecurityGroupIngress: rules };
    expect(effectOf(added(GROUP, after))).toBe('expose');
    expect(effectOf(modified(GROUP, group(office), after))).toBe('expose');
    if (typeof rules !== 'string')
      expect(effectOf(added('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', ...rules[0] }))).toBe('expose');
  });

  test.each([
    ['a group without rules', added(GROUP, { GroupDescription: 'web' }), 'create'],
    [
      'a public rule goes, and with it who came through',
      modified(GROUP, group(office, inside), group(inside)),
      'disrupt',
    ],
    ['the order alone', modified(GROUP, group(office, inside), group(inside, office)), 'modify'],
    ['its note alone', modified(GROUP, group(office), group({ ...office, Description: 'office' })), 'modify'],
  ])('%s: %#', (_, change, effect) => {
    expect(effectOf(change)).toBe(effect);
  });

  test('a limit on what may go out is taken away', () => {
    const before = { GroupDescription: 'web', SecurityGroupEgress: [inside] };
    expect(effectOf(modified(GROUP, before, { GroupDescription: 'web' }))).toBe('expose');
  });

  test('a rule that AWS lists as changing, and shows unchanged, may become anything', () => {
    const properties = [
      { attribute: 'Properties', name: 'SecurityGroupIngress', requires_recreation: 'Never' as const },
    ];
    expect(effectOf(modified(GROUP, group(inside), group(inside), { properties }))).toBe('expose');
  });

  test.each([
    ['10.0.0.0/8', true],
    ['172.16.0.0/12', true],
    ['172.16.0.0/11', false],
    ['192.168.7.0/24', true],
    ['169.254.169.254/32', true],
    ['fc00::/7', true],
    ['fc00::/6', false],
    ['fe80::1/128', true],
    ['100.64.0.0/10', false],
    ['::/0', false],
    ['', false],
    ['10.0.0.0', false],
  ])('%s is private: %s', (cidr, expected) => {
    expect(isPrivateCidr(cidr)).toBe(expected);
  });
});

const BLOCK = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const open = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

describe('a new resource that is open from the start', () => {
  test.each<[string, object]>([
    ['AWS::S3::Bucket', { AccessControl: 'PublicReadWrite' }],
    ['AWS::S3::Bucket', { PublicAccessBlockConfiguration: { ...BLOCK, BlockPublicPolicy: false } }],
    ['AWS::S3::Bucket', { PublicAccessBlockConfiguration: { BlockPublicAcls: true } }],
    ['AWS::S3::Bucket', { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }],
    ['AWS::KMS::Key', { KeyPolicy: open }],
    ['AWS::EC2::Instance', { NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true }] }],
    ['AWS::EC2::Instance', { IamInstanceProfile: 'admin' }],
    ['AWS::EC2::Instance', { SecurityGroupIds: ['sg-0b1c'] }],
    // Without a group it joins the default one.
    ['AWS::EC2::Instance', { ImageId: 'ami-1', InstanceType: 't3.micro', SubnetId: 'subnet-1' }],
    ['AWS::EC2::Instance', { NetworkInterfaces: [{ AssociatePublicIpAddress: false }] }],
    ['AWS::EC2::Instance', { NetworkInterfaces: [{ GroupSet: [UNTOLD] }] }],
    ['AWS::EKS::Cluster', { ResourcesVpcConfig: { EndpointPublicAccess: true } }],
    ['AWS::EKS::Cluster', { ResourcesVpcConfig: { SubnetIds: [] } }],
    ['AWS::EKS::AccessEntry', { PrincipalArn: 'arn:aws:iam::1:role/x' }],
    ['AWS::Lambda::Url', { AuthType: 'NONE' }],
    ['AWS::Lambda::Function', { Role: 'arn:aws:iam::123456789012:role/admin' }],
    ['AWS::SNS::TopicInlinePolicy', { PolicyDocument: open }],
    ['AWS::SQS::QueueInlinePolicy', { PolicyDocument: open }],
    ['AWS::OpenSearchService::Domain', { AccessPolicies: open }],
    ['AWS::EC2::Route', { RouteTableId: 'rtb-1', DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
    ['AWS::EC2::Route', { RouteTableId: 'rtb-1', DestinationCidrBlock: '0.0.0.0/0', GatewayId: UNTOLD }],
    ['AWS::EC2::VPCGatewayAttachment', { InternetGatewayId: 'igw-1' }],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Subnets: ['subnet-1'] }],
    ['AWS::RDS::DBInstance', { PubliclyAccessible: 'true' }],
    ['AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } }],
    ['AWS::MWAA::Environment', { WebserverAccessMode: 'PUBLIC_ONLY' }],
    ['AWS::EC2::SnapshotBlockPublicAccess', { State: 'block-new-sharing' }],
    ['AWS::EC2::NetworkInterface', { SourceDestCheck: false }],
    ['AWS::EventSchemas::RegistryPolicy', { Policy: open }],
    ['AWS::DynamoDB::Table', { ResourcePolicy: { PolicyDocument: open } }],
  ])('%s %j', (type, properties) => {
    expect(effectOf(added(type, { ...properties }))).toBe('expose');
  });

  test.each<[string, object]>([
    ['AWS::SQS::Queue', { VisibilityTimeout: 30, RedrivePolicy: { maxReceiveCount: 3 } }],
    ['AWS::DynamoDB::Table', { TableName: 'orders', BillingMode: 'PAY_PER_REQUEST' }],
    ['AWS::S3::Bucket', {}],
    ['AWS::S3::Bucket', { PublicAccessBlockConfiguration: BLOCK, AccessControl: 'Private' }],
    ['AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Suspended' }, Tags: [{ Key: 'Role', Value: 'logs' }] }],
    ['AWS::RDS::DBInstance', { PubliclyAccessible: false, DBInstanceClass: 'db.t4g.micro' }],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }],
  ])('but not %s %j', (type, properties) => {
    expect(effectOf(added(type, { ...properties }))).toBe('create');
  });

  test('nor a way out by a NAT gateway, which acts on a table that is not of the stack', () => {
    const way = { RouteTableId: 'rtb-1', DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: UNTOLD };
    expect(effectOf(added('AWS::EC2::Route', way))).toBe('disrupt');
    const own = {
      type: 'AWS::EC2::Route',
      own_values: new Map([
        ['/RouteTableId', ['Table']],
        ['/NatGatewayId', ['Nat']],
      ]),
    };
    expect(effectOf(added('AWS::EC2::Route', way), undefined, own)).toBe('create');
  });

  test('of which AWS does not show what it would be can not be classified', () => {
    const { after_context: _hidden, ...change } = added('AWS::S3::Bucket');
    expect(effectOf(change)).toBe('unknown');
    expect(effectOf({ ...change, after_context: '{"Properties":{"AccessControl":"Pub' })).toBe('unknown');
    expect(effectOf({ ...change, type: 'AWS::SQS::Queue' })).toBe('create');
  });
});

describe('an existing resource that is opened', () => {
  test.each<[string, object, object]>([
    [
      'AWS::EKS::Cluster',
      { ResourcesVpcConfig: { EndpointPublicAccess: false } },
      { ResourcesVpcConfig: { EndpointPublicAccess: true } },
    ],
    [
      'AWS::EKS::Cluster',
      { ResourcesVpcConfig: { PublicAccessCidrs: ['203.0.113.0/24'] } },
      { ResourcesVpcConfig: { PublicAccessCidrs: ['0.0.0.0/0'] } },
    ],
    ['AWS::S3::Bucket', { PublicAccessBlockConfiguration: BLOCK }, {}],
    ['AWS::Lambda::Function', { Role: 'arn:aws:iam::1:role/a' }, { Role: 'arn:aws:iam::1:role/b' }],
    ['AWS::EC2::Instance', { SecurityGroupIds: ['sg-1'] }, { SecurityGroupIds: ['sg-2'] }],
    ['AWS::EC2::Instance', { SecurityGroupIds: ['sg-1'] }, {}],
    ['AWS::OpenSearchService::Domain', { AccessPolicies: {} }, { AccessPolicies: open }],
    ['AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' }, { AuthorizationType: 'NONE' }],
    ['AWS::EC2::Route', { NatGatewayId: 'nat-1' }, { GatewayId: 'igw-1' }],
  ])('%s %j to %j', (type, before, after) => {
    expect(effectOf(modified(type, { ...before }, { ...after }))).toBe('expose');
  });

  test.each<[string, object, object]>([
    ['AWS::SQS::Queue', { VisibilityTimeout: 30 }, { VisibilityTimeout: 60 }],
    [
      'AWS::S3::Bucket',
      { PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
      { PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true } },
    ],
    ['AWS::Lambda::Function', { Timeout: 3, Role: 'r' }, { Timeout: 9, Role: 'r' }],
  ])('but not %s %j to %j', (type, before, after) => {
    expect(effectOf(modified(type, { ...before }, { ...after }))).toBe('modify');
  });

  test('one that is closed again cuts off those who came by that way', () => {
    const open = (on: boolean) => ({ ResourcesVpcConfig: { EndpointPublicAccess: on } });
    expect(effectOf(modified('AWS::EKS::Cluster', open(true), open(false)))).toBe('disrupt');
  });

  test('the detail says where', () => {
    const change = added('AWS::EC2::Instance', { NetworkInterfaces: [{ AssociatePublicIpAddress: true }] });
    expect(impactOf(change, sight()).detail).toContain('NetworkInterfaces.0.AssociatePublicIpAddress is on');
  });
});
