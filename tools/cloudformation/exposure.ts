import { stableJson } from '../../src/kernel/digest.ts';
import type { ResourceChange } from '../ports/cloudformation.ts';

/** Types whose whole content says who may do what: adding or changing one opens identity access. */
const ACCESS_TYPES =
  /^AWS::(IAM::|S3::BucketPolicy$|SQS::QueuePolicy$|SNS::TopicPolicy$|Lambda::Permission$|SecretsManager::ResourcePolicy$|ECR::RegistryPolicy$|EFS::FileSystemPolicy$|SSO::Assignment$|Organizations::Policy$|EC2::VPCPeeringConnection$|RAM::ResourceShare$)/;

/** Properties that say the same within other types. */
const ACCESS_PROPERTIES =
  /^(KeyPolicy|ResourcePolicy|RepositoryPolicyText|FileSystemPolicy|AssumeRolePolicyDocument|PolicyDocument|AccessControl|PublicAccessBlockConfiguration|ManagedPolicyArns|Principal|SharedAccountIds)$/;

/** Switches that make a thing reachable from outside when they are on. */
const PUBLIC_SWITCHES = /^(PubliclyAccessible|AssociatePublicIpAddress|MapPublicIpOnLaunch|EnableHttpEndpoint)$/;

const NETWORK_TYPES = /^AWS::EC2::(SecurityGroup|SecurityGroupIngress|SecurityGroupEgress|NetworkAclEntry)$/;

/** Does the change open network or identity access, and how? Rules that were there before don't count. */
export function exposureOf(change: ResourceChange): string | undefined {
  if (change.action !== 'Add' && change.action !== 'Modify') return undefined;
  const properties = change.properties.filter((property) => property.attribute === 'Properties');
  if (ACCESS_TYPES.test(change.type) && (change.action === 'Add' || properties.length > 0))
    return 'says who may do what';
  for (const { name = '', after } of properties) {
    if (ACCESS_PROPERTIES.test(name)) return `${name} says who may do what`;
    if (PUBLIC_SWITCHES.test(name) && after !== 'false') return `${name} is turned on`;
  }
  const future = propertiesOf(change.after_context);
  if (change.action === 'Add') {
    const on = Object.entries(future ?? {}).find(
      ([name, value]) => PUBLIC_SWITCHES.test(name) && String(value) !== 'false',
    );
    if (on) return `${on[0]} is on`;
  }
  if (!NETWORK_TYPES.test(change.type) || (change.action === 'Modify' && properties.length === 0)) return undefined;
  return opened(change, future);
}

function opened(change: ResourceChange, future: Readonly<Record<string, unknown>> | undefined): string | undefined {
  // A security group says by default that everything may go out; what else it says isn't told.
  if (future === undefined) return 'AWS does not say which network access it opens';
  const before = new Set(worldRules(propertiesOf(change.before_context)));
  const added = worldRules(future).filter((rule) => !before.has(rule));
  return added.length > 0 ? 'opens network access to the whole internet' : undefined;
}

/** The rules that name every address, each as text. A standalone rule (SecurityGroupIngress) is its own properties. */
function worldRules(properties: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const rules = ['SecurityGroupIngress', 'SecurityGroupEgress'].flatMap((name) => {
    const list = properties?.[name];
    return (Array.isArray(list) ? list : []).map((rule: unknown) => `${name} ${stableJson(rule as never)}`);
  });
  const own = rules.length > 0 ? rules : [stableJson((properties ?? {}) as never)];
  return own.filter((rule) => /"(0\.0\.0\.0\/0|::\/0|0:0:0:0:0:0:0:0\/0)"/.test(rule));
}

/** The properties in a context of a change set: `{"Properties":{…},…}` as text. */
function propertiesOf(context: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (context === undefined) return undefined;
  try {
    const { Properties = {} } = JSON.parse(context) as { Properties?: unknown };
    return typeof Properties === 'object' && Properties !== null
      ? (Properties as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
