import { CreateVolume$, DescribeVolumes$ } from '@aws-sdk/client-ec2';
import { type Operation, operation } from '../wire/service.ts';
import { describeVolumes } from './describe.ts';
import { createVolumeOperation } from './manage.ts';

export const storageOperations: readonly Operation[] = [
  operation(CreateVolume$, createVolumeOperation),
  operation(DescribeVolumes$, describeVolumes),
];
