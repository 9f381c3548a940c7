import type { Service } from './language.ts';

export const KMS: Service = {
  'AWS::KMS::Alias': {
    page: 'aws-resource-kms-alias',
    new: 'create',
    properties: {
      AliasName: 'replaces',
      // Policies may go by the aliases of a key; those who encrypt by the name use another key.
      TargetKeyId: ['acts', 'disrupt'],
    },
  },
  'AWS::KMS::Key': {
    page: 'aws-resource-kms-key',
    new: 'create',
    holds: 'data',
    properties: {
      BypassPolicyLockoutSafetyCheck: 'endangers',
      Description: 'modify',
      EnableKeyRotation: 'protects',
      Enabled: 'runs-by-default',
      KeyPolicy: 'admits',
      // Another kind of key is another key; AWS refuses such an update.
      KeySpec: 'replace',
      KeyUsage: 'replace',
      MultiRegion: 'replace',
      Origin: 'replace',
      PendingWindowInDays: { number: 'retains', absent: 30 },
      // More days are less often.
      RotationPeriodInDays: 'weaken',
      Tags: 'tags',
    },
  },
  'AWS::KMS::ReplicaKey': {
    page: 'aws-resource-kms-replicakey',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      Enabled: 'runs-by-default',
      KeyPolicy: 'admits',
      PendingWindowInDays: { number: 'retains', absent: 30 },
      PrimaryKeyArn: ['replaces', 'acts'],
      Tags: 'tags',
    },
  },
};
