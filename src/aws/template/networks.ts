import { sha256, stableJson } from '../../kernel/digest.ts';
import { record } from './document.ts';

/** What is known of a resource's network: see `ResourcePolicies`. */
export function networkFacts(...about: Parameters<typeof networkOf>): { network?: string; range?: string } {
  const [network, range] = [networkOf(...about), rangeOf(about[1])];
  return { ...(network === undefined ? {} : { network }), ...(range === undefined ? {} : { range }) };
}

/**
 * Which VPC a security group is in, or a VPC is, as a word: within one template the same word is the same VPC.
 * `default` is the account's own. Undefined where that can't be told. Another word may be the same VPC all the same.
 * @param own what the resource takes from the template itself
 */
function networkOf(
  id: string,
  resource: unknown,
  own: ReadonlyMap<string, readonly string[]>,
  resources: Readonly<Record<string, unknown>>,
): string | undefined {
  const { Type, Properties } = record(resource);
  if (Type === 'AWS::EC2::VPC') return `made ${id}`;
  if (Type !== 'AWS::EC2::SecurityGroup') return undefined;
  // What a macro or a dynamic reference gives may be another thing each time.
  const properties = record(Properties);
  const { VpcId } = properties;
  const text = stableJson((VpcId ?? null) as Parameters<typeof stableJson>[0]);
  if (Object.hasOwn(properties, 'Fn::Transform') || /Fn::Transform|\{\{/.test(text)) return undefined;
  if (VpcId === undefined) return 'default';
  const [owner, ...more] = own.get('/VpcId') ?? [];
  const isOne = owner !== undefined && more.length === 0 && !Object.hasOwn(record(VpcId), 'Fn::If');
  return isOne && record(resources[owner]).Type === 'AWS::EC2::VPC' ? `made ${owner}` : `said ${sha256(text)}`;
}

/** The IPv4 range of a VPC, where the template writes it down. */
function rangeOf(resource: unknown): string | undefined {
  const { Type, Properties } = record(resource);
  const { CidrBlock } = record(Properties);
  return Type === 'AWS::EC2::VPC' && typeof CidrBlock === 'string' ? CidrBlock : undefined;
}
