import type { Filter } from '@aws-sdk/client-ec2';
import { ApiFailure } from '../wire/failure.ts';
import { type Instance, STATE_CODES, type Tags, type Volume } from './model.ts';

/** The values that a filter of that name sees, or undefined where there is no such filter. */
export type Values<T> = (item: T, name: string) => readonly string[] | undefined;

export function tagValues(tags: Tags, name: string): readonly string[] | undefined {
  if (name.startsWith('tag:')) {
    const value = tags.get(name.slice(4));
    return value === undefined ? [] : [value];
  }
  return name === 'tag-key' ? [...tags.keys()] : undefined;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html, Filter.N */
export const instanceValues: Values<Instance> = (instance, name) => {
  const plain: Record<string, readonly (string | undefined)[]> = {
    'availability-zone': [instance.zone],
    'block-device-mapping.volume-id': instance.attachments.map(({ volumeId }) => volumeId),
    'client-token': [instance.clientToken],
    'image-id': [instance.imageId],
    'instance-id': [instance.id],
    'instance-state-code': [String(STATE_CODES[instance.state])],
    'instance-state-name': [instance.state],
    'instance-type': [instance.type],
    'key-name': [instance.keyName],
    'private-ip-address': [instance.privateIp],
    'reservation-id': [instance.reservationId],
    'instance.group-id': instance.securityGroupIds,
    'subnet-id': [instance.subnetId],
  };
  const values = Object.hasOwn(plain, name) ? plain[name] : undefined;
  return values?.filter((value) => value !== undefined) ?? tagValues(instance.tags, name);
};

export const volumeValues: Values<Volume> = (volume, name) => {
  const plain: Record<string, readonly (string | undefined)[]> = {
    'attachment.instance-id': [volume.attachedTo],
    'availability-zone': [volume.zone],
    size: [String(volume.size)],
    'snapshot-id': [volume.snapshotId],
    status: [volume.state],
    'volume-id': [volume.id],
    'volume-type': [volume.type],
  };
  const values = Object.hasOwn(plain, name) ? plain[name] : undefined;
  return values?.filter((value) => value !== undefined) ?? tagValues(volume.tags, name);
};

/** `*` any text, `?` one character, as in https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
function matcher(pattern: string): (value: string) => boolean {
  if (!/[*?]/.test(pattern)) return (value) => value === pattern;
  const source = pattern
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => expression.test(value);
}

/** All filters have to match, by any one of their values. @throws ApiFailure InvalidParameterValue */
export function applyFilters<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  values: Values<T>,
  known: ReadonlySet<string> = KNOWN,
): T[] {
  let left = [...items];
  for (const { Name = '', Values: wanted = [] } of filters ?? []) {
    if (!/^tag:.|^tag-key$/.test(Name) && !known.has(Name)) {
      throw new ApiFailure('InvalidParameterValue', `The filter '${Name}' is invalid`);
    }
    const matchers = wanted.map(matcher);
    left = left.filter((item) => values(item, Name)?.some((value) => matchers.some((matches) => matches(value))));
  }
  return left;
}

const KNOWN = new Set([
  'attachment.instance-id',
  'availability-zone',
  'block-device-mapping.snapshot-id',
  'block-device-mapping.volume-id',
  'client-token',
  'event.code',
  'image-id',
  'instance-id',
  'instance-state-code',
  'instance-state-name',
  'instance-status.status',
  'instance-storage-supported',
  'instance-type',
  'instance.group-id',
  'key-name',
  'name',
  'owner-id',
  'private-ip-address',
  'processor-info.supported-architecture',
  'reservation-id',
  'size',
  'snapshot-id',
  'state',
  'status',
  'subnet-id',
  'system-status.status',
  'volume-id',
  'volume-type',
  'vpc-id',
]);
