import type { Rule, Service } from './language.ts';

const UNLIMITED: Rule = { values: { true: 'modify' }, otherwise: 'delete', absent: 'false' };

const RETENTION: Rule = { members: { NumberOfDays: 'expires', Unlimited: UNLIMITED } };

const PREFIXED = { Bucket: ['acts', 'writes-to', 'disrupt'], KeyPrefix: 'disrupt' } as const;

/** Another place, and what is in the one before is no longer found. */
const STORAGE = {
  CustomerManagedS3: { members: { ...PREFIXED, RoleArn: 'acts-as' } },
  ServiceManagedS3: 'disrupt',
} as const;

const CONTAINER: Rule = {
  members: {
    ExecutionRoleArn: 'acts-as',
    Image: 'code',
    ResourceConfiguration: 'disrupt',
    Variables: 'code',
  },
};

const DELIVERY: Rule = {
  members: {
    IotEventsDestinationConfiguration: { members: { InputName: 'acts', RoleArn: 'acts-as' } },
    S3DestinationConfiguration: {
      members: {
        Bucket: ['acts', 'writes-to'],
        GlueConfiguration: { members: { DatabaseName: 'acts', TableName: 'acts' } },
        Key: 'disrupt',
        RoleArn: 'acts-as',
      },
    },
  },
};

/** What is written about a device comes in, by a role. */
const ENRICHMENT: Rule = {
  members: { Attribute: 'disrupt', Name: 'modify', Next: 'disrupt', RoleArn: 'acts-as', ThingName: 'uses' },
};

const ACTIVITY: Rule = {
  members: {
    AddAttributes: 'disrupt',
    Channel: { members: { ChannelName: ['uses', 'disrupt'], Name: 'modify', Next: 'disrupt' } },
    Datastore: { members: { DatastoreName: 'acts', Name: 'modify' } },
    DeviceRegistryEnrich: ENRICHMENT,
    DeviceShadowEnrich: ENRICHMENT,
    Filter: 'disrupt',
    Lambda: { members: { BatchSize: 'modify', LambdaName: ['acts', 'code'], Name: 'modify', Next: 'disrupt' } },
    Math: 'disrupt',
    RemoveAttributes: 'disrupt',
    SelectAttributes: 'disrupt',
  },
};

export const IOT_ANALYTICS: Service = {
  'AWS::IoTAnalytics::Channel': {
    page: 'aws-resource-iotanalytics-channel',
    new: 'create',
    holds: 'data',
    properties: {
      ChannelName: 'replaces',
      ChannelStorage: { members: STORAGE },
      RetentionPeriod: RETENTION,
      Tags: 'tags',
    },
  },
  'AWS::IoTAnalytics::Dataset': {
    page: 'aws-resource-iotanalytics-dataset',
    new: 'create',
    holds: 'data',
    properties: {
      Actions: {
        by: 'ActionName',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            ActionName: 'modify',
            ContainerAction: CONTAINER,
            QueryAction: { members: { Filters: 'disrupt', SqlQuery: 'code' } },
          },
        },
      },
      ContentDeliveryRules: {
        by: '#',
        added: 'modify',
        lost: 'disrupt',
        each: { members: { Destination: DELIVERY, EntryName: 'modify' } },
      },
      DatasetName: 'replaces',
      LateDataRules: { each: { settled: 'weaken' }, by: '#', added: 'modify', lost: 'weaken' },
      RetentionPeriod: {
        members: { NumberOfDays: { number: 'expires', absent: 90 }, Unlimited: UNLIMITED },
      },
      Tags: 'tags',
      Triggers: {
        by: '#',
        added: 'modify',
        lost: 'disrupt',
        each: { members: { Schedule: 'disrupt', TriggeringDataset: ['uses', 'disrupt'] } },
      },
      VersioningConfiguration: {
        members: { MaxVersions: { number: 'expires', absent: 1 }, Unlimited: UNLIMITED },
      },
    },
  },
  'AWS::IoTAnalytics::Datastore': {
    page: 'aws-resource-iotanalytics-datastore',
    new: 'create',
    holds: 'data',
    properties: {
      DatastoreName: 'replaces',
      DatastorePartitions: 'disrupt',
      DatastoreStorage: {
        members: {
          ...STORAGE,
          IotSiteWiseMultiLayerStorage: {
            members: { CustomerManagedS3Storage: { members: PREFIXED } },
          },
        },
      },
      FileFormatConfiguration: 'disrupt',
      RetentionPeriod: RETENTION,
      Tags: 'tags',
    },
  },
  'AWS::IoTAnalytics::Pipeline': {
    page: 'aws-resource-iotanalytics-pipeline',
    new: 'create',
    properties: {
      PipelineActivities: { each: ACTIVITY, by: '#', added: 'modify', lost: 'disrupt' },
      PipelineName: 'replaces',
      Tags: 'tags',
    },
  },
};
