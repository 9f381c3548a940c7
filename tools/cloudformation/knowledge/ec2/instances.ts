import type { Rule, Service } from '../language.ts';
import { defaultGroup, FORWARDING, LAUNCH_TEMPLATE, METADATA_OPTIONS, SECURITY_GROUPS } from '../shared.ts';

/** An instance starts with them; another one in place is refused by EC2 or restarts it. */
const INTERFACES: Rule = {
  by: 'DeviceIndex',
  added: 'modify',
  lost: 'disrupt',
  each: {
    members: {
      AssociateCarrierIpAddress: 'opens',
      AssociatePublicIpAddress: 'opens',
      ConnectionTrackingSpecification: 'modify',
      DeleteOnTermination: 'modify',
      Description: 'modify',
      DeviceIndex: 'modify',
      EnaQueueCount: 'modify',
      EnaSrdSpecification: 'modify',
      GroupSet: SECURITY_GROUPS,
      Groups: SECURITY_GROUPS,
      InterfaceType: 'modify',
      Ipv4PrefixCount: 'modify',
      Ipv4Prefixes: 'modify',
      Ipv6AddressCount: 'modify',
      Ipv6Addresses: 'modify',
      Ipv6PrefixCount: 'modify',
      Ipv6Prefixes: 'modify',
      NetworkCardIndex: 'modify',
      NetworkInterfaceId: 'acts',
      PrimaryIpv6: 'modify',
      PrivateIpAddress: 'modify',
      PrivateIpAddresses: 'modify',
      SecondaryPrivateIpAddressCount: 'modify',
      SubnetId: 'uses',
    },
  },
};

const SHUTDOWN: Rule = { values: { stop: 'modify', terminate: 'weaken' }, otherwise: 'weaken', absent: 'stop' };

