import type { Rule, Service } from './language.ts';
import { PLACED_IN, PLACES, SECURITY_GROUPS } from './shared.ts';

/** Nodes are drained and ended, one after the other, for ones by the other template. */
const ROLLS: Rule = 'replace';

export const EKS: Service = {
  'AWS::EKS::AccessEntry': {
    page: 'aws-resource-eks-accessentry',
    new: 'expose',
    properties: {
      AccessPolicies: { unordered: 'expose' },
      ClusterName: ['replaces', 'acts'],
      KubernetesGroups: { unordered: 'expose' },
      PrincipalArn: ['replaces', 'admits'],
      Tags: 'tags',
      Type: 'replaces',
      Username: 'expose',
    },
  },
  'AWS::EKS::Addon': {
    page: 'aws-resource-eks-addon',
    new: 'create',
    properties: {
      AddonName: 'replaces',
      AddonVersion: 'disrupt',
      ClusterName: ['replaces', 'acts'],
      ConfigurationValues: 'disrupt',
      NamespaceConfig: 'replaces',
      PodIdentityAssociations: {
        by: 'ServiceAccount',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { RoleArn: 'acts-as', ServiceAccount: 'modify' } },
      },
      PreserveOnDelete: 'protects',
      ResolveConflicts: { order: ['OVERWRITE', 'PRESERVE', 'NONE'], less: 'disrupt', absent: 'NONE' },
      ServiceAccountRoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::EKS::Cluster': {
    page: 'aws-resource-eks-cluster',
    new: 'create',
    holds: 'data',
    properties: {
      AccessConfig: {
        members: { AuthenticationMode: 'disrupt', BootstrapClusterCreatorAdminPermissions: { standing: 'expose' } },
      },
      ActiveCertificateAuthorityId: 'disrupt',
      BootstrapSelfManagedAddons: 'replaces',
      CertificateAuthority: 'disrupt',
      ComputeConfig: { members: { Enabled: 'runs', NodePools: PLACES, NodeRoleArn: 'acts-as' } },
      ControlPlaneScalingConfig: {
        members: {
          Tier: {
            order: ['standard', 'tier-xl', 'tier-2xl', 'tier-4xl', 'tier-8xl'],
            less: 'disrupt',
            absent: 'standard',
          },
        },
      },
      DeletionProtection: 'protects',
      EncryptionConfig: 'replaces',
      // Upgrades although checks say that something won't work afterwards.
      Force: 'endangers',
      KubeApiServerConfig: 'disrupt',
      KubeControllerManagerConfig: 'disrupt',
      KubeSchedulerConfig: 'disrupt',
      KubernetesNetworkConfig: 'replaces',
      Logging: {
        members: {
          ClusterLogging: {
            members: {
              EnabledTypes: { by: 'Type', each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
            },
          },
        },
      },
      Name: 'replaces',
      OutpostConfig: 'replaces',
      RemoteNetworkConfig: { standing: 'expose' },
      ResourcesVpcConfig: {
        members: {
          ControlPlaneEgressMode: { standing: 'disrupt' },
          EndpointPrivateAccess: 'runs',
          EndpointPublicAccess: 'opens-by-default',
          // Without a list everyone on the internet may try.
          PublicAccessCidrs: { unordered: { standing: 'expose' } },
          SecurityGroupIds: SECURITY_GROUPS,
          SubnetIds: PLACED_IN,
        },
      },
      RoleArn: ['replaces', 'acts-as'],
      RollbackConfig: 'modify',
      StorageConfig: { members: { BlockStorage: { members: { Enabled: 'runs' } } } },
      Tags: 'tags',
      // Without extended support AWS upgrades it by itself.
      UpgradePolicy: {
        members: { SupportType: { order: ['STANDARD', 'EXTENDED'], less: 'disrupt', absent: 'EXTENDED' } },
      },
      Version: { lasting: 'disrupt' },
      ZonalShiftConfig: 'protects',
    },
  },
  'AWS::EKS::FargateProfile': {
    page: 'aws-resource-eks-fargateprofile',
    new: 'create',
    properties: {
      ClusterName: ['replaces', 'acts'],
      FargateProfileName: 'replaces',
      PodExecutionRoleArn: ['replaces', 'acts-as'],
      Selectors: 'replaces',
      Subnets: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::EKS::IdentityProviderConfig': {
    page: 'aws-resource-eks-identityproviderconfig',
    // Those who sign in there are let into the cluster.
    new: 'expose',
    properties: {
      ClusterName: ['replaces', 'acts'],
      IdentityProviderConfigName: 'replaces',
      Oidc: 'replaces',
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::EKS::Nodegroup': {
    page: 'aws-resource-eks-nodegroup',
    new: 'create',
    properties: {
      AmiType: 'replaces',
      CapacityType: 'replaces',
      ClusterName: ['replaces', 'acts'],
      DiskSize: 'replaces',
      ForceUpdateEnabled: 'endangers',
      InstanceTypes: 'replaces',
      Labels: { keys: { settled: 'disrupt' }, added: 'modify', lost: 'disrupt' },
      LaunchTemplate: [ROLLS, { members: { Id: 'acts-as', Name: 'acts-as', Version: 'code' } }],
      NodeRepairConfig: {
        members: {
          Enabled: 'runs',
          MaxParallelNodesRepairedCount: 'disrupt',
          MaxParallelNodesRepairedPercentage: 'disrupt',
          MaxUnhealthyNodeThresholdCount: 'disrupt',
          MaxUnhealthyNodeThresholdPercentage: 'disrupt',
          NodeRepairConfigOverrides: 'disrupt',
        },
      },
      NodeRole: ['replaces', 'acts-as'],
      NodegroupName: 'replaces',
      ReleaseVersion: ROLLS,
      // A key without groups opens port 22 to the internet.
      RemoteAccess: ['replaces', 'expose'],
      ScalingConfig: { members: { DesiredSize: 'capacity', MaxSize: 'capacity', MinSize: 'capacity' } },
      Subnets: 'replaces',
      Tags: 'tags',
      // Some drive pods away.
      Taints: { unordered: 'disrupt' },
      // How many are down at once.
      UpdateConfig: 'disrupt',
      Version: ROLLS,
      WarmPoolConfig: { settled: 'disrupt' },
    },
  },
  'AWS::EKS::PodIdentityAssociation': {
    page: 'aws-resource-eks-podidentityassociation',
    new: 'create',
    properties: {
      ClusterName: ['replaces', 'acts'],
      // By tags of the session roles tell one pod from another.
      DisableSessionTags: 'endangers',
      Namespace: 'replaces',
      Policy: ['permits', { settled: 'expose' }, { standing: 'disrupt' }],
      RoleArn: 'acts-as',
      ServiceAccount: 'replaces',
      Tags: 'tags',
      TargetRoleArn: 'acts-as',
    },
  },
};
