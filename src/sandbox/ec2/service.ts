import type { ServiceDefinition } from '../wire/service.ts';
import { instanceOperations } from './instance-operations.ts';
import { networkOperations } from './network-operations.ts';
import { storageOperations } from './storage-operations.ts';

export const ec2: ServiceDefinition = {
  name: 'ec2',
  version: '2016-11-15',
  protocol: 'ec2Query',
  namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  operations: [...instanceOperations, ...storageOperations, ...networkOperations],
};
