import type { Rule, Service } from './language.ts';
import { GRANTS, PLACES } from './shared.ts';

/** Snapshots that are made every day. */
const ADD_ONS: Rule = {
  by: 'AddOnType',
  added: 'modify',
  lost: 'weaken',
  reordered: 'modify',
  each: {
    members: {
      AddOnType: 'modify',
      AutoSnapshotAddOnRequest: 'modify',
      Status: { order: ['Disabled', 'Enabled'], less: 'weaken', absent: 'Enabled' },
    },
  },
};

/** Where callers don't say who they are, one gets what was made for another. */
const CACHED: Rule = { standing: 'expose' };

export const LIGHTSAIL: Service = {
  'AWS::Lightsail::Alarm': {
    page: 'aws-resource-lightsail-alarm',
    new: 'create',
    gone: 'weaken',
    properties: {
      AlarmName: 'replaces',
      ComparisonOperator: 'weaken',
      ContactProtocols: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      DatapointsToAlarm: 'delays',
      EvaluationPeriods: 'delays',
      MetricName: 'replaces',
      MonitoredResourceName: ['replaces', { settled: 'weaken' }],
      NotificationEnabled: 'protects-by-default',
      NotificationTriggers: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      Threshold: 'weaken',
      TreatMissingData: { standing: 'weaken' },
    },
  },
  'AWS::Lightsail::Bucket': {
    page: 'aws-resource-lightsail-bucket',
    new: 'create',
    holds: 'data',
    properties: {
      AccessRules: {
        members: {
          // Single objects may be public.
          AllowPublicOverrides: { standing: 'opens' },
          GetObject: { values: { private: 'disrupt' }, otherwise: 'expose', absent: 'private' },
        },
      },
      BucketName: 'replaces',
      // How much it may store, for the month.
      BundleId: 'disrupt',
      ObjectVersioning: 'protects',
      ReadOnlyAccessAccounts: GRANTS,
      ResourcesReceivingAccess: GRANTS,
      Tags: 'tags',
    },
  },
  'AWS::Lightsail::Certificate': {
    page: 'aws-resource-lightsail-certificate',
    new: 'create',
    properties: {
      CertificateName: 'replaces',
      DomainName: 'replaces',
      SubjectAlternativeNames: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Lightsail::Container': {
    page: 'aws-resource-lightsail-container',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ContainerServiceDeployment: {
        members: {
          Containers: ['code', { standing: 'disrupt' }],
          // That container is on the internet.
          PublicEndpoint: 'expose',
        },
      },
      IsDisabled: { values: { false: 'modify' }, otherwise: 'disrupt', absent: 'false' },
      Power: { order: ['nano', 'micro', 'small', 'medium', 'large', 'xlarge'], less: 'disrupt' },
      PrivateRegistryAccess: { standing: 'disrupt' },
      PublicDomainNames: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      Scale: 'capacity',
      ServiceName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Lightsail::Database': {
    page: 'aws-resource-lightsail-database',
    new: 'create',
    holds: 'data',
    properties: {
      AvailabilityZone: 'replaces',
      // Off, the backups that are there are deleted.
      BackupRetention: { standing: { values: { true: 'modify' }, otherwise: 'delete', absent: 'true' } },
      CaCertificateIdentifier: 'disrupt',
      MasterDatabaseName: 'replaces',
      MasterUserPassword: 'secret',
      MasterUsername: 'replaces',
      PreferredBackupWindow: 'modify',
      PreferredMaintenanceWindow: 'modify',
      PubliclyAccessible: 'opens',
      RelationalDatabaseBlueprintId: 'replaces',
      RelationalDatabaseBundleId: 'replaces',
      RelationalDatabaseName: 'replaces',
      RelationalDatabaseParameters: 'disrupt',
      RotateMasterUserPassword: 'secret',
      Tags: 'tags',
    },
  },
  'AWS::Lightsail::Disk': {
    page: 'aws-resource-lightsail-disk',
    new: 'create',
    holds: 'data',
    properties: {
      AddOns: ADD_ONS,
      AvailabilityZone: 'replaces',
      DiskName: 'replaces',
      Location: 'modify',
      SizeInGb: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Lightsail::Distribution': {
    page: 'aws-resource-lightsail-distribution',
    // On the internet, with what its origin has.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      BundleId: 'disrupt',
      CacheBehaviorSettings: CACHED,
      CacheBehaviors: CACHED,
      CertificateName: ['uses', { settled: 'disrupt' }],
      DefaultCacheBehavior: CACHED,
      DistributionName: 'replaces',
      IpAddressType: 'replaces',
      IsEnabled: 'runs-by-default',
      Origin: ['acts', { standing: 'expose' }],
      Tags: 'tags',
    },
  },
  'AWS::Lightsail::Instance': {
    page: 'aws-resource-lightsail-instance',
    new: 'create',
    holds: 'data',
    properties: {
      AddOns: ADD_ONS,
      AvailabilityZone: 'replaces',
      BlueprintId: 'replaces',
      BundleId: 'replaces',
      // It is started again with other disks.
      Hardware: 'disrupt',
      InstanceName: 'replaces',
      KeyPairName: { standing: 'replace' },
      Location: 'modify',
      // Ports that are open to the internet, all of them together.
      Networking: { members: { MonthlyTransfer: 'modify', Ports: 'expose' } },
      State: 'modify',
      Tags: 'tags',
      UserData: ['code', { standing: 'disrupt' }],
    },
  },
  'AWS::Lightsail::LoadBalancer': {
    page: 'aws-resource-lightsail-loadbalancer',
    // On the internet.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AttachedInstances: ['acts', PLACES],
      HealthCheckPath: { standing: 'disrupt' },
      InstancePort: 'replaces',
      IpAddressType: 'replaces',
      LoadBalancerName: 'replaces',
      SessionStickinessEnabled: 'runs',
      SessionStickinessLBCookieDurationSeconds: { standing: 'disrupt' },
      Tags: 'tags',
      TlsPolicyName: { standing: 'weaken' },
    },
  },
  'AWS::Lightsail::LoadBalancerTlsCertificate': {
    page: 'aws-resource-lightsail-loadbalancertlscertificate',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CertificateAlternativeNames: 'replaces',
      CertificateDomainName: 'replaces',
      CertificateName: 'replaces',
      HttpsRedirectionEnabled: 'protects',
      IsAttached: 'runs',
      LoadBalancerName: ['replaces', 'acts'],
    },
  },
  'AWS::Lightsail::StaticIp': {
    page: 'aws-resource-lightsail-staticip',
    new: 'create',
    // It is given to others then.
    gone: 'delete',
    properties: { AttachedTo: ['acts', { settled: 'disrupt' }], StaticIpName: 'replaces' },
  },
};
