import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Ec2Writer } from '../../../tools/ports/ec2.ts';
import { instanceWriter } from './instances-writer.ts';
import { networkWriter } from './network-writer.ts';
import { storageWriter } from './storage-writer.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function ec2Writer(client: EC2Client): Ec2Writer {
  return { ...instanceWriter(client), ...storageWriter(client), ...networkWriter(client) };
}
