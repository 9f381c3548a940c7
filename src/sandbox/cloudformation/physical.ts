/** Physical ids and attributes in the form that the resource's type usually has. */

import { subParts } from '../../../tools/ports/substitution.ts';
import type { Cloud, Region } from '../cloud.ts';
import { ec2Id, randomSuffix, uuidFrom } from '../ids.ts';
import { isCustomType } from '../template/document.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';
import type { Stack, StackResource } from './model.ts';
import { handlerOf, type ResourceRequest } from './resource.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const EC2_PREFIXES: Record<string, string> = {
  'AWS::EC2::CustomerGateway': 'cgw',
  'AWS::EC2::DHCPOptions': 'dopt',
  'AWS::EC2::EgressOnlyInternetGateway': 'eigw',
  'AWS::EC2::FlowLog': 'fl',
  'AWS::EC2::InternetGateway': 'igw',
  'AWS::EC2::LaunchTemplate': 'lt',
  'AWS::EC2::NatGateway': 'nat',
  'AWS::EC2::NetworkAcl': 'acl',
  'AWS::EC2::NetworkInterface': 'eni',
  'AWS::EC2::RouteTable': 'rtb',
  'AWS::EC2::SecurityGroup': 'sg',
  'AWS::EC2::SecurityGroupIngress': 'sgr',
  'AWS::EC2::SecurityGroupEgress': 'sgr',
  'AWS::EC2::Subnet': 'subnet',
  'AWS::EC2::SubnetRouteTableAssociation': 'rtbassoc',
  'AWS::EC2::TransitGateway': 'tgw',
  'AWS::EC2::VPC': 'vpc',
  'AWS::EC2::VPCEndpoint': 'vpce',
  'AWS::EC2::VPCPeeringConnection': 'pcx',
  'AWS::EC2::VPNGateway': 'vgw',
};

const LOWER_CASE = ['AWS::S3::', 'AWS::RDS::', 'AWS::ECR::', 'AWS::DocDB::', 'AWS::Neptune::', 'AWS::ElastiCache::'];
/** Physical ids by this rule are at most this long; longer stack names are cut, as AWS cuts them. */
const GENERATED_NAME_LENGTH = 63;

function generatedName(cloud: Cloud, stack: Stack, logicalId: string, type: string): string {
  const suffix = randomSuffix(12, cloud.bytes);
  const name = `${`${stack.name}-${logicalId}`.slice(0, GENERATED_NAME_LENGTH - 13)}-${suffix}`;
  return LOWER_CASE.some((prefix) => type.startsWith(prefix)) ? name.toLowerCase() : name;
}

function fillArn(cloud: Cloud, region: Region, template: string, name: string): string {
  const known: Record<string, string> = { Partition: 'aws', Region: region.name, Account: cloud.accountId };
  return subParts(template)
    .map(({ kind, text }) => (kind === 'variable' ? (known[text] ?? name) : text))
    .join('');
}

function arn(cloud: Cloud, region: Region, type: string, name: string): string {
  const template = cloud.specification(type)?.arnTemplate;
  if (template) return fillArn(cloud, region, template, name);
  const [, service = '', kind = ''] = type.split('::');
  return `arn:aws:${service.toLowerCase()}:${region.name}:${cloud.accountId}:${kind.toLowerCase()}/${name}`;
}

export function arnOf(cloud: Cloud, region: Region, { type, physicalId }: StackResource): string {
  return physicalId.startsWith('arn:')
    ? physicalId
    : arn(cloud, region, type, physicalId.replace(/^https:.*\//, '').replace(/^\//, ''));
}

/** A new physical id: the name that the properties ask for, or a generated one. */
export function newPhysicalId(cloud: Cloud, region: Region, stack: Stack, request: ResourceRequest): string {
  const { logicalId, type, properties } = request;
  const prefix = EC2_PREFIXES[type];
  if (prefix) return ec2Id(prefix, cloud.bytes);
  if (isCustomType(type)) return generatedName(cloud, stack, logicalId, type);
  const known = cloud.specification(type);
  const identifier = known?.identifier ?? [];
  const named = [...(known?.properties ?? [])].find(
    (name) => /Name$|Identifier$/.test(name) && known?.replace.has(name),
  );
  const wanted = named === undefined ? undefined : properties[named];
  const name = typeof wanted === 'string' && wanted !== '' ? wanted : generatedName(cloud, stack, logicalId, type);
  if (type === 'AWS::SQS::Queue') return `https://sqs.${region.name}.amazonaws.com/${cloud.accountId}/${name}`;
  const parts = identifier.map((key) => {
    const value = properties[key];
    if (typeof value === 'string')
      return LOWER_CASE.some((start) => type.startsWith(start)) ? value.toLowerCase() : value;
    if (/Arns?$/.test(key)) return arn(cloud, region, type, name);
    return /Id$/.test(key) && !known?.properties.has(key)
      ? uuidFrom(cloud.bytes)
      : generatedName(cloud, stack, logicalId, type);
  });
  return parts.length > 0 ? parts.join('|') : name;
}

function fromProperties(properties: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = properties;
  for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined;
  return value;
}

const PORTS: Record<string, string> = {
  postgres: '5432',
  mysql: '3306',
  mariadb: '3306',
  sqlserver: '1433',
  oracle: '1521',
};

function port(properties: JsonObject): string {
  const engine = String(properties.Engine ?? '');
  const known = Object.keys(PORTS).find((name) => engine.includes(name));
  return String(properties.Port ?? PORTS[known ?? ''] ?? '3306');
}

/** What Fn::GetAtt gives, always the same for one physical resource; undefined where the type has no such attribute. */
export function attributeOf(cloud: Cloud, region: Region, resource: StackResource, name: string): Json | undefined {
  const { type, physicalId, properties } = resource;
  if (isCustomType(type)) return fromProperties(properties, name) ?? `${physicalId}.${name}`;
  const live = handlerOf(cloud, type)?.attribute?.(region, physicalId, name);
  if (live !== undefined) return live;
  const known = cloud.specification(type);
  if (!known) return undefined;
  const given = fromProperties(properties, name);
  if (given !== undefined && (known.attributes.has(name) || known.properties.has(name))) return given;
  if (!known.attributes.has(name)) return undefined;
  const shortId = physicalId.split(/[/:]/).pop() ?? physicalId;
  if (known.identifier.length === 1 && known.identifier[0] === name) return physicalId;
  if (/Arn$/.test(name)) return physicalId.startsWith('arn:') ? physicalId : arn(cloud, region, type, shortId);
  if (/Port$/.test(name)) return port(properties);
  const service = (type.split('::')[1] ?? '').toLowerCase();
  if (/(Address|DNSName|DnsName|DomainName|Endpoint)$/.test(name)) {
    return `${shortId.toLowerCase()}.${region.name}.${service}.amazonaws.com`;
  }
  return /(Name|Id|Identifier)$/.test(name) ? shortId : `${shortId}-${name}`;
}
