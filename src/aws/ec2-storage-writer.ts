import type { EC2Client } from '@aws-sdk/client-ec2';
import type { StorageWriter } from '../../tools/ports/ec2-storage.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function storageWriter(_client: EC2Client): StorageWriter {
  return {};
}
