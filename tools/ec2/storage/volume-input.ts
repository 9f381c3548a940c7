import { z } from 'zod';
import { notShell, ruled } from '../../fields.ts';

export const Zone = ruled((value) =>
  /^[a-z]{2,4}(-[a-z0-9]{1,12}){2,8}$/.test(value)
    ? undefined
    : (notShell(value) ?? 'is not an availability zone; give one like eu-west-1a'),
);

export const VolumeType = z.enum(['gp3', 'gp2', 'io2', 'io1', 'st1', 'sc1', 'standard']);

interface Performance {
  readonly volume_type?: string | undefined;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
}

/**
 * What AWS takes of these together: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html.
 * @returns what is wrong
 */
export function wrongPerformance({ volume_type = '', iops, throughput }: Performance): string | undefined {
  if (iops === undefined && /^io/.test(volume_type)) return 'volumes of type io1 and io2 need iops';
  if (iops !== undefined && !/^(io1|io2|gp3)$/.test(volume_type))
    return 'iops is only for volumes of type gp3, io1 and io2; leave it out';
  return throughput === undefined || volume_type === 'gp3'
    ? undefined
    : 'throughput is only for volumes of type gp3; leave it out';
}
