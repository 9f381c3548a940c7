import { z } from 'zod';
import {
  CreationTags,
  ImageId,
  InstanceType,
  LaunchTemplateId,
  NameOrArn,
  SecurityGroupIds,
  SubnetId,
  wholeNumber,
} from '../../fields.ts';
import { Device } from '../storage/device.ts';
import { VolumeType, wrongPerformance } from '../storage/volume-input.ts';
import { StoredTags } from '../tags/ticket-tag.ts';

/** A disk of new instances that isn't as the image has it: another size or type, one more, or none. */
const BlockDevice = z
  .strictObject({
    device: Device,
    size: wholeNumber(1, 65_536).optional().describe('GiB'),
    volume_type: VolumeType.optional(),
    iops: wholeNumber(100, 256_000).optional(),
    throughput: wholeNumber(125, 2_000).optional(),
    encrypted: z.literal(true).optional(),
    delete_on_termination: z.boolean().optional(),
    none: z.literal(true).optional().describe('Leaves out what the image has there'),
  })
  .superRefine(({ device: _device, none, ...disk }, context) => {
    const given = Object.values(disk).some((value) => value !== undefined);
    const message =
      given === (none === true) ? 'needs what is to be at the device, or none: true alone' : wrongPerformance(disk);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

export const LaunchFields = {
  image_id: ImageId.optional(),
  instance_type: InstanceType.optional(),
  count: wholeNumber(1, 50).optional(),
  subnet_id: SubnetId.optional(),
  security_group_ids: SecurityGroupIds.optional(),
  associate_public_ip_address: z.boolean().optional(),
  key_name: NameOrArn.optional(),
  iam_instance_profile: NameOrArn.optional(),
  launch_template_id: LaunchTemplateId.optional(),
  launch_template_version: wholeNumber(1, 1_000_000_000).optional(),
  block_devices: z
    .array(BlockDevice)
    .min(1)
    .max(20)
    .refine((all) => new Set(all.map(({ device }) => device)).size === all.length, 'names one device twice')
    .optional(),
  http_tokens: z.literal('required').optional().describe('IMDSv2 only'),
  disable_api_termination: z.boolean().optional(),
  tags: CreationTags.optional(),
};

/** A disk of stored arguments. */
const StoredDisk = z.strictObject({
  device: z.string(),
  size: z.number().exactOptional(),
  volume_type: z.string().exactOptional(),
  iops: z.number().exactOptional(),
  throughput: z.number().exactOptional(),
  encrypted: z.literal(true).exactOptional(),
  delete_on_termination: z.boolean().exactOptional(),
  none: z.literal(true).exactOptional(),
});

export const StoredLaunch = z.strictObject({
  count: z.number(),
  image_id: z.string().exactOptional(),
  instance_type: z.string().exactOptional(),
  subnet_id: z.string().exactOptional(),
  security_group_ids: z.array(z.string()).exactOptional(),
  associate_public_ip_address: z.boolean().exactOptional(),
  key_name: z.string().exactOptional(),
  iam_instance_profile: z.string().exactOptional(),
  launch_template_id: z.string().exactOptional(),
  launch_template_version: z.number().exactOptional(),
  block_devices: z.array(StoredDisk).exactOptional(),
  http_tokens: z.literal('required').exactOptional(),
  disable_api_termination: z.boolean().exactOptional(),
  tags: StoredTags.exactOptional(),
});
