import type { Service } from './language.ts';
import { callersKey, KEY } from './shared.ts';

export const SECRETS_MANAGER: Service = {
  'AWS::SecretsManager::ResourcePolicy': {
    page: 'aws-resource-secretsmanager-resourcepolicy',
    new: 'create',
    properties: {
      BlockPublicPolicy: 'protects',
      ResourcePolicy: 'admits',
      SecretId: ['replaces', 'acts'],
    },
  },
  'AWS::SecretsManager::RotationSchedule': {
    page: 'aws-resource-secretsmanager-rotationschedule',
    // The secret is another one at once: those who hold the old one can't sign in.
    new: 'disrupt',
    properties: {
      ExternalSecretRotationMetadata: 'disrupt',
      ExternalSecretRotationRoleArn: 'acts-as',
      HostedRotationLambda: {
        members: {
          ExcludeCharacters: { settled: 'disrupt' },
          KmsKeyArn: 'uses',
          MasterSecretArn: 'acts-as',
          MasterSecretKmsKeyArn: 'uses',
          RotationLambdaName: 'disrupt',
          RotationType: 'disrupt',
          Runtime: 'code',
          SuperuserSecretArn: 'acts-as',
          SuperuserSecretKmsKeyArn: 'uses',
          VpcSecurityGroupIds: 'acts-as',
          VpcSubnetIds: 'uses',
        },
      },
      RotateImmediatelyOnUpdate: 'disrupt',
      // A function that sees the secret.
      RotationLambdaARN: ['acts', 'disrupt'],
      RotationRules: 'weaken',
      SecretId: ['replaces', 'acts'],
    },
  },
  'AWS::SecretsManager::Secret': {
    page: 'aws-resource-secretsmanager-secret',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'modify',
      // Any change makes another secret.
      GenerateSecretString: 'secret',
      KmsKeyId: callersKey('alias/aws/secretsmanager'),
      Name: 'replaces',
      ReplicaRegions: {
        each: { members: { KmsKeyId: KEY, Region: 'modify' } },
        by: 'Region',
        added: 'modify',
        lost: 'delete',
        reordered: 'modify',
      },
      SecretString: 'secret',
      Tags: 'tags',
      Type: 'disrupt',
    },
  },
  'AWS::SecretsManager::SecretTargetAttachment': {
    page: 'aws-resource-secretsmanager-secrettargetattachment',
    new: 'create',
    properties: {
      // Writes into the secret where the database is.
      SecretId: ['replaces', 'acts'],
      TargetId: ['uses', 'disrupt'],
      TargetType: 'disrupt',
    },
  },
};
