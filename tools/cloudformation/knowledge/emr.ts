import type { Rule, Service } from './language.ts';
import { PLACED_IN } from './shared.ts';

/** Only a new cluster has another; in place AWS changes the number of instances alone. */
const FIXED: Rule = 'replace';

const GROUP: Rule = {
  members: {
    AutoScalingPolicy: 'disrupt',
    BidPrice: FIXED,
    Configurations: FIXED,
    CustomAmiId: FIXED,
    EbsConfiguration: FIXED,
    InstanceCount: 'capacity',
    InstanceType: FIXED,
    Market: FIXED,
    Name: FIXED,
  },
};

const FLEET: Rule = {
  members: {
    InstanceTypeConfigs: FIXED,
    LaunchSpecifications: FIXED,
    Name: FIXED,
    ResizeSpecifications: 'modify',
    TargetOnDemandCapacity: 'capacity',
    TargetSpotCapacity: 'capacity',
  },
};

/** An identity in the network: the groups' members trust each other. */
const GROUPS: readonly Rule[] = [FIXED, 'acts-as'];

export const EMR: Service = {
  'AWS::EMR::Cluster': {
    page: 'aws-resource-emr-cluster',
    new: 'create',
    holds: 'data',
    properties: {
      AdditionalInfo: 'replaces',
      Applications: 'replaces',
      AutoScalingRole: ['replaces', 'acts-as'],
      // It ends itself, with all that is on its disks.
      // Without it a cluster on which nothing runs stands, and costs, until a person ends it.
      AutoTerminationPolicy: { members: { IdleTimeout: ['expires', { ends: 'weaken' }] } },
      BootstrapActions: ['replaces', 'code'],
      Configurations: 'replaces',
      CustomAmiId: ['replaces', 'code'],
      EbsRootVolumeIops: 'replaces',
      EbsRootVolumeSize: 'replaces',
      EbsRootVolumeThroughput: 'replaces',
      Instances: {
        members: {
          AdditionalMasterSecurityGroups: GROUPS,
          AdditionalSlaveSecurityGroups: GROUPS,
          CoreInstanceFleet: FLEET,
          CoreInstanceGroup: GROUP,
          Ec2KeyName: FIXED,
          Ec2SubnetId: FIXED,
          Ec2SubnetIds: FIXED,
          EmrManagedMasterSecurityGroup: GROUPS,
          EmrManagedSlaveSecurityGroup: GROUPS,
          HadoopVersion: FIXED,
          KeepJobFlowAliveWhenNoSteps: ['runs', FIXED],
          MasterInstanceFleet: FLEET,
          MasterInstanceGroup: GROUP,
          Placement: FIXED,
          ServiceAccessSecurityGroup: GROUPS,
          TaskInstanceFleets: { by: '#', added: 'modify', lost: 'disrupt', each: FLEET },
          TaskInstanceGroups: { by: '#', added: 'modify', lost: 'disrupt', each: GROUP },
          TerminationProtected: 'protects',
          UnhealthyNodeReplacement: 'runs',
        },
      },
      JobFlowRole: ['replaces', 'acts-as'],
      KerberosAttributes: 'replaces',
      LogEncryptionKmsKeyId: 'replaces',
      LogUri: 'replaces',
      ManagedScalingPolicy: {
        members: {
          ComputeLimits: {
            members: {
              MaximumCapacityUnits: 'capacity',
              MaximumCoreCapacityUnits: 'capacity',
              MaximumOnDemandCapacityUnits: 'capacity',
              MinimumCapacityUnits: 'capacity',
              UnitType: 'disrupt',
            },
          },
          ScalingStrategy: 'modify',
          UtilizationPerformanceIndex: 'modify',
        },
      },
      Name: 'replaces',
      OSReleaseLabel: 'replaces',
      PlacementGroupConfigs: 'replaces',
      ReleaseLabel: 'replaces',
      ScaleDownBehavior: 'replaces',
      SecurityConfiguration: 'replaces',
      ServiceRole: ['replaces', 'acts-as'],
      StepConcurrencyLevel: { number: 'capacity', absent: 1 },
      Steps: ['replaces', 'code'],
      Tags: 'tags',
      VisibleToAllUsers: { standing: { values: { true: 'expose' }, otherwise: 'disrupt', absent: 'true' } },
    },
  },
  'AWS::EMR::InstanceFleetConfig': {
    page: 'aws-resource-emr-instancefleetconfig',
    new: 'create',
    properties: {
      ClusterId: ['replaces', 'acts'],
      InstanceFleetType: 'replaces',
      InstanceTypeConfigs: 'replaces',
      LaunchSpecifications: 'replaces',
      Name: 'replaces',
      ResizeSpecifications: 'modify',
      TargetOnDemandCapacity: 'capacity',
      TargetSpotCapacity: 'capacity',
    },
  },
  'AWS::EMR::InstanceGroupConfig': {
    page: 'aws-resource-emr-instancegroupconfig',
    new: 'create',
    properties: {
      AutoScalingPolicy: 'disrupt',
      BidPrice: 'replaces',
      Configurations: 'replaces',
      CustomAmiId: 'replaces',
      EbsConfiguration: 'replaces',
      InstanceCount: 'capacity',
      InstanceRole: 'replaces',
      InstanceType: 'replaces',
      JobFlowId: ['replaces', 'acts'],
      Market: 'replaces',
      Name: 'replaces',
    },
  },
  'AWS::EMR::SecurityConfiguration': {
    page: 'aws-resource-emr-securityconfiguration',
    new: 'create',
    properties: {
      Name: 'replaces',
      SecurityConfiguration: 'replaces',
    },
  },
  // A place for notebooks that run on clusters, and who may come in.
  'AWS::EMR::Studio': {
    page: 'aws-resource-emr-studio',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AuthMode: 'replaces',
      DefaultS3Location: ['uses', 'writes-to', { settled: 'disrupt' }],
      Description: 'modify',
      EncryptionKeyArn: ['replaces', 'uses'],
      EngineSecurityGroupId: ['replaces', 'acts-as'],
      IdcInstanceArn: ['replaces', 'uses'],
      IdcUserAssignment: 'replaces',
      // Who says who someone is.
      IdpAuthUrl: ['passes-on', { settled: 'expose' }],
      IdpRelayStateParameterName: { settled: 'disrupt' },
      Name: 'modify',
      ServiceRole: ['replaces', 'acts-as'],
      SubnetIds: PLACED_IN,
      Tags: 'tags',
      TrustedIdentityPropagationEnabled: 'replaces',
      UserRole: ['replaces', 'acts-as'],
      VpcId: ['replaces', 'uses'],
      WorkspaceSecurityGroupId: ['replaces', 'acts-as'],
    },
  },
  // A person or group comes in, with what the policy leaves of the studio's role.
  'AWS::EMR::StudioSessionMapping': {
    page: 'aws-resource-emr-studiosessionmapping',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      IdentityName: 'replaces',
      IdentityType: 'replaces',
      SessionPolicyArn: ['permits', { settled: 'expose' }],
      StudioId: ['replaces', 'acts'],
    },
  },
  'AWS::EMR::WALWorkspace': {
    page: 'aws-resource-emr-walworkspace',
    new: 'create',
    holds: 'data',
    properties: { Tags: 'tags', WALWorkspaceName: 'replaces' },
  },
  'AWS::EMR::Step': {
    page: 'aws-resource-emr-step',
    new: 'create',
    properties: {
      ActionOnFailure: [
        'replaces',
        {
          acting: {
            values: { CONTINUE: 'modify', CANCEL_AND_WAIT: 'modify' },
            otherwise: 'disrupt',
            absent: 'CONTINUE',
          },
        },
      ],
      EncryptionKeyArn: 'replaces',
      HadoopJarStep: ['replaces', 'code'],
      // It runs as what the cluster has.
      JobFlowId: ['replaces', 'acts-as', 'instructs'],
      LogUri: 'replaces',
      Name: 'replaces',
    },
  },
};

export const EMR_CONTAINERS: Service = {
  'AWS::EMRContainers::VirtualCluster': {
    page: 'aws-resource-emrcontainers-virtualcluster',
    new: 'create',
    properties: {
      ContainerProvider: ['replaces', { members: { Id: 'acts', Info: 'modify', Type: 'modify' } }],
      Name: 'replaces',
      SecurityConfigurationId: 'replaces',
      SessionEnabled: 'replaces',
      Tags: 'tags',
    },
  },
};
