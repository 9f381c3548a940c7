import type { Json } from '../../../../src/kernel/digest.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { openedBy, RULE_TYPES } from './network-rules.ts';
import {
  changedSettings,
  isOff,
  isOn,
  isSettings,
  isUntold,
  member,
  propertiesOf,
  type Setting,
  type Settings,
} from './resource-settings.ts';

/**
 * Types whose whole content says who may do what. By pattern: AWS adds policies to its services faster than any list
 * follows.
 */
const ACCESS_TYPES =
  /^AWS::(IAM|SSO|RAM|Organizations|LakeFormation|RolesAnywhere|VerifiedPermissions|WAF|WAFv2|WAFRegional)::|Polic(y|ies)|Permission|Principal|Access(Entry|Grant|Key|Point)|Role|Grant|Authoriz|BlockPublicAccess/;

/** Types that are a way in, or lead traffic to something. */
const WAYS_IN =
  /^AWS::(EC2::(VPCPeeringConnection|VPCGatewayAttachment|EIPAssociation|SubnetRouteTableAssociation|VPNConnection|VPNConnectionRoute|ClientVpn\w+|TransitGateway\w*|LocalGatewayRoute\w*|NetworkInterfaceAttachment|VPCEndpointService\w*)|ElasticLoadBalancingV2::Listener\w*|GlobalAccelerator::|Lightsail::|AppRunner::|Amplify::|CloudFront::\w*Distribution)/;

/** Not about access, whatever the name says. */
const OTHER_POLICIES =
  /(Scaling|Scheduling|Lifecycle|Redrive(Allow)?|Retry|Replay|Filter|Delivery|Archive|AccessLogging|Backup|Retention|Deletion|Termination|Update|Upgrade|Maintenance|MixedInstances|Stickiness|Draining|Reuse|Impairment|Cache|ResponseHeaders|SchemaChange|Recrawl|Resiliency|FieldIndex|StorageTier)Polic(y|ies)/;

/** Properties, and members of any depth, that say who may do what, or what something may do. */
const ACCESS_NAMES =
  /Polic(y|ies)|Permission|Principal|Access(Entr|Polic|Grant)|Roles?(Name|Arns?|ARNs?)?$|InstanceProfile|SecurityGroups?(Ids?|Names?)?$|^GroupSet$|Account(Id)?s$|^Grants?$/;

/** Switches that make a thing reachable from outside when they are on. */
const PUBLIC_SWITCHES =
  /^(Publicly|Associate(Carrier|Public)|AssignPublic|MapPublic|Public(Access|Ip))|EndpointPublicAccess|AssignIpv6Address|HttpEndpoint|Unauthenticated|Anonymous|DirectInternetAccess/;
/** … and when they are off. */
const PUBLIC_FENCES = /^(BlockPublic|IgnorePublic|RestrictPublic)|^SourceDestCheck$/;
const FENCES_OF_A_BUCKET = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
/** Names whose value may be a word for everyone. */
const REACH = /(AccessMode|AccessType|EndpointType|Visibility|Scheme)$/;
const SIGN_IN = /^(Auth(orization|entication|orizer)?Type|Authenticator)$/;

/** What must be said for a new resource of these types to be closed: AWS's default is open. */
const CLOSED_ONLY_IF: Readonly<Record<string, readonly [path: readonly string[], closed: RegExp]>> = {
  'AWS::ElasticLoadBalancing::LoadBalancer': [['Scheme'], /^internal$/],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [['Scheme'], /^internal$/],
  'AWS::EKS::Cluster': [['ResourcesVpcConfig', 'EndpointPublicAccess'], /^false$/i],
  // What it is where nothing is said depends on the subnets, which nobody tells here.
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
  'AWS::RDS::DBInstance': [['PubliclyAccessible'], /^false$/i],
  'AWS::DMS::ReplicationInstance': [['PubliclyAccessible'], /^false$/i],
  'AWS::Transfer::Server': [['EndpointType'], /^VPC$/],
  'AWS::ApiGatewayV2::Route': [['AuthorizationType'], /^(AWS_IAM|JWT|CUSTOM)$/],
};

