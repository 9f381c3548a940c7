import type { EC2Client } from '@aws-sdk/client-ec2';
import type { StorageReader } from '../../tools/ports/ec2-storage.ts';

export function storageReader(_client: EC2Client): StorageReader {
  return {};
}
