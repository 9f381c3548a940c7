import type { InstanceReader, InstanceWriter } from './ec2-instances.ts';
import type { NetworkReader, NetworkWriter } from './ec2-network.ts';
import type { StorageReader, StorageWriter } from './ec2-storage.ts';

/** What tools see of EC2: a reader that can't change AWS, and a writer that sends one request per call, once. */
export type Ec2Reader = InstanceReader & StorageReader & NetworkReader;
export type Ec2Writer = InstanceWriter & StorageWriter & NetworkWriter;
