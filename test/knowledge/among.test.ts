import { expect, test } from 'vitest';
import { readTemplate } from '../../src/aws/template/template.ts';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { added, modified, sight } from '../tools/resource-change.ts';

/*
 * New among new: the attacker makes a stack of its own in which production's things are called by what looks like a
 * reference. Each time the template and what AWS says that it adds, and the nearest that opens nothing.
 */

const ATTACHMENT = 'AWS::EC2::VPCGatewayAttachment';
const ROUTE_IN = 'AWS::EC2::SubnetRouteTableAssociation';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const OTHERS = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Gateway: { Type: 'AWS::EC2::InternetGateway' },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: 'vpc-1' } },
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: 'vpc-1' } },
  Kept: { Type: 'AWS::SSM::Parameter', Properties: { Value: 'vpc-1' } },
  Inner: { Type: 'AWS::CloudFormation::Stack' },
  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'g', VpcId: { Ref: 'Vpc' } } },
  Same: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 's', VpcId: { Ref: 'Vpc' } } },
  ById: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 's', VpcId: { 'Fn::GetAtt': 'Vpc.VpcId' } },
  },
  Default: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'd' } },
  Maybe: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 'm', VpcId: { 'Fn::If': ['Is', { Ref: 'Vpc' }, { Ref: 'AWS::NoValue' }] } },
  },
  Resolved: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 'r', VpcId: '{{resolve:ssm:/vpc}}' },
  },
  Again: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'r', VpcId: '{{resolve:ssm:/vpc}}' } },
};
const ALL = Object.keys(OTHERS);

