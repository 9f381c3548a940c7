import {
  CreateTags$,
  CreateVolume$,
  DescribeInstanceAttribute$,
  DescribeInstances$,
  DescribeVolumes$,
  ModifyInstanceAttribute$,
  RebootInstances$,
  RunInstances$,
  StartInstances$,
  StopInstances$,
  TerminateInstances$,
} from '@aws-sdk/client-ec2';
import { operation, type ServiceDefinition } from '../wire/service.ts';
import { describeInstanceAttribute, describeInstances, describeVolumes } from './describe.ts';
import {
  createTags,
  createVolumeOperation,
  modifyInstanceAttribute,
  rebootInstances,
  runInstances,
  startInstances,
  stopInstances,
  terminateInstances,
} from './manage.ts';

export const ec2: ServiceDefinition = {
  name: 'ec2',
  version: '2016-11-15',
  protocol: 'ec2Query',
  namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  operations: [
    operation(CreateTags$, createTags),
    operation(CreateVolume$, createVolumeOperation),
    operation(DescribeInstanceAttribute$, describeInstanceAttribute),
    operation(DescribeInstances$, describeInstances),
    operation(DescribeVolumes$, describeVolumes),
    operation(ModifyInstanceAttribute$, modifyInstanceAttribute),
    operation(RebootInstances$, rebootInstances),
    operation(RunInstances$, runInstances),
    operation(StartInstances$, startInstances),
    operation(StopInstances$, stopInstances),
    operation(TerminateInstances$, terminateInstances),
  ],
};
