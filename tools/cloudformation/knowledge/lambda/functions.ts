import type { Rule, Service } from '../language.ts';
import { CORS, DEAD_LETTERS, GRANTS, KEY, PLACES, SHAPE } from '../shared.ts';

const ENVIRONMENTS: Rule = { members: { MaxExecutionEnvironments: 'capacity', MinExecutionEnvironments: 'capacity' } };

const LOG_LEVELS = ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'];

/** Functions, and what stands for one state of them or a name. */
export const FUNCTIONS: Service = {
  'AWS::Lambda::Alias': {
    page: 'aws-resource-lambda-alias',
    new: 'create',
    properties: {
      Description: 'modify',
      FunctionName: ['replaces', 'acts'],
      FunctionVersion: 'serves',
      Name: 'replaces',
      ProvisionedConcurrencyConfig: {
        members: { ProvisionedConcurrentExecutions: { number: 'capacity', absent: 0 } },
      },
      // How many calls go to another version meanwhile.
      RoutingConfig: 'serves',
    },
  },
  'AWS::Lambda::CodeSigningConfig': {
    page: 'aws-resource-lambda-codesigningconfig',
    new: 'create',
    properties: {
      AllowedPublishers: { members: { SigningProfileVersionArns: GRANTS } },
      CodeSigningPolicies: {
        members: {
          UntrustedArtifactOnDeployment: { order: ['Warn', 'Enforce'], less: 'weaken', absent: 'Warn' },
        },
      },
      Description: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::Lambda::Function': {
    page: 'aws-resource-lambda-function',
    new: 'create',
    properties: {
      Architectures: 'disrupt',
      CapacityProviderConfig: 'disrupt',
      Code: 'code',
      CodeSigningConfigArn: { settled: 'weaken' },
      // Where events go that failed.
      DeadLetterConfig: { members: { TargetArn: DEAD_LETTERS } },
      Description: 'modify',
      DurableConfig: {
        members: {
          ExecutionTimeout: ['limits', { ends: 'weaken' }],
          KMSKeyArn: KEY,
          RetentionPeriodInDays: { number: 'expires', absent: 14 },
        },
      },
      // New code may no longer read what it isn't told.
      Environment: [
        'steers',
        {
          unless_changed: ['Code', 'ImageConfig', 'Layers'],
          otherwise: { members: { Variables: { keys: 'modify', added: 'modify', lost: 'disrupt' } } },
        },
      ],
      EphemeralStorage: { members: { Size: { number: 'limits', absent: 512 } } },
      // What mounts it may write and delete in it.
      FileSystemConfigs: {
        by: 'Arn',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { Arn: 'acts', LocalMountPath: { settled: 'disrupt' } } },
      },
      FunctionName: 'replaces',
      FunctionScalingConfig: ENVIRONMENTS,
      // Without other code nothing may be called so.
      Handler: ['code', { unless_changed: ['Code', 'Runtime'], otherwise: { settled: 'disrupt' } }],
      ImageConfig: 'code',
      KmsKeyArn: KEY,
      Layers: 'code',
      LoggingConfig: {
        members: {
          ApplicationLogLevel: { order: LOG_LEVELS, less: 'weaken', absent: 'INFO' },
          LogFormat: SHAPE,
          // Who reads or watches the group before sees nothing more.
          LogGroup: ['uses', 'writes-to', { settled: 'weaken' }],
          SystemLogLevel: { order: LOG_LEVELS, less: 'weaken', absent: 'INFO' },
        },
      },
      MemorySize: { number: 'limits', absent: 128 },
      PackageType: 'replaces',
      PublishToLatestPublished: 'modify',
      RecursiveLoop: { order: ['Allow', 'Terminate'], less: 'weaken', absent: 'Terminate' },
      // It is a limit, and a share that is taken from all other functions of the account and region.
      ReservedConcurrentExecutions: [{ acting: 'disrupt' }, 'throttles'],
      Role: 'acts-as',
      // The same code may not run by it.
      Runtime: ['code', { unless_changed: ['Code', 'Handler'], otherwise: { settled: 'disrupt' } }],
      RuntimeManagementConfig: {
        members: {
          RuntimeVersionArn: 'modify',
          // By hand: mends of security in the runtime no longer come by themselves.
          // The other way code that was pinned runs by a runtime that nobody chose.
          UpdateRuntimeOn: [
            { order: ['Manual', 'FunctionUpdate', 'Auto'], less: 'weaken', absent: 'Auto' },
            { standing: { leaves: 'Manual', is: 'weaken', absent: 'Auto' } },
          ],
        },
      },
      SnapStart: 'modify',
      Tags: 'tags',
      TenancyConfig: 'replaces',
      Timeout: { number: 'limits', absent: 3 },
      TracingConfig: { members: { Mode: { order: ['PassThrough', 'Active'], less: 'weaken', absent: 'PassThrough' } } },
      VpcConfig: {
        members: {
          Ipv6AllowedForDualStack: 'runs',
          // What a group's peers let in, its members may reach. Without any it reaches nothing in the network.
          SecurityGroupIds: ['acts-as', { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' }],
          // In a network it reaches what that one does, and the internet only if that one does.
          SubnetIds: ['uses', { leaves: 'none', is: 'disrupt', absent: 'none' }, PLACES],
        },
      },
    },
  },
  'AWS::Lambda::LayerVersion': {
    page: 'aws-resource-lambda-layerversion',
    new: 'create',
    revision: { of: 'LayerName' },
    joins: { by: 'LayerName', arn: 'lambda:R:A:layer:' },
    properties: {
      CompatibleArchitectures: 'replaces',
      CompatibleRuntimes: 'replaces',
      Content: ['replaces', 'code'],
      Description: 'replaces',
      LayerName: 'replaces',
      LicenseInfo: 'replaces',
    },
  },
  'AWS::Lambda::Url': {
    page: 'aws-resource-lambda-url',
    new: 'create',
    properties: {
      AuthType: { values: { AWS_IAM: 'modify' }, otherwise: 'expose' },
      Cors: CORS,
      // Clients read an answer that comes in parts otherwise.
      InvokeMode: 'disrupt',
      Qualifier: 'replaces',
      TargetFunctionArn: ['replaces', 'acts'],
    },
  },
  'AWS::Lambda::Version': {
    page: 'aws-resource-lambda-version',
    new: 'create',
    revision: { of: 'FunctionName' },
    properties: {
      CodeSha256: 'replaces',
      Description: 'replaces',
      FunctionName: ['replaces', 'acts'],
      FunctionScalingConfig: ENVIRONMENTS,
      ProvisionedConcurrencyConfig: 'replaces',
      RuntimePolicy: 'replaces',
    },
  },
};
