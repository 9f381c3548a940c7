import type { EC2Client } from '@aws-sdk/client-ec2';
import type { NetworkWriter } from '../../tools/ports/ec2-network.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function networkWriter(_client: EC2Client): NetworkWriter {
  return {};
}
