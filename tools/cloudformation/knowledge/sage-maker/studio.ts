import type { Rule, Rules, Service } from '../language.ts';
import { SECURITY_GROUPS } from '../shared.ts';

/** Images and scripts that run as each user, when an app of theirs starts. */
const APP: Rules = ['code', 'may-act', { standing: 'disrupt' }];

/** What users of a domain work with and as. */
const USER: Rule = {
  members: {
    AutoMountHomeEFS: { standing: 'disrupt' },
    CodeEditorAppSettings: APP,
    // File systems that they may read and write.
    CustomFileSystemConfigs: ['acts', { standing: 'expose' }],
    CustomPosixUserConfig: { standing: 'expose' },
    DefaultLandingUri: 'modify',
    ExecutionRole: 'acts-as',
    JupyterLabAppSettings: APP,
    JupyterServerAppSettings: APP,
    KernelGatewayAppSettings: APP,
    RSessionAppSettings: APP,
    RStudioServerProAppSettings: {
      members: { AccessStatus: { standing: 'disrupt' }, UserGroup: { standing: 'expose' } },
    },
    SecurityGroups: SECURITY_GROUPS,
    // Notebooks with what they show, in a bucket.
    SharingSettings: ['acts', { standing: 'expose' }],
    SpaceStorageSettings: 'modify',
    StudioWebPortal: { standing: 'disrupt' },
    StudioWebPortalSettings: { standing: 'expose' },
  },
};

const IMAGE_CONFIG: Rules = ['code', { standing: 'disrupt' }];

