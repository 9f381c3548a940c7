import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Ec2Reader } from '../../../tools/ports/ec2.ts';
import { instanceReader } from './instances-reader.ts';
import { networkReader } from './network-reader.ts';
import { storageReader } from './storage-reader.ts';
import { taggedReader } from './tags-reader.ts';

/** Reads EC2. Every text in a result is stripped of credentials. */
export function ec2Reader(client: EC2Client): Ec2Reader {
  const reader = { ...instanceReader(client), ...storageReader(client), ...networkReader(client) };
  return { ...reader, ...taggedReader(client, reader) };
}
