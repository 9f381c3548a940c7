import { CATALOG } from './glue/catalog.ts';
import type { Rule, Service } from './language.ts';
import { KEY, PLACES } from './shared.ts';

const MODE: Rule = { order: ['DISABLED', 'SSE-S3', 'SSE-KMS'], less: 'weaken', absent: 'DISABLED' };
const JOB_MODE: Rule = { order: ['DISABLED', 'CSE-KMS'], less: 'weaken', absent: 'DISABLED' };

/**
 * Arguments that Glue itself reads; all others are the script's.
 * https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
 */
const ARGUMENTS: Rule = {
  members: {
    '--continuous-log-logGroup': { settled: 'weaken' },
    '--enable-auto-scaling': 'modify',
    '--enable-continuous-cloudwatch-log': 'protects',
    '--enable-continuous-log-filter': 'endangers',
    '--enable-job-insights': 'protects',
    // Off, tables are read whole, whatever Lake Formation says of their rows and columns.
    '--enable-lakeformation-fine-grained-access': { standing: 'fences' },
    '--enable-metrics': { settled: 'weaken' },
    '--enable-observability-metrics': 'protects',
    '--enable-spark-ui': 'protects',
    '--encryption-type': { settled: 'weaken' },
    // What was read before is read again and written twice, or left out.
    // https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html
    '--job-bookmark-from': { lasting: 'disrupt' },
    '--job-bookmark-option': { lasting: { values: {}, otherwise: 'disrupt', absent: 'job-bookmark-disable' } },
    '--job-bookmark-to': { lasting: 'disrupt' },
    '--spark-event-logs-path': { settled: 'weaken' },
  },
  others: 'code',
};

const CRAWLERS: Service = {
  'AWS::Glue::Crawler': {
    page: 'aws-resource-glue-crawler',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Classifiers: { standing: ['uses', 'disrupt'] },
      Configuration: { standing: 'disrupt' },
      CrawlerSecurityConfiguration: ['uses', { settled: 'weaken' }],
      // It makes, changes and drops the tables there.
      DatabaseName: 'acts',
      Description: 'modify',
      Name: 'replaces',
      RecrawlPolicy: { members: { RecrawlBehavior: { standing: 'disrupt' } } },
      Role: 'acts-as',
      Schedule: { members: { ScheduleExpression: { settled: 'disrupt' } } },
      SchemaChangePolicy: {
        members: {
          // A new one too, in a database that was there.
          DeleteBehavior: {
            among: ['DatabaseName'],
            otherwise: {
              acting: {
                values: { LOG: 'modify', DEPRECATE_IN_DATABASE: 'disrupt' },
                otherwise: 'delete',
                absent: 'DEPRECATE_IN_DATABASE',
              },
            },
          },
          UpdateBehavior: { standing: 'disrupt' },
        },
      },
      // Tables get other names; who reads them by the old ones doesn't see what is new.
      TablePrefix: { standing: 'disrupt' },
      Tags: 'tags',
      // Tables of a target that is gone are dropped or marked, as the policy says.
      Targets: { standing: ['uses', 'disrupt'] },
    },
  },
  // Tidies up a table by itself: writes its files together, or deletes old snapshots, or files that none names.
  'AWS::Glue::TableOptimizer': {
    page: 'aws-resource-glue-tableoptimizer',
    new: 'create',
    gone: 'modify',
    properties: {
      CatalogId: ['replaces', 'modify'],
      DatabaseName: ['replaces', 'acts'],
      TableName: ['replaces', 'acts'],
      TableOptimizerConfiguration: {
        members: {
          CompactionConfiguration: 'modify',
          Enabled: { standing: { values: { false: 'modify' }, otherwise: 'delete' } },
          OrphanFileDeletionConfiguration: { standing: 'delete' },
          RetentionConfiguration: { standing: 'delete' },
          RoleArn: 'acts-as',
          VpcConfiguration: 'uses',
        },
      },
      Type: [
        'replaces',
        { among: ['TableName'], otherwise: { acting: { values: { compaction: 'modify' }, otherwise: 'delete' } } },
      ],
    },
  },
  'AWS::Glue::DataQualityRuleset': {
    page: 'aws-resource-glue-dataqualityruleset',
    new: 'create',
    gone: 'weaken',
    properties: {
      ClientToken: 'modify',
      Description: 'modify',
      Name: 'replaces',
      Ruleset: { standing: 'weaken' },
      Tags: 'tags',
      TargetTable: { members: { DatabaseName: ['uses', { settled: 'weaken' }], TableName: { settled: 'weaken' } } },
    },
  },
};