/** Where people work on models, and what they keep there. */
export const STUDIO: Service = {
  'AWS::SageMaker::App': {
    page: 'aws-resource-sagemaker-app',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AppName: 'replaces',
      AppType: 'replaces',
      DomainId: ['replaces', 'acts'],
      RecoveryMode: { standing: 'disrupt' },
      ResourceSpec: ['replaces', 'code', 'may-act'],
      Tags: ['replaces', 'tags'],
      UserProfileName: 'replaces',
    },
  },
  'AWS::SageMaker::AppImageConfig': {
    page: 'aws-resource-sagemaker-appimageconfig',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AppImageConfigName: 'replaces',
      CodeEditorAppImageConfig: IMAGE_CONFIG,
      JupyterLabAppImageConfig: IMAGE_CONFIG,
      KernelGatewayImageConfig: IMAGE_CONFIG,
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::SageMaker::Domain': {
    page: 'aws-resource-sagemaker-domain',
    new: 'create',
    // The files of all its users.
    holds: 'data',
    properties: {
      // By the internet, or by its network alone.
      AppNetworkAccessType: ['replaces', { standing: { values: { VpcOnly: 'disrupt' }, otherwise: 'expose' } }],
      AppSecurityGroupManagement: { standing: 'disrupt' },
      AuthMode: 'replaces',
      DefaultSpaceSettings: USER,
      DefaultUserSettings: USER,
      DomainName: 'replaces',
      DomainSettings: {
        members: {
          // Which images may be run there, and whether any may.
          DockerSettings: { standing: 'expose' },
          // Whose work it was is told by the role's session alone.
          ExecutionRoleIdentityConfig: { order: ['DISABLED', 'USER_PROFILE_NAME'], less: 'weaken', absent: 'DISABLED' },
          IpAddressType: { standing: 'disrupt' },
          RStudioServerProDomainSettings: ['acts-as', { standing: 'disrupt' }],
          SecurityGroupIds: SECURITY_GROUPS,
          UnifiedStudioSettings: ['may-act', { standing: 'expose' }],
        },
      },
      HomeEfsFileSystemCreation: { standing: 'disrupt' },
      KmsKeyId: 'replaces',
      SubnetIds: 'replaces',
      TagPropagation: { standing: 'disrupt' },
      Tags: ['replaces', 'tags'],
      VpcId: 'replaces',
    },
  },
  'AWS::SageMaker::FeatureGroup': {
    page: 'aws-resource-sagemaker-featuregroup',
    new: 'create',
    holds: 'data',
    properties: {
      Description: 'replaces',
      EventTimeFeatureName: 'replaces',
      FeatureDefinitions: { each: 'modify', added: 'modify', lost: 'delete', reordered: 'modify' },
      FeatureGroupName: 'replaces',
      OfflineStoreConfig: ['replaces', 'may-act'],
      OnlineStoreConfig: [
        'replaces',
        {
          members: {
            EnableOnlineStore: 'replaces',
            SecurityConfig: 'replaces',
            StorageType: 'replaces',
            TtlDuration: { standing: 'delete' },
          },
        },
      ],
      RecordIdentifierFeatureName: 'replaces',
      RoleArn: ['replaces', 'acts-as'],
      Tags: ['replaces', 'tags'],
      ThroughputConfig: { standing: 'disrupt' },
    },
  },
  'AWS::SageMaker::Image': {
    page: 'aws-resource-sagemaker-image',
    new: 'create',
    properties: {
      ImageDescription: 'modify',
      ImageDisplayName: 'modify',
      ImageName: 'replaces',
      ImageRoleArn: 'acts-as',
      Tags: 'tags',
    },
  },
  'AWS::SageMaker::ImageVersion': {
    page: 'aws-resource-sagemaker-imageversion',
    // The newest is what apps start with.
    new: 'create',
    gone: 'disrupt',
    properties: {
      Alias: { standing: 'disrupt' },
      Aliases: { standing: 'disrupt' },
      BaseImage: ['replaces', 'code'],
      Horovod: 'modify',
      ImageName: ['replaces', 'acts', 'affects'],
      JobType: 'modify',
      MLFramework: 'modify',
      Processor: 'modify',
      ProgrammingLang: 'modify',
      ReleaseNotes: 'modify',
      VendorGuidance: 'modify',
    },
  },
  'AWS::SageMaker::InferenceComponent': {
    page: 'aws-resource-sagemaker-inferencecomponent',
    new: 'create',
    gone: 'disrupt',
    properties: {
      DeploymentConfig: {
        members: {
          // What takes a bad one back.
          AutoRollbackConfiguration: { settled: 'weaken' },
          RollingUpdatePolicy: 'weaken',
        },
      },
      EndpointArn: 'acts',
      EndpointName: 'acts',
      InferenceComponentName: { settled: 'disrupt' },
      RuntimeConfig: {
        members: {
          CopyCount: 'capacity',
          CurrentCopyCount: 'modify',
          DesiredCopyCount: 'capacity',
          PlacementStatus: 'modify',
        },
      },
      Specification: ['code', 'may-act', { standing: 'disrupt' }],
      Specifications: ['code', 'may-act', { standing: 'disrupt' }],
      Tags: 'tags',
      VariantName: { standing: 'disrupt' },
    },
  },
  'AWS::SageMaker::MlflowTrackingServer': {
    page: 'aws-resource-sagemaker-mlflowtrackingserver',
    new: 'create',
    holds: 'data',
    properties: {
      ArtifactStoreUri: ['acts', 'writes-to', { settled: 'disrupt' }],
      AutomaticModelRegistration: 'runs',
      MlflowVersion: { lasting: 'disrupt' },
      RoleArn: 'acts-as',
      Tags: 'tags',
      TrackingServerName: 'replaces',
      TrackingServerSize: { order: ['Small', 'Medium', 'Large'], less: 'disrupt', absent: 'Small' },
      WeeklyMaintenanceWindowStart: 'modify',
    },
  },
  'AWS::SageMaker::MonitoringSchedule': {
    page: 'aws-resource-sagemaker-monitoringschedule',
    new: 'create',
    gone: 'weaken',
    properties: {
      EndpointName: ['uses', { settled: 'weaken' }],
      FailureReason: 'modify',
      LastMonitoringExecutionSummary: 'modify',
      MonitoringScheduleConfig: ['acts-as', { standing: 'weaken' }],
      MonitoringScheduleName: 'replaces',
      MonitoringScheduleStatus: { values: { Scheduled: 'modify' }, otherwise: 'weaken' },
      Tags: 'tags',
    },
  },
  'AWS::SageMaker::Space': {
    page: 'aws-resource-sagemaker-space',
    new: 'create',
    holds: 'data',
    properties: {
      DomainId: ['replaces', 'acts'],
      OwnershipSettings: 'replaces',
      SpaceDisplayName: 'modify',
      SpaceName: 'replaces',
      SpaceSettings: {
        members: {
          AppType: { standing: 'disrupt' },
          CodeEditorAppSettings: APP,
          CustomFileSystems: ['acts', { standing: 'expose' }],
          JupyterLabAppSettings: APP,
          JupyterServerAppSettings: APP,
          KernelGatewayAppSettings: APP,
          RemoteAccess: { values: { DISABLED: 'disrupt' }, otherwise: 'expose', absent: 'DISABLED' },
          SpaceManagedResources: 'modify',
          SpaceStorageSettings: 'modify',
        },
      },
      SpaceSharingSettings: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::SageMaker::StudioLifecycleConfig': {
    page: 'aws-resource-sagemaker-studiolifecycleconfig',
    new: 'create',
    gone: 'disrupt',
    properties: {
      StudioLifecycleConfigAppType: 'replaces',
      StudioLifecycleConfigContent: ['replaces', 'code'],
      StudioLifecycleConfigName: 'replaces',
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::SageMaker::UserProfile': {
    page: 'aws-resource-sagemaker-userprofile',
    new: 'create',
    // What that user keeps there.
    holds: 'data',
    properties: {
      DomainId: ['replaces', 'acts'],
      SingleSignOnUserIdentifier: 'replaces',
      SingleSignOnUserValue: 'replaces',
      Tags: ['replaces', 'tags'],
      UserProfileName: 'replaces',
      UserSettings: USER,
    },
  },
};
