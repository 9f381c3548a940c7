import { sha256 } from '../../../src/kernel/digest.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Caller } from '../../define.ts';
import type { Place } from '../../session/permits.ts';
import { owningStack } from '../instances/target.ts';

interface Kind {
  readonly type: string;
  /** The kind as ARNs name it. */
  readonly arn: string;
  /** Snapshots and images have no account in their ARN: anyone's may be meant. */
  readonly accountless?: true;
}

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-resources-for-iam-policies
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  i: { type: 'AWS::EC2::Instance', arn: 'instance' },
  vol: { type: 'AWS::EC2::Volume', arn: 'volume' },
  snap: { type: 'AWS::EC2::Snapshot', arn: 'snapshot', accountless: true },
  ami: { type: 'AWS::EC2::Image', arn: 'image', accountless: true },
  sg: { type: 'AWS::EC2::SecurityGroup', arn: 'security-group' },
  vpc: { type: 'AWS::EC2::VPC', arn: 'vpc' },
  subnet: { type: 'AWS::EC2::Subnet', arn: 'subnet' },
  eipalloc: { type: 'AWS::EC2::EIP', arn: 'elastic-ip' },
  eni: { type: 'AWS::EC2::NetworkInterface', arn: 'network-interface' },
};

function kindOf(id: string): Kind | undefined {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  return Object.hasOwn(KINDS, prefix) ? KINDS[prefix] : undefined;
}

export function typeOf(id: string): string {
  return kindOf(id)?.type ?? 'unknown';
}

export function ec2Arn(id: string, { arn, region, account }: Place): string {
  const kind = kindOf(id);
  const owner = kind?.accountless ? '' : account;
  return `arn:${arn.split(':')[1] ?? 'aws'}:ec2:${region}:${owner}:${kind?.arn ?? 'unknown'}/${id}`;
}

export function ec2Target(id: string, tags: Readonly<Record<string, string>>, caller: Caller): Target {
  const stack = owningStack({ tags });
  return {
    id: ec2Arn(id, caller),
    type: typeOf(id),
    name: id,
    ...(stack === undefined ? {} : { stack_name: stack }),
    tags: { ...tags },
  };
}

/** What a person should know when a stack owns what is changed; empty when none does. */
export function stackNote(tags: Readonly<Record<string, string>>): string {
  const stack = owningStack({ tags });
  return stack === undefined ? '' : `; belongs to stack ${stack}, which isn't told`;
}

/** An id with what people call it. Names are written by others: quoted, bounded, and after the id. */
export function calledBy(id: string, name: string | undefined): string {
  return name ? `${id} ${quoted(name)}` : id;
}

export function quoted(text: string): string {
  return `"${bounded(text.replaceAll('"', "'"), 80, sha256)}"`;
}

/** `3 instances (a, b and 1 more)`. */
export function counted(noun: string, names: readonly string[], shown = 3): string {
  const left = names.length - shown;
  const listed = names.slice(0, left === 1 ? shown + 1 : shown).join(', ');
  const more = left > 1 ? ` and ${left} more` : '';
  return `${names.length} ${noun}${names.length === 1 ? '' : 's'} (${listed}${more})`;
}
