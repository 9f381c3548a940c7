import {
  DescribeInstanceAttribute$,
  DescribeInstanceStatus$,
  DescribeInstances$,
  DescribeInstanceTypes$,
  DescribeSpotInstanceRequests$,
  GetConsoleOutput$,
  ModifyInstanceAttribute$,
  RebootInstances$,
  RunInstances$,
  StartInstances$,
  StopInstances$,
  TerminateInstances$,
} from '@aws-sdk/client-ec2';
import { type Operation, operation } from '../wire/service.ts';
import { describeInstanceAttribute, describeInstances } from './describe.ts';
import { runInstances } from './instance-run.ts';
import { describeSpotInstanceRequests } from './instance-spot.ts';
import { describeInstanceStatus, getConsoleOutput } from './instance-status.ts';
import { describeInstanceTypes } from './instance-types.ts';
import {
  modifyInstanceAttribute,
  rebootInstances,
  startInstances,
  stopInstances,
  terminateInstances,
} from './manage.ts';

export const instanceOperations: readonly Operation[] = [
  operation(DescribeInstanceAttribute$, describeInstanceAttribute),
  operation(DescribeInstanceStatus$, describeInstanceStatus),
  operation(DescribeInstances$, describeInstances),
  operation(DescribeInstanceTypes$, describeInstanceTypes),
  operation(DescribeSpotInstanceRequests$, describeSpotInstanceRequests),
  operation(GetConsoleOutput$, getConsoleOutput),
  operation(ModifyInstanceAttribute$, modifyInstanceAttribute),
  operation(RebootInstances$, rebootInstances),
  operation(RunInstances$, runInstances),
  operation(StartInstances$, startInstances),
  operation(StopInstances$, stopInstances),
  operation(TerminateInstances$, terminateInstances),
];
