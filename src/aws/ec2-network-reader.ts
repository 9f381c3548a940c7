import type { EC2Client } from '@aws-sdk/client-ec2';
import type { NetworkReader } from '../../tools/ports/ec2-network.ts';

export function networkReader(_client: EC2Client): NetworkReader {
  return {};
}