export const GLUE: Service = {
  ...CATALOG,
  ...CRAWLERS,
  'AWS::Glue::Job': {
    page: 'aws-resource-glue-job',
    new: 'create',
    properties: {
      AllocatedCapacity: { number: 'capacity', absent: 'fits' },
      Command: 'code',
      // Each carries the password of a database, and a network.
      Connections: { members: { Connections: ['acts-as', PLACES] } },
      DefaultArguments: ARGUMENTS,
      Description: 'modify',
      ExecutionClass: { order: ['FLEX', 'STANDARD'], less: 'disrupt', absent: 'STANDARD' },
      ExecutionProperty: { members: { MaxConcurrentRuns: { number: 'throttles', absent: 1 } } },
      GlueVersion: { standing: 'disrupt' },
      JobMode: 'modify',
      JobRunQueuingEnabled: 'runs',
      LogUri: 'modify',
      // Streaming jobs are started again then.
      MaintenanceWindow: 'disrupt',
      MaxCapacity: { number: 'capacity', absent: 'fits' },
      MaxRetries: { number: 'capacity', absent: 0 },
      Name: 'replaces',
      // Those who start a run can't give others; without one they can.
      NonOverridableArguments: [ARGUMENTS, { settled: 'weaken' }],
      NotificationProperty: { settled: 'weaken' },
      NumberOfWorkers: { number: 'capacity', absent: 'fits' },
      Role: 'acts-as',
      SecurityConfiguration: ['uses', { settled: 'weaken' }],
      Tags: 'tags',
      // Versions up to 4.0 take the first where none is given, later ones the second.
      Timeout: [{ number: 'limits', absent: 2880 }, { number: 'limits', absent: 480 }, { ends: 'weaken' }],
      WorkerType: { order: ['Standard', 'G.025X', 'G.1X', 'G.2X', 'G.4X', 'G.8X'], less: 'disrupt' },
    },
  },
  'AWS::Glue::SecurityConfiguration': {
    page: 'aws-resource-glue-securityconfiguration',
    new: 'create',
    gone: 'weaken',
    properties: {
      EncryptionConfiguration: {
        members: {
          CloudWatchEncryption: { members: { CloudWatchEncryptionMode: MODE, KmsKeyArn: KEY } },
          JobBookmarksEncryption: { members: { JobBookmarksEncryptionMode: JOB_MODE, KmsKeyArn: KEY } },
          S3Encryptions: {
            each: { members: { KmsKeyArn: KEY, S3EncryptionMode: MODE } },
            by: '#',
            added: 'modify',
            lost: 'weaken',
          },
        },
      },
      Name: 'replaces',
    },
  },
  'AWS::Glue::Trigger': {
    page: 'aws-resource-glue-trigger',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Actions: {
        each: {
          members: {
            Arguments: 'code',
            CrawlerName: 'acts',
            JobName: 'acts',
            NotificationProperty: { settled: 'weaken' },
            SecurityConfiguration: ['uses', { settled: 'weaken' }],
            Timeout: ['limits', { ends: 'weaken' }],
          },
        },
        by: '#',
        added: 'modify',
        lost: 'disrupt',
      },
      Description: 'modify',
      EventBatchingCondition: 'disrupt',
      Name: 'replaces',
      // What must have gone well before.
      Predicate: [{ standing: 'disrupt' }, { settled: 'weaken' }],
      Schedule: { settled: 'disrupt' },
      StartOnCreation: 'runs',
      Tags: 'tags',
      Type: 'replaces',
      WorkflowName: ['replaces', 'acts'],
    },
  },
  'AWS::Glue::Workflow': {
    page: 'aws-resource-glue-workflow',
    new: 'create',
    properties: {
      DefaultRunProperties: 'code',
      Description: 'modify',
      MaxConcurrentRuns: 'throttles',
      Name: 'replaces',
      Tags: 'tags',
    },
  },
};