export const INSTANCES: Service = {
  'AWS::EC2::Instance': {
    page: 'aws-resource-ec2-instance',
    new: 'create',
    holds: 'data',
    properties: {
      AdditionalInfo: 'disrupt',
      // Host, kernel, type and user data are changed while it is stopped.
      Affinity: 'disrupt',
      AvailabilityZone: 'replaces',
      // Only DeleteOnTermination is changed in place.
      BlockDeviceMappings: {
        by: 'DeviceName',
        added: 'replace',
        lost: 'replace',
        each: {
          members: {
            DeviceName: 'replace',
            Ebs: {
              members: {
                DeleteOnTermination: 'endangers-by-default',
                Encrypted: 'replace',
                Iops: 'replace',
                KmsKeyId: 'replace',
                SnapshotId: ['reads', 'replace'],
                VolumeSize: 'replace',
                VolumeType: 'replace',
              },
            },
            NoDevice: 'replace',
            VirtualName: 'replace',
          },
        },
      },
      CpuOptions: 'replaces',
      // Credits that are used up leave a fraction of the processor.
      CreditSpecification: { members: { CPUCredits: { order: ['standard', 'unlimited'], less: 'disrupt' } } },
      DisableApiTermination: 'protects',
      EbsOptimized: 'stops',
      ElasticGpuSpecifications: 'replaces',
      ElasticInferenceAccelerators: 'replaces',
      EnclaveOptions: 'replaces',
      HibernationOptions: 'replaces',
      HostId: 'stops',
      HostResourceGroupArn: 'replaces',
      IamInstanceProfile: 'acts-as',
      ImageId: ['replaces', 'code'],
      InstanceInitiatedShutdownBehavior: SHUTDOWN,
      InstanceType: 'stops',
      Ipv6AddressCount: 'replaces',
      Ipv6Addresses: 'replaces',
      KernelId: 'stops',
      KeyName: 'replaces',
      LaunchTemplate: ['replaces', LAUNCH_TEMPLATE],
      LicenseSpecifications: 'replaces',
      MetadataOptions: METADATA_OPTIONS,
      Monitoring: 'protects',
      NetworkInterfaces: ['replaces', INTERFACES],
      PlacementGroupName: 'replaces',
      PrivateDnsNameOptions: 'disrupt',
      PrivateIpAddress: 'replaces',
      PropagateTagsToVolumeOnCreation: 'modify',
      RamdiskId: 'stops',
      SecurityGroupIds: [
        ...SECURITY_GROUPS,
        // A launch template of its own may name none either.
        defaultGroup('SubnetId', [
          'NetworkInterfaces.*.GroupSet',
          'NetworkInterfaces.*.NetworkInterfaceId',
          'SecurityGroups',
        ]),
      ],
      SecurityGroups: ['replaces', 'acts-as'],
      SourceDestCheck: FORWARDING,
      // Documents of Systems Manager that are run on it.
      SsmAssociations: ['code', 'disrupt'],
      SubnetId: 'replaces',
      Tags: 'tags',
      Tenancy: 'stops',
      UserData: ['code', 'stops'],
      Volumes: {
        by: 'Device',
        added: 'modify',
        lost: 'disrupt',
        each: { members: { Device: { settled: 'disrupt' }, VolumeId: ['acts', 'reads'] } },
      },
    },
  },
  // All who start by it get the change with the next instance.
  'AWS::EC2::LaunchTemplate': {
    page: 'aws-resource-ec2-launchtemplate',
    new: 'create',
    properties: {
      LaunchTemplateData: {
        members: {
          BlockDeviceMappings: {
            by: 'DeviceName',
            added: 'modify',
            lost: 'modify',
            each: {
              members: {
                DeviceName: 'modify',
                Ebs: {
                  members: {
                    DeleteOnTermination: 'endangers-by-default',
                    EbsCardIndex: 'modify',
                    Encrypted: 'protects',
                    Iops: 'modify',
                    KmsKeyId: 'uses',
                    SnapshotId: ['reads', 'code'],
                    Throughput: 'modify',
                    VolumeInitializationRate: 'modify',
                    VolumeSize: 'modify',
                    VolumeType: 'modify',
                  },
                },
                NoDevice: 'modify',
                VirtualName: 'modify',
              },
            },
          },
          CapacityReservationSpecification: 'modify',
          CpuOptions: 'modify',
          CreditSpecification: 'modify',
          DisableApiStop: 'protects',
          DisableApiTermination: 'protects',
          EbsOptimized: 'modify',
          ElasticGpuSpecifications: 'modify',
          ElasticInferenceAccelerators: 'modify',
          EnclaveOptions: 'modify',
          HibernationOptions: 'modify',
          IamInstanceProfile: { members: { Arn: 'acts-as', Name: 'acts-as' } },
          ImageId: 'code',
          InstanceInitiatedShutdownBehavior: SHUTDOWN,
          // Spot instances are taken back whenever EC2 needs them.
          InstanceMarketOptions: 'disrupt',
          InstanceRequirements: 'modify',
          InstanceType: 'modify',
          KernelId: 'modify',
          KeyName: ['uses', 'weaken'],
          LicenseSpecifications: 'modify',
          MaintenanceOptions: { members: { AutoRecovery: { order: ['disabled', 'default'], less: 'weaken' } } },
          MetadataOptions: METADATA_OPTIONS,
          Monitoring: 'protects',
          NetworkInterfaces: INTERFACES,
          NetworkPerformanceOptions: 'modify',
          Placement: 'modify',
          PrivateDnsNameOptions: 'modify',
          RamDiskId: 'modify',
          SecurityGroupIds: SECURITY_GROUPS,
          SecurityGroups: SECURITY_GROUPS,
          TagSpecifications: 'tags',
          UserData: 'code',
        },
      },
      LaunchTemplateName: 'replaces',
      TagSpecifications: 'tags',
      VersionDescription: 'modify',
    },
  },
  'AWS::EC2::InstanceConnectEndpoint': {
    page: 'aws-resource-ec2-instanceconnectendpoint',
    // A way in from the internet for those whom IAM lets, past every gateway.
    new: 'expose',
    properties: {
      ClientToken: 'replaces',
      PreserveClientIp: 'replaces',
      SecurityGroupIds: 'replaces',
      SubnetId: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::EC2::KeyPair': {
    page: 'aws-resource-ec2-keypair',
    new: 'create',
    // The private key of one that EC2 made is kept in Systems Manager, and goes with it.
    holds: 'data',
    properties: {
      KeyFormat: 'replaces',
      KeyName: 'replaces',
      KeyType: 'replaces',
      PublicKeyMaterial: 'replaces',
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::EC2::PlacementGroup': {
    page: 'aws-resource-ec2-placementgroup',
    new: 'create',
    properties: {
      ParentGroupId: 'replaces',
      PartitionCount: 'replaces',
      SpreadLevel: 'replaces',
      Strategy: 'replaces',
      Tags: ['replaces', 'tags'],
    },
  },
};
