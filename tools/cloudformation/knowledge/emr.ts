import type { Rule, Service } from './language.ts';

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
      AutoTerminationPolicy: { members: { IdleTimeout: 'expires' } },
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
