import { nestedStack } from './cloudformation/nested-resource.ts';
import type { ResourceHandler } from './cloudformation/resource.ts';
import { waitCondition } from './cloudformation/wait-condition.ts';
import { instanceResource, volumeResource } from './ec2/resources.ts';
import { bucketResource } from './s3/bucket-resource.ts';

/** The types of resources that aren't made up from their specification alone. */
export const HANDLERS: ReadonlyMap<string, ResourceHandler> = new Map([
  ['AWS::CloudFormation::Stack', nestedStack],
  ['AWS::CloudFormation::WaitCondition', waitCondition],
  ['AWS::EC2::Instance', instanceResource],
  ['AWS::EC2::Volume', volumeResource],
  ['AWS::S3::Bucket', bucketResource],
]);
