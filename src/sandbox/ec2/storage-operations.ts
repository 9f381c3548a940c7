import {
  AttachVolume$,
  CreateImage$,
  CreateLaunchTemplate$,
  CreateSnapshot$,
  CreateVolume$,
  DeleteSnapshot$,
  DeleteVolume$,
  DeregisterImage$,
  DescribeImageAttribute$,
  DescribeImages$,
  DescribeLaunchTemplateVersions$,
  DescribeSnapshotAttribute$,
  DescribeSnapshots$,
  DescribeVolumes$,
  DetachVolume$,
  DisableImage$,
  EnableImageDeregistrationProtection$,
  ModifyImageAttribute$,
  ModifySnapshotAttribute$,
} from '@aws-sdk/client-ec2';
import { type Operation, operation } from '../wire/service.ts';
import {
  createImage,
  deregisterImage,
  describeImageAttribute,
  describeImages,
  disableImage,
  enableImageDeregistrationProtection,
  modifyImageAttribute,
} from './images.ts';
import { createLaunchTemplate, describeLaunchTemplateVersions } from './launch-templates.ts';
import {
  createSnapshot,
  deleteSnapshot,
  describeSnapshotAttribute,
  describeSnapshots,
  modifySnapshotAttribute,
} from './snapshots.ts';
import { attachVolume, createVolumeOperation, deleteVolume, describeVolumes, detachVolume } from './volume-requests.ts';

export const storageOperations: readonly Operation[] = [
  operation(AttachVolume$, attachVolume),
  operation(CreateImage$, createImage),
  operation(CreateLaunchTemplate$, createLaunchTemplate),
  operation(CreateSnapshot$, createSnapshot),
  operation(CreateVolume$, createVolumeOperation),
  operation(DeleteSnapshot$, deleteSnapshot),
  operation(DeleteVolume$, deleteVolume),
  operation(DeregisterImage$, deregisterImage),
  operation(DescribeImageAttribute$, describeImageAttribute),
  operation(DescribeImages$, describeImages),
  operation(DescribeLaunchTemplateVersions$, describeLaunchTemplateVersions),
  operation(DescribeSnapshotAttribute$, describeSnapshotAttribute),
  operation(DescribeSnapshots$, describeSnapshots),
  operation(DescribeVolumes$, describeVolumes),
  operation(DetachVolume$, detachVolume),
  operation(DisableImage$, disableImage),
  operation(EnableImageDeregistrationProtection$, enableImageDeregistrationProtection),
  operation(ModifyImageAttribute$, modifyImageAttribute),
  operation(ModifySnapshotAttribute$, modifySnapshotAttribute),
];
