import { expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { REASON } from '../scenes/tools.ts';

const [VOLUME, INSTANCE] = ['vol-00000000000000001', 'i-00000000000000001'];
const VALID: Record<string, Record<string, unknown>> = {
  ec2_describe_volumes: { volume_ids: [VOLUME] },
  ec2_describe_snapshots: { owners: ['self', '123456789012'] },
  ec2_describe_images: { name: 'al2023-ami-*', owners: ['amazon'] },
  ec2_create_snapshot: { volume_id: VOLUME },
  ec2_delete_snapshot: { snapshot_id: 'snap-0123abcd' },
  ec2_create_image: { instance_id: INSTANCE, name: "it's (a) [name] @1.0/x_y" },
  ec2_deregister_image: { image_id: 'ami-0123abcd' },
  ec2_create_volume: { availability_zone: 'us-west-2-lax-1a', size: 1 },
  ec2_attach_volume: { volume_id: VOLUME, instance_id: INSTANCE, device: 'xvdba' },
  ec2_detach_volume: { volume_id: VOLUME },
  ec2_delete_volume: { volume_id: VOLUME },
};

function problems(name: string, change: object): string {
  const tool = TOOLS.find((one) => one.name === name);
  const reason = tool?.kind === 'change' ? { reason: REASON } : {};
  const result = tool?.input.safeParse({ ...reason, ...VALID[name], ...change });
  return result?.success === false ? result.error.issues.map((issue) => issue.message).join('\n') : '';
}

test.each(Object.keys(VALID))('%s takes what it should', (name) => {
  expect(problems(name, {})).toBe('');
  expect(problems(name, { force: true })).toMatch(/nrecognized/);
});

test.each([
  ['ec2_delete_volume', { volume_id: 'vol-*' }, /wildcards are not taken/],
  ['ec2_delete_volume', { volume_id: '--force' }, /begins with "-"/],
  ['ec2_delete_volume', { volume_id: 'snap-00000000000000001' }, /not a volume id.*ec2_describe_volumes/],
  ['ec2_delete_snapshot', { snapshot_id: 'vol-00000000000000001' }, /not a snapshot id.*ec2_describe_snapshots/],
  ['ec2_deregister_image', { image_id: 'ami-XYZ' }, /not an image id.*ec2_describe_images/],
  ['ec2_create_snapshot', { tags: { 'holdshort:ticket': 'x' } }, /belongs to holdshort/],
  ['ec2_create_snapshot', { tags: { 'aws:x': 'y' } }, /belongs to AWS/],
  ['ec2_create_volume', { size: 0 }, /whole number from 1 to 65536/],
  ['ec2_create_volume', { size: 1.5 }, /whole number/],
  ['ec2_create_volume', { size: undefined }, /give size or snapshot_id/],
  ['ec2_create_volume', { volume_type: 'io2' }, /need iops/],
  ['ec2_create_volume', { volume_type: 'gp2', iops: 3000 }, /iops is only for/],
  ['ec2_create_volume', { availability_zone: 'Ireland' }, /like eu-west-1a/],
  ['ec2_attach_volume', { device: '/dev/../sda' }, /like \/dev\/sdf/],
  ['ec2_create_image', { name: 'a*' }, /not an image name/],
  ['ec2_describe_images', { owners: ['everybody'] }, /not an owner/],
  ['ec2_describe_volumes', { state: 'avail*' }, /wildcards/],
] as const)('%s with %j is refused with what to do instead', (name, change, message) => {
  expect(problems(name, change)).toMatch(message);
});
