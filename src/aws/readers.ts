import type { Readers } from '../../tools/define.ts';
import type { SecretsCache } from './cloudformation/masked-values.ts';
import { stackOperationsReader } from './cloudformation/operations-reader.ts';
import { cloudFormationReader } from './cloudformation/reader.ts';
import { ec2Reader } from './ec2/reader.ts';
import { endingWith } from './request/call.ts';
import type { Clients } from './request/clients.ts';
import { readersOf } from './services.ts';

/** The reading ports of one region; made for each call, so that they end with it. */
export function readersFrom(clients: Clients): (over?: AbortSignal) => Omit<Readers, 'caller'> {
  const secrets: SecretsCache = new Map();
  return (over) => {
    const cloudformation = endingWith(clients.cloudformation, over);
    const ec2 = endingWith(clients.ec2, over);
    const s3 = async () => endingWith(await clients.s3(), over);
    return {
      cloudformation: {
        ...cloudFormationReader(cloudformation, secrets),
        ...stackOperationsReader({ cloudformation, ec2, s3 }),
      },
      ec2: ec2Reader(ec2),
      of: readersOf(clients, over),
    };
  };
}
