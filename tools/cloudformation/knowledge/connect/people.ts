import type { Rule, Rules, Service } from '../language.ts';
import { GRANTS, SHAPE } from '../shared.ts';

const IN_INSTANCE = { Description: 'modify', InstanceArn: ['replaces', 'acts'], Name: 'modify', Tags: 'tags' } as const;
/** How callers are led, and by whom they are answered. */
const LED: Rule = { standing: 'disrupt' };
/** Within which tags and groups rights hold: one less, and they hold for all. */
const WITHIN: Rules = { standing: { each: 'modify', added: 'disrupt', lost: 'expose', reordered: 'modify' } };

/** Who works in a call centre, and what they and callers may. */
export const CONNECT_PEOPLE: Service = {
  'AWS::Connect::AgentStatus': {
    page: 'aws-resource-connect-agentstatus',
    new: 'create',
    properties: {
      ...IN_INSTANCE,
      DisplayOrder: 'modify',
      InstanceArn: 'acts',
      ResetOrderNumber: 'modify',
      State: { order: ['DISABLED', 'ENABLED'], less: 'disrupt' },
      Type: LED,
    },
  },
  // Pages of that origin may use it.
  'AWS::Connect::ApprovedOrigin': {
    page: 'aws-resource-connect-approvedorigin',
    new: 'expose',
    gone: 'disrupt',
    properties: { InstanceId: ['replaces', 'acts'], Origin: 'replaces' },
  },
  'AWS::Connect::ContactFlowModule': {
    page: 'aws-resource-connect-contactflowmodule',
    new: 'create',
    properties: {
      ...IN_INSTANCE,
      Content: ['code', 'may-act'],
      ExternalInvocationConfiguration: { standing: 'opens' },
      InstanceArn: 'acts',
      Settings: 'code',
      State: { order: ['archived', 'active'], less: 'disrupt' },
    },
  },
  'AWS::Connect::HoursOfOperation': {
    page: 'aws-resource-connect-hoursofoperation',
    new: 'create',
    properties: {
      ...IN_INSTANCE,
      ChildHoursOfOperations: LED,
      Config: LED,
      HoursOfOperationOverrides: LED,
      InstanceArn: 'acts',
      ParentHoursOfOperations: LED,
      TimeZone: LED,
    },
  },
  'AWS::Connect::InstanceStorageConfig': {
    page: 'aws-resource-connect-instancestorageconfig',
    new: 'create',
    // What is said from then on is kept nowhere.
    gone: 'delete',
    properties: {
      InstanceArn: ['replaces', 'acts'],
      KinesisFirehoseConfig: ['acts', 'writes-to', { settled: 'weaken' }],
      KinesisStreamConfig: ['acts', 'writes-to', { settled: 'weaken' }],
      KinesisVideoStreamConfig: {
        members: {
          EncryptionConfig: ['uses', { settled: 'weaken' }],
          Prefix: SHAPE,
          RetentionPeriodHours: { number: 'expires', absent: 0 },
        },
      },
      ResourceType: 'replaces',
      // Recordings and transcripts are put there.
      S3Config: {
        members: {
          BucketName: ['acts', 'writes-to', { settled: 'weaken' }],
          BucketPrefix: SHAPE,
          EncryptionConfig: ['uses', { settled: 'weaken' }],
        },
      },
      StorageType: { standing: 'weaken' },
    },
  },
  'AWS::Connect::Prompt': {
    page: 'aws-resource-connect-prompt',
    new: 'create',
    properties: { ...IN_INSTANCE, InstanceArn: 'acts', S3Uri: LED },
  },
  'AWS::Connect::Queue': {
    page: 'aws-resource-connect-queue',
    new: 'create',
    properties: {
      ...IN_INSTANCE,
      AdditionalEmailAddresses: LED,
      HoursOfOperationArn: ['uses', LED],
      InstanceArn: 'acts',
      // Callers beyond it are turned away.
      MaxContacts: ['limits', { ends: 'weaken' }],
      OutboundCallerConfig: LED,
      OutboundEmailConfig: LED,
      QuickConnectArns: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      Status: { order: ['DISABLED', 'ENABLED'], less: 'disrupt' },
    },
  },
  'AWS::Connect::QuickConnect': {
    page: 'aws-resource-connect-quickconnect',
    new: 'create',
    properties: { ...IN_INSTANCE, InstanceArn: 'acts', QuickConnectConfig: LED },
  },
  'AWS::Connect::RoutingProfile': {
    page: 'aws-resource-connect-routingprofile',
    new: 'create',
    properties: {
      ...IN_INSTANCE,
      AgentAvailabilityTimer: LED,
      DefaultOutboundQueueArn: LED,
      InstanceArn: 'acts',
      ManualAssignmentQueueConfigs: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      MediaConcurrencies: LED,
      QueueConfigs: LED,
    },
  },
  'AWS::Connect::Rule': {
    page: 'aws-resource-connect-rule',
    new: 'create',
    properties: {
      Actions: ['may-act', { standing: 'disrupt' }],
      Function: { standing: 'disrupt' },
      InstanceArn: ['replaces', 'acts'],
      Name: 'modify',
      PublishStatus: { order: ['DRAFT', 'PUBLISHED'], less: 'disrupt' },
      Tags: 'tags',
      TriggerEventSource: 'replaces',
    },
  },
  // Who has the key may put customers' data into signed flows.
  'AWS::Connect::SecurityKey': {
    page: 'aws-resource-connect-securitykey',
    new: 'expose',
    gone: 'disrupt',
    properties: { InstanceId: ['replaces', 'acts'], Key: 'replaces' },
  },
  'AWS::Connect::SecurityProfile': {
    page: 'aws-resource-connect-securityprofile',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AllowedAccessControlHierarchyGroupId: [{ settled: 'expose' }, { standing: 'disrupt' }],
      AllowedAccessControlTags: WITHIN,
      AllowedFlowModules: GRANTS,
      Applications: GRANTS,
      Description: 'modify',
      GranularAccessControlConfiguration: { standing: 'expose' },
      HierarchyRestrictedResources: WITHIN,
      InstanceArn: ['replaces', 'acts'],
      Permissions: GRANTS,
      SecurityProfileName: 'replaces',
      TagRestrictedResources: WITHIN,
      Tags: 'tags',
    },
  },
  'AWS::Connect::User': {
    page: 'aws-resource-connect-user',
    // Who knows the password signs in.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AfterContactWorkConfigs: 'modify',
      AutoAcceptConfigs: LED,
      DirectoryUserId: { settled: 'expose' },
      HierarchyGroupArn: { standing: 'expose' },
      IdentityInfo: { members: { Email: { standing: 'expose' } }, others: 'modify' },
      InstanceArn: 'acts',
      Password: 'secret',
      PersistentConnectionConfigs: 'modify',
      PhoneConfig: LED,
      PhoneNumberConfigs: LED,
      RoutingProfileArn: LED,
      SecurityProfileArns: GRANTS,
      Tags: 'tags',
      UserProficiencies: LED,
      Username: { settled: 'disrupt' },
      VoiceEnhancementConfigs: 'modify',
    },
  },
  'AWS::Connect::UserHierarchyGroup': {
    page: 'aws-resource-connect-userhierarchygroup',
    new: 'create',
    gone: 'disrupt',
    properties: { InstanceArn: 'acts', Name: 'modify', ParentGroupArn: 'replaces', Tags: 'tags' },
  },
  // What is known of customers.
  'AWS::CustomerProfiles::Domain': {
    page: 'aws-resource-customerprofiles-domain',
    new: 'create',
    holds: 'data',
    properties: {
      DataStore: { members: { Enabled: 'runs', Readiness: 'modify' } },
      DeadLetterQueueUrl: ['acts', { ends: 'delete' }],
      DefaultEncryptionKey: ['uses', { settled: 'weaken' }],
      DefaultExpirationDays: { number: 'expires', absent: 366 },
      DomainName: 'replaces',
      // Profiles that look alike become one.
      Matching: [
        {
          members: {
            AutoMerging: { standing: 'delete' },
            Enabled: { standing: 'disrupt' },
            ExportingConfig: ['may-act', { standing: 'expose' }],
            JobSchedule: 'modify',
          },
        },
      ],
      RuleBasedMatching: [
        { members: { ExportingConfig: ['may-act', { standing: 'expose' }] }, others: { standing: 'delete' } },
      ],
      Tags: 'tags',
    },
  },
};
