/**
 * Instance types by the rules of their names (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html,
 * "Naming conventions"): family, generation, `g` for Graviton, `d` for an instance store.
 */
import type {
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  InstanceTypeInfo,
  _InstanceType as InstanceTypeName,
} from '@aws-sdk/client-ec2';
import { ApiFailure } from '../wire/failure.ts';
import { page } from '../wire/paging.ts';
import { applyFilters } from './filters.ts';
import { stopAtDryRun } from './lookup.ts';

const FAMILIES = [
  't2',
  't3',
  't3a',
  't4g',
  'm1',
  'm4',
  'm5',
  'm5d',
  'm6g',
  'm6gd',
  'm7i',
  'c5',
  'c5d',
  'c7g',
  'r5',
  'i3',
  'i4i',
];
const SIZES = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge', '2xlarge', '4xlarge', '8xlarge'];

interface InstanceTypeFacts {
  readonly name: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly nitro: boolean;
  /** In GB; 0: none. */
  readonly store: number;
}

function factsOf(family: string, size: string): InstanceTypeFacts {
  const [, letter = '', generation = '', options = ''] = /^([a-z]+)(\d+)([a-z]*)$/.exec(family) ?? [];
  const stored = options.includes('d') || letter === 'i' || family === 'm1';
  return {
    name: `${family}.${size}`,
    architecture: options.startsWith('g') ? 'arm64' : 'x86_64',
    nitro: Number(generation) >= 5 || ['t3', 't3a', 't4g', 'i3'].includes(family) || letter === 'i',
    store: stored ? 75 * 2 ** Math.max(0, SIZES.indexOf(size) - SIZES.indexOf('large')) : 0,
  };
}

const TYPES: ReadonlyMap<string, InstanceTypeFacts> = new Map(
  FAMILIES.flatMap((family) => SIZES.map((size) => factsOf(family, size))).map((facts) => [facts.name, facts]),
);

/** A type that isn't in the list is taken for an ordinary one: seeds and templates may name any. */
export function instanceType(name: string): InstanceTypeFacts {
  return TYPES.get(name) ?? { name, architecture: 'x86_64', nitro: true, store: 0 };
}

function typeShape({ name, architecture, nitro, store }: InstanceTypeFacts): InstanceTypeInfo {
  return {
    InstanceType: name as InstanceTypeName,
    CurrentGeneration: nitro,
    Hypervisor: nitro ? 'nitro' : 'xen',
    BareMetal: false,
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    ProcessorInfo: { SupportedArchitectures: [architecture] },
    NetworkInfo: { EnaSupport: nitro ? 'required' : 'supported' },
    InstanceStorageSupported: store > 0,
    InstanceStorageInfo: store > 0 ? { TotalSizeInGB: store } : undefined,
  };
}

/** @throws ApiFailure InvalidInstanceType */
export function describeInstanceTypes(input: DescribeInstanceTypesRequest): DescribeInstanceTypesResult {
  const wanted = input.InstanceTypes ?? [];
  const unknown = wanted.filter((name) => !TYPES.has(name));
  if (unknown.length > 0) {
    throw new ApiFailure(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
  }
  const named = [...TYPES.values()].filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name as InstanceTypeName),
  );
  const chosen = applyFilters(named, input.Filters, ({ name, architecture, store }, filter) => {
    if (filter === 'instance-type') return [name];
    if (filter === 'processor-info.supported-architecture') return [architecture];
    return filter === 'instance-storage-supported' ? [String(store > 0)] : undefined;
  });
  const { items, NextToken } = page(chosen, input.NextToken, input.MaxResults ?? 100);
  stopAtDryRun(input);
  return { InstanceTypes: items.map(typeShape), NextToken };
}