/** Every reference is what only the execution tells. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.some((key) => key === 'Ref' || key.startsWith('Fn::'))) return UNTOLD;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
}

function judged(Type: string, Properties: object, news: readonly string[], shows = shown(Properties)): string {
  const text = JSON.stringify({
    Conditions: { Is: { 'Fn::Equals': ['a', 'b'] } },
    Parameters: { Given: { Type: 'String' } },
    Resources: { ...OTHERS, A: { Type, Properties } },
  });
  const { resources } = readTemplate(text);
  return impactOf(
    added(Type, { ...(shows as object) }),
    sight(undefined, resources.A, { added: new Set(news), resources }),
  ).effect;
}

const ref = (Ref: string) => ({ Ref });

test.each<[string, string, object, readonly string[], string]>([
  ['both are new', ATTACHMENT, { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }, ALL, 'create'],
  [
    'the network was there',
    ATTACHMENT,
    { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') },
    ['Gateway'],
    'expose',
  ],
  ['the gateway was there', ATTACHMENT, { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }, ['Vpc'], 'expose'],
  ['an id', ATTACHMENT, { VpcId: 'vpc-1', InternetGatewayId: ref('Gateway') }, ALL, 'expose'],
  ['a parameter', ATTACHMENT, { VpcId: ref('Given'), InternetGatewayId: ref('Gateway') }, ALL, 'expose'],
  ['an import', ATTACHMENT, { VpcId: { 'Fn::ImportValue': 'Vpc' }, InternetGatewayId: ref('Gateway') }, ALL, 'expose'],
  [
    'what a new subnet was given',
    ATTACHMENT,
    { VpcId: { 'Fn::GetAtt': ['Subnet', 'VpcId'] }, InternetGatewayId: ref('Gateway') },
    ALL,
    'expose',
  ],
  [
    'what a new parameter of SSM has',
    ATTACHMENT,
    { VpcId: { 'Fn::GetAtt': ['Kept', 'Value'] }, InternetGatewayId: ref('Gateway') },
    ALL,
    'expose',
  ],
  [
    'what a new nested stack gives out',
    ATTACHMENT,
    { VpcId: { 'Fn::GetAtt': ['Inner', 'Outputs.Vpc'] }, InternetGatewayId: ref('Gateway') },
    ALL,
    'expose',
  ],
  [
    'another in one branch',
    ATTACHMENT,
    { VpcId: { 'Fn::If': ['Is', ref('Vpc'), 'vpc-1'] }, InternetGatewayId: ref('Gateway') },
    ALL,
    'expose',
  ],
  ['no network', ATTACHMENT, { InternetGatewayId: ref('Gateway') }, ALL, 'expose'],
  ['both are new', ROUTE_IN, { SubnetId: ref('Subnet'), RouteTableId: ref('Table') }, ALL, 'create'],
  ['the table was there', ROUTE_IN, { SubnetId: ref('Subnet'), RouteTableId: ref('Table') }, ['Subnet'], 'expose'],
  ['nothing is told', ROUTE_IN, {}, ALL, 'expose'],
])('%s: %s %j', (_, type, properties, news, effect) => {
  expect(judged(type, properties, news)).toBe(effect);
});

test('one branch that AWS shows as nothing names nothing', () => {
  const vpc = { 'Fn::If': ['Is', ref('Vpc'), ref('AWS::NoValue')] };
  const said = { VpcId: vpc, InternetGatewayId: ref('Gateway') };
  expect(judged(ATTACHMENT, said, ALL)).toBe('create');
  expect(judged(ATTACHMENT, said, ALL, { InternetGatewayId: UNTOLD })).toBe('expose');
});

test('what is replaced, or stays, is not new', () => {
  const { resources } = readTemplate(
    JSON.stringify({ Resources: { ...OTHERS, A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc') } } } }),
  );
  const change = modified('AWS::EC2::Subnet', { VpcId: 'vpc-1' }, { VpcId: 'vpc-1', MapPublicIpOnLaunch: true });
  const beside = { added: new Set(['Vpc']), resources };
  expect(impactOf(change, sight(resources.A, resources.A, beside)).effect).toBe('expose');
});

const tcp = { IpProtocol: 'tcp', FromPort: 80, ToPort: 90 };
test.each<[string, object, string]>([
  ['another of the same network', { GroupId: ref('Group'), SourceSecurityGroupId: ref('Same') }, 'create'],
  ['itself', { GroupId: ref('Group'), SourceSecurityGroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] } }, 'create'],
  ['one that says the same network otherwise', { GroupId: ref('Group'), SourceSecurityGroupId: ref('ById') }, 'create'],
  [
    "the network's default one",
    { GroupId: ref('Group'), SourceSecurityGroupId: { 'Fn::GetAtt': 'Vpc.DefaultSecurityGroup' } },
    'create',
  ],
  ['one of another network', { GroupId: ref('Group'), SourceSecurityGroupId: ref('Default') }, 'expose'],
  [
    'one of a network that a condition chooses',
    { GroupId: ref('Group'), SourceSecurityGroupId: ref('Maybe') },
    'expose',
  ],
  ['two in what may be two networks', { GroupId: ref('Again'), SourceSecurityGroupId: ref('Resolved') }, 'expose'],
  [
    'either of two of the same network',
    { GroupId: ref('Group'), SourceSecurityGroupId: { 'Fn::If': ['Is', ref('Same'), ref('Group')] } },
    'create',
  ],
  [
    'either of two, one elsewhere',
    { GroupId: ref('Group'), SourceSecurityGroupId: { 'Fn::If': ['Is', ref('Same'), ref('Default')] } },
    'expose',
  ],
  ['into another group', { GroupId: 'sg-1', SourceSecurityGroupId: ref('Same') }, 'expose'],
  [
    'into either of two groups',
    { GroupId: { 'Fn::If': ['Is', ref('Group'), ref('Default')] }, SourceSecurityGroupId: ref('Same') },
    'expose',
  ],
  [
    'of another account',
    { GroupId: ref('Group'), SourceSecurityGroupId: ref('Same'), SourceSecurityGroupOwnerId: '210987654321' },
    'expose',
  ],
  ['and everybody', { GroupId: ref('Group'), SourceSecurityGroupId: ref('Same'), CidrIp: '0.0.0.0/0' }, 'expose'],
  ['a prefix list', { GroupId: ref('Group'), SourcePrefixListId: 'pl-1' }, 'expose'],
  ['nobody', { GroupId: ref('Group') }, 'expose'],
  ['256 of its addresses', { GroupId: ref('Group'), CidrIp: '10.0.4.0/24' }, 'create'],
  ['512 of its addresses', { GroupId: ref('Group'), CidrIp: '10.0.4.0/23' }, 'expose'],
  ['private addresses elsewhere', { GroupId: ref('Group'), CidrIp: '10.1.4.0/24' }, 'expose'],
  ['private addresses, into another network', { GroupId: ref('Default'), CidrIp: '10.0.4.0/24' }, 'expose'],
  ['addresses that only the execution tells', { GroupId: ref('Group'), CidrIp: ref('Given') }, 'expose'],
])('ingress from %s', (_, rule, effect) => {
  expect(judged(INGRESS, { ...tcp, ...rule }, ALL)).toBe(effect);
});

test.each<[string, object, string]>([
  ['by number', { IpProtocol: 6 }, 'create'],
  ['in capital letters', { IpProtocol: 'TCP' }, 'create'],
  ['as texts', { FromPort: '80', ToPort: '90' }, 'create'],
  ['ICMP', { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }, 'create'],
  ['a thousand ports', { FromPort: 1, ToPort: 1_000 }, 'create'],
  ['more than a thousand ports', { FromPort: 1, ToPort: 1_001 }, 'expose'],
  ['everything', { IpProtocol: '-1' }, 'expose'],
  ['another protocol', { IpProtocol: 50 }, 'expose'],
  ['ports the wrong way round', { FromPort: 90, ToPort: 80 }, 'expose'],
  ['a port that only the execution tells', { FromPort: ref('Given') }, 'expose'],
])('some traffic from a neighbour: %s', (_, traffic, effect) => {
  const rule = { ...tcp, ...traffic, GroupId: ref('Group'), SourceSecurityGroupId: ref('Same') };
  expect(judged(INGRESS, rule, ALL)).toBe(effect);
});
