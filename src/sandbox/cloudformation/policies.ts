/**
 * What happens to a physical resource that a stack lets go of.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
 */
import type { TemplateResource } from '../template/model.ts';

export type Fate = 'Delete' | 'Retain' | 'Snapshot';

const SNAPSHOT_BY_DEFAULT = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

/** @param rollingBackCreation true while undoing the operation that created the resource */
export function deletionFate(definition: TemplateResource, rollingBackCreation = false): Fate {
  switch (definition.deletionPolicy) {
    case 'RetainExceptOnCreate':
      return rollingBackCreation ? 'Delete' : 'Retain';
    case 'Retain':
      return 'Retain';
    case 'Snapshot':
      return 'Snapshot';
    case 'Delete':
      return 'Delete';
    default: {
      const inCluster = definition.properties.DBClusterIdentifier !== undefined;
      return SNAPSHOT_BY_DEFAULT.includes(definition.type) && !inCluster ? 'Snapshot' : 'Delete';
    }
  }
}

/** Without an UpdateReplacePolicy the replaced resource is deleted, whatever the DeletionPolicy says. */
export function replacementFate(definition: TemplateResource): Fate {
  const policy = definition.updateReplacePolicy;
  return policy === 'Retain' || policy === 'Snapshot' ? policy : 'Delete';
}