/** Does the change open network or identity access, and how? What was there before doesn't count. */
export function exposureOf(change: ResourceChange): string | undefined {
  const { action, type } = change;
  if (action !== 'Add' && action !== 'Modify') return undefined;
  const settings = changedSettings(change).filter(({ path }) => !/^Tags(\.|$)/.test(path));
  if (action === 'Modify' && settings.length === 0) return undefined;
  if (ACCESS_TYPES.test(type) && !OTHER_POLICIES.test(type)) return 'says who may do what';
  if (WAYS_IN.test(type)) return 'lets traffic in, or leads it elsewhere';
  const after = propertiesOf(change.after_context) ?? {};
  const before = action === 'Modify' ? propertiesOf(change.before_context) : undefined;
  return (
    openedRoute(type, after) ??
    openByDefault(change, after) ??
    (RULE_TYPES.test(type) ? openedRules(change, settings, before) : undefined) ??
    settings.map((setting) => openedSetting(type, setting)).find((why) => why !== undefined)
  );
}

/** Only a NAT gateway surely lets nothing in; an internet gateway's id may also be one that isn't known yet. */
function openedRoute(type: string, after: Settings): string | undefined {
  if (type !== 'AWS::EC2::Route') return undefined;
  const ways = Object.keys(after).filter((name) =>
    /(Gateway|Connection|Interface|Instance|Endpoint|Network)(Id|Arn)$/.test(name),
  );
  const outward = ways.length > 0 && ways.every((name) => /^(NatGateway|EgressOnlyInternetGateway)Id$/.test(name));
  return outward ? undefined : 'opens a way between networks, or to the internet';
}

function openByDefault({ action, type }: ResourceChange, after: Settings): string | undefined {
  const rule = Object.hasOwn(CLOSED_ONLY_IF, type) ? CLOSED_ONLY_IF[type] : undefined;
  if (!rule || action !== 'Add') return undefined;
  const [path, closed] = rule;
  const value = path.reduce<Json | undefined>((inner, key) => member(inner, key), after);
  return closed.test(String(value)) ? undefined : `open to the internet, as ${path.join('.')} does not close it`;
}

function openedRules(
  change: ResourceChange,
  settings: readonly Setting[],
  before: Settings | undefined,
): string | undefined {
  const after = propertiesOf(change.after_context);
  const hidden = settings.some(({ path, after: value }) => !path.includes('.') && isUntold(value));
  if (!after || hidden || (change.action === 'Modify' && !before))
    return 'AWS does not say which network access it opens';
  return openedBy(before, after);
}

function openedSetting(type: string, { name, path, label, before, after }: Setting): string | undefined {
  if (name === 'PublicAccessBlockConfiguration')
    return keepsFences(before, after) ? undefined : `${label} lets the public in`;
  // One fence of a bucket is judged with the other three.
  if (/(^|\.)PublicAccessBlockConfiguration\./.test(path)) return undefined;
  if (PUBLIC_FENCES.test(name)) return isOn(after) ? undefined : `${label} is not on`;
  if (PUBLIC_SWITCHES.test(name)) {
    const closed = after === undefined ? before === undefined || isOn(before) : isOff(after);
    return closed ? undefined : `${label} is on`;
  }
  if (SIGN_IN.test(name) && (after === undefined || isUntold(after) || /^(none|api_key)$/i.test(String(after))))
    return `${label}: whoever calls is let in`;
  if (REACH.test(name) && /public|internet/i.test(String(after))) return `${label} is open to everybody`;
  if (name === 'AccessControl')
    return after === 'Private' || after === undefined ? undefined : `${label} says who may do what`;
  if (name === 'ObjectOwnership')
    return after === 'BucketOwnerEnforced' ? undefined : `${label} lets access lists count`;
  if (type === 'AWS::EC2::EIP' && name === 'InstanceId') return 'gives an instance a public address';
  if (!ACCESS_NAMES.test(name) || OTHER_POLICIES.test(name) || (OTHER_POLICIES.test(type) && /^Polic/.test(name)))
    return undefined;
  // What is new and empty gives nothing; what becomes empty may fall back to a default that gives more.
  return before === undefined && isEmpty(after) ? undefined : `${label} says who may do what`;
}

/**
 * All four on, or none that was on no longer.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
function keepsFences(before: Json | undefined, after: Json | undefined): boolean {
  const on = FENCES_OF_A_BUCKET.filter((fence) => isOn(member(after, fence)));
  if (on.length === FENCES_OF_A_BUCKET.length) return true;
  return isSettings(before) && FENCES_OF_A_BUCKET.every((fence) => !isOn(member(before, fence)) || on.includes(fence));
}

function isEmpty(value: Json | undefined): boolean {
  if (isUntold(value)) return false;
  return (typeof value === 'object' && value !== null && Object.keys(value).length === 0) || isOff(value);
}
