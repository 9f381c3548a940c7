import {
  DescribeInstanceAttribute$,
  DescribeInstances$,
  ModifyInstanceAttribute$,
  RebootInstances$,
  RunInstances$,
  StartInstances$,
  StopInstances$,
  TerminateInstances$,
} from '@aws-sdk/client-ec2';
import { type Operation, operation } from '../wire/service.ts';
import { describeInstanceAttribute, describeInstances } from './describe.ts';
import {
  modifyInstanceAttribute,
  rebootInstances,
  runInstances,
  startInstances,
  stopInstances,
  terminateInstances,
} from './manage.ts';

export const instanceOperations: readonly Operation[] = [
  operation(DescribeInstanceAttribute$, describeInstanceAttribute),
  operation(DescribeInstances$, describeInstances),
  operation(ModifyInstanceAttribute$, modifyInstanceAttribute),
  operation(RebootInstances$, rebootInstances),
  operation(RunInstances$, runInstances),
  operation(StartInstances$, startInstances),
  operation(StopInstances$, stopInstances),
  operation(TerminateInstances$, terminateInstances),
];
