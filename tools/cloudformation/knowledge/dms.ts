import { AUTOMATIC_UPGRADES } from './databases.ts';
import type { Service } from './language.ts';
import { PLACED_IN, SECURITY_GROUPS } from './shared.ts';

export const DMS: Service = {
  'AWS::DMS::Endpoint': {
    page: 'aws-resource-dms-endpoint',
    new: 'create',
    // Where tasks read, and where they write: what was meant for one database goes to another.
    properties: {
      CertificateArn: ['uses', 'weaken'],
      DatabaseName: 'disrupt',
      EndpointIdentifier: 'modify',
      EndpointType: 'disrupt',
      EngineName: 'disrupt',
      // Also SQL that is run in the database, and where else it connects to (`afterConnectScript`).
      ExtraConnectionAttributes: { standing: 'expose' },
      KmsKeyId: ['replaces', 'uses'],
      Password: 'secret',
      Port: 'disrupt',
      ResourceIdentifier: 'replaces',
      // How the files are written says who can read them afterwards; the rest of it isn't judged.
      S3Settings: {
        members: {
          BucketFolder: 'disrupt',
          BucketName: ['acts', 'writes-to', 'disrupt'],
          CsvDelimiter: 'disrupt',
          CsvRowDelimiter: 'disrupt',
          DataFormat: 'disrupt',
          ServiceAccessRoleArn: 'acts-as',
        },
      },
      // Who gets the password, and what is copied.
      ServerName: ['acts', 'passes-on', 'disrupt'],
      SslMode: { order: ['none', 'require', 'verify-ca', 'verify-full'], less: 'weaken', absent: 'none' },
      Tags: 'tags',
      Username: 'disrupt',
    },
  },
  'AWS::DMS::ReplicationInstance': {
    page: 'aws-resource-dms-replicationinstance',
    new: 'create',
    properties: {
      AllocatedStorage: 'disrupt',
      AllowMajorVersionUpgrade: 'modify',
      AutoMinorVersionUpgrade: AUTOMATIC_UPGRADES,
      AvailabilityZone: 'replace',
      DnsNameServers: 'replaces',
      EngineVersion: { lasting: 'disrupt' },
      KmsKeyId: ['replaces', 'uses'],
      MultiAZ: ['disrupt', 'protects'],
      NetworkType: 'disrupt',
      PreferredMaintenanceWindow: 'disrupt',
      // https://docs.aws.amazon.com/dms/latest/APIReference/API_CreateReplicationInstance.html
      PubliclyAccessible: ['replaces', 'opens-by-default'],
      ReplicationInstanceClass: 'disrupt',
      ReplicationInstanceIdentifier: 'modify',
      ReplicationSubnetGroupIdentifier: ['replaces', 'uses'],
      ResourceIdentifier: 'replaces',
      Tags: 'tags',
      VpcSecurityGroupIds: SECURITY_GROUPS,
    },
  },
  'AWS::DMS::ReplicationSubnetGroup': {
    page: 'aws-resource-dms-replicationsubnetgroup',
    new: 'create',
    properties: {
      ReplicationSubnetGroupDescription: 'modify',
      ReplicationSubnetGroupIdentifier: 'replaces',
      SubnetIds: PLACED_IN,
      Tags: 'tags',
    },
  },
  'AWS::DMS::ReplicationTask': {
    page: 'aws-resource-dms-replicationtask',
    new: 'disrupt',
    // Writes to its target: by its settings, tables that are there are dropped first.
    properties: {
      CdcStartPosition: 'disrupt',
      CdcStartTime: 'disrupt',
      CdcStopPosition: 'disrupt',
      MigrationType: 'replaces',
      ReplicationInstanceArn: ['replaces', 'acts'],
      ReplicationTaskIdentifier: 'modify',
      ReplicationTaskSettings: 'delete',
      ResourceIdentifier: 'replaces',
      SourceEndpointArn: ['replaces', 'acts'],
      TableMappings: 'delete',
      Tags: 'tags',
      TargetEndpointArn: ['replaces', 'acts'],
      TaskData: 'disrupt',
    },
  },
  'AWS::DMS::Certificate': {
    page: 'aws-resource-dms-certificate',
    new: 'create',
    gone: 'disrupt',
    properties: { CertificateIdentifier: 'replaces', CertificatePem: 'replaces', CertificateWallet: 'replaces' },
  },
  'AWS::DMS::EventSubscription': {
    page: 'aws-resource-dms-eventsubscription',
    new: 'create',
    gone: 'weaken',
    properties: {
      Enabled: 'protects-by-default',
      EventCategories: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      SnsTopicArn: ['notifies', { settled: 'weaken' }],
      SourceIds: ['replaces', { standing: 'weaken' }],
      SourceType: { standing: 'weaken' },
      SubscriptionName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::DMS::ReplicationConfig': {
    page: 'aws-resource-dms-replicationconfig',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ComputeConfig: {
        members: {
          AvailabilityZone: { standing: 'disrupt' },
          DnsNameServers: { standing: 'disrupt' },
          KmsKeyId: ['uses', { settled: 'disrupt' }],
          MaxCapacityUnits: 'limits',
          MinCapacityUnits: { number: 'capacity', absent: 'fits' },
          MultiAZ: 'protects',
          PreferredMaintenanceWindow: 'modify',
          ReplicationSubnetGroupId: ['uses', { settled: 'disrupt' }],
          VpcSecurityGroupIds: ['acts-as', { standing: 'disrupt' }],
        },
      },
      ReplicationConfigIdentifier: { settled: 'disrupt' },
      // Among others what is done with tables that are there: dropped, emptied, or kept.
      ReplicationSettings: { standing: 'delete' },
      ReplicationType: { standing: 'disrupt' },
      ResourceIdentifier: 'replaces',
      SourceEndpointArn: ['reads', { settled: 'disrupt' }],
      SupplementalSettings: { standing: 'disrupt' },
      // Which tables are copied, filtered and renamed.
      TableMappings: { standing: 'disrupt' },
      Tags: 'tags',
      TargetEndpointArn: ['acts', 'writes-to', { settled: 'disrupt' }],
    },
  },
};
