import { describe, expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { weakenedPolicies } from '../../tools/cloudformation/deployment/effects/deletion-policies.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { effectOf, modified, sight } from './resource-change.ts';

const lock = (Days: number, Mode = 'COMPLIANCE') => ({
  ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days, Mode } } },
});
const versioned = (Status: string) => ({ VersioningConfiguration: { Status } });
const attributes = (Value: string, timeout = '60') => ({
  LoadBalancerAttributes: [
    { Key: 'deletion_protection.enabled', Value },
    { Key: 'idle_timeout.timeout_seconds', Value: timeout },
  ],
});
const pitr = (on: boolean, days = 35) => ({
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: on, RecoveryPeriodInDays: days },
});

describe('protections', () => {
  test.each<[string, object, object, string]>([
    ['AWS::S3::Bucket', lock(30), lock(1), 'weaken'],
    ['AWS::S3::Bucket', lock(30), lock(30, 'GOVERNANCE'), 'weaken'],
    ['AWS::S3::Bucket', lock(30), lock(60), 'modify'],
    ['AWS::S3::Bucket', lock(30), {}, 'weaken'],
    ['AWS::S3::Bucket', versioned('Enabled'), versioned('Suspended'), 'weaken'],
    ['AWS::S3::Bucket', versioned('Suspended'), versioned('Enabled'), 'modify'],
    ['AWS::S3::Bucket', {}, versioned(UNTOLD), 'weaken'],
    ['AWS::DynamoDB::Table', pitr(true), pitr(false), 'delete'],
    ['AWS::DynamoDB::Table', pitr(true), pitr(true, 1), 'delete'],
    ['AWS::DynamoDB::Table', pitr(false), pitr(true), 'modify'],
    [
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [{ Region: 'a', ...pitr(true) }] },
      { Replicas: [{ Region: 'a', ...pitr(false) }] },
      'delete',
    ],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', attributes('true'), attributes('false'), 'weaken'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', attributes('true'), attributes('true', '30'), 'weaken'],
    ['AWS::RDS::DBInstance', { DeleteAutomatedBackups: false }, { DeleteAutomatedBackups: true }, 'weaken'],
    ['AWS::RDS::DBInstance', { DeleteAutomatedBackups: false }, {}, 'weaken'],
    ['AWS::RDS::DBInstance', { DeleteAutomatedBackups: true }, { DeleteAutomatedBackups: false }, 'modify'],
    ['AWS::ECR::Repository', { EmptyOnDelete: false }, { EmptyOnDelete: true }, 'weaken'],
    ['AWS::KMS::Key', { BypassPolicyLockoutSafetyCheck: false }, { BypassPolicyLockoutSafetyCheck: true }, 'weaken'],
    ['AWS::RDS::DBInstance', { BackupRetentionPeriod: 7 }, { BackupRetentionPeriod: 0 }, 'delete'],
    ['AWS::RDS::DBInstance', { BackupRetentionPeriod: '7' }, { BackupRetentionPeriod: 14 }, 'modify'],
    ['AWS::Logs::LogGroup', { RetentionInDays: 365 }, { RetentionInDays: 1 }, 'delete'],
    ['AWS::Logs::LogGroup', {}, { RetentionInDays: 1 }, 'delete'],
    ['AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 }, { MessageRetentionPeriod: 60 }, 'delete'],
    [
      'AWS::DLM::LifecyclePolicy',
      { PolicyDetails: { Schedules: [{ RetainRule: { Count: 30 } }] } },
      { PolicyDetails: { Schedules: [{ RetainRule: { Count: 1 } }] } },
      'delete',
    ],
    [
      'AWS::Backup::BackupPlan',
      { BackupPlan: { BackupPlanRule: [{ Lifecycle: { DeleteAfterDays: 90 } }] } },
      { BackupPlan: { BackupPlanRule: [{ Lifecycle: { DeleteAfterDays: 1 } }] } },
      'weaken',
    ],
    ['AWS::CloudTrail::Trail', { IsMultiRegionTrail: true }, { IsMultiRegionTrail: false }, 'weaken'],
    ['AWS::RDS::DBInstance', { EnableCloudwatchLogsExports: ['audit'] }, { EnableCloudwatchLogsExports: [] }, 'weaken'],
    ['AWS::SQS::Queue', { KmsMasterKeyId: 'alias/ours' }, {}, 'weaken'],
    ['AWS::SQS::Queue', { ReceiveMessageWaitTimeSeconds: 1 }, { ReceiveMessageWaitTimeSeconds: 2 }, 'modify'],
  ])('%s %j to %j', (type, before, after, effect) => {
    expect(effectOf(modified(type, { ...before }, { ...after }))).toBe(effect);
  });
});

describe('tags, which choose the environment', () => {
  const tags = (...pairs: [string, string][]) => ({ Tags: pairs.map(([Key, Value]) => ({ Key, Value })) });
  test.each([
    ['added', tags(['env', 'prod']), tags(['env', 'prod'], ['tier', 'dev'])],
    ['the first', {}, tags(['tier', 'dev'])],
    ['changed', tags(['env', 'prod']), tags(['env', 'dev'])],
    ['removed', tags(['env', 'prod']), {}],
  ])('%s', (_, before, after) => {
    expect(effectOf(modified('AWS::EC2::Instance', before, after))).toBe('weaken');
  });

  test('of the stack, that reach a resource whose own stay', () => {
    const properties = [{ attribute: 'Tags', requires_recreation: 'Never' as const }];
    const own = tags(['env', 'prod']);
    expect(effectOf(modified('AWS::EC2::Instance', own, own, { properties }))).toBe('weaken');
  });

  test('of the stack, while its own are only put in another order', () => {
    const [before, after] = [tags(['a', '1'], ['b', '2']), tags(['b', '2'], ['a', '1'])];
    const own = { attribute: 'Tags', name: 'Tags', requires_recreation: 'Never' as const };
    const moved = { ...own, before: JSON.stringify(before.Tags), after: JSON.stringify(after.Tags) };
    expect(effectOf(modified('AWS::EC2::Instance', before, after, { properties: [moved] }))).toBe('modify');
    expect(effectOf(modified('AWS::EC2::Instance', before, after, { properties: [moved, own] }))).toBe('weaken');
  });

  test('that stay as they are', () => {
    const before = { ...tags(['env', 'prod']), Monitoring: false };
    expect(effectOf(modified('AWS::EC2::Instance', before, { ...before, Monitoring: true }))).toBe('modify');
  });
});

describe('what no DeletionPolicy means', () => {
  const database = { Engine: 'postgres' };
  const member = { ...database, DBClusterIdentifier: 'c' };
  test.each([
    ['AWS::RDS::DBInstance', database, undefined, 'Delete', 'weaken'],
    ['AWS::RDS::DBCluster', database, undefined, 'Delete', 'weaken'],
    ['AWS::RDS::DBInstance', member, undefined, 'Delete', 'modify'],
    ['AWS::SQS::Queue', {}, undefined, 'Delete', 'modify'],
    ['AWS::RDS::DBInstance', database, 'Snapshot', undefined, 'modify'],
    ['AWS::RDS::DBInstance', member, 'Snapshot', undefined, 'weaken'],
    ['AWS::RDS::DBInstance', database, undefined, undefined, 'modify'],
  ])('%s %j: %s to %s', (type, properties, was, is, effect) => {
    const policy = (deletion_policy: string | undefined) => ({ type, ...(deletion_policy ? { deletion_policy } : {}) });
    const note = type === 'AWS::SQS::Queue' ? 'ReceiveMessageWaitTimeSeconds' : 'CopyTagsToSnapshot';
    const change = modified(type, { ...properties, [note]: 0 }, { ...properties, [note]: true });
    expect(effectOf(change, policy(was), policy(is))).toBe(effect);
  });

  test('of an instance of which AWS lists no change, it is not known whether it is in a cluster', () => {
    const type = 'AWS::RDS::DBInstance';
    expect(weakenedPolicies({ type }, { type, deletion_policy: 'Delete' })).toHaveLength(1);
    expect(weakenedPolicies({ type, deletion_policy: 'Snapshot' }, { type })).toHaveLength(1);
    expect(weakenedPolicies({ type }, { type })).toEqual([]);
  });

  test.each([
    [{ before: 'Retain', after: 'Delete' }, 'weaken'],
    [{ before: 'Retain' }, 'weaken'],
    [{}, 'weaken'],
    [{ after: 'Retain' }, 'modify'],
  ])('a policy that only AWS lists counts too: %j', (values, effect) => {
    const properties = [{ attribute: 'DeletionPolicy', requires_recreation: 'Never' as const, ...values }];
    expect(effectOf(modified('AWS::SQS::Queue', {}, {}, { properties }))).toBe(effect);
  });

  test('an UpdateReplacePolicy has no such default', () => {
    const type = 'AWS::RDS::DBCluster';
    const change = modified(type, { CopyTagsToSnapshot: false }, { CopyTagsToSnapshot: true });
    expect(effectOf(change, { type }, { type, update_replace_policy: 'Delete' })).toBe('modify');
  });
});

const expiring = (Id: string, days = 30) => ({ Id, Status: 'Enabled', ExpirationInDays: days });
const lifecycle = (...Rules: object[]) => ({ LifecycleConfiguration: { Rules } });
const ttl = (Enabled: boolean, AttributeName = 'expires') => ({ TimeToLiveSpecification: { AttributeName, Enabled } });
const replicas = (...regions: string[]) => ({ Replicas: regions.map((Region) => ({ Region })) });
const template = (Version: string) => ({ LaunchTemplate: { LaunchTemplateId: 'lt-1', Version } });
const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

describe('what destroys in place', () => {
  test.each<[string, object, object, string]>([
    ['AWS::S3::Bucket', {}, lifecycle(expiring('a')), 'delete'],
    ['AWS::S3::Bucket', lifecycle(expiring('a')), lifecycle(expiring('a', 1)), 'delete'],
    ['AWS::S3::Bucket', lifecycle(expiring('a')), lifecycle(expiring('a'), expiring('b')), 'delete'],
    ['AWS::S3::Bucket', {}, lifecycle({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } }), 'delete'],
    ['AWS::S3::Bucket', {}, { LifecycleConfiguration: UNTOLD }, 'delete'],
    ['AWS::S3::Bucket', {}, lifecycle({ Transitions: [{ StorageClass: 'GLACIER' }] }), 'disrupt'],
    ['AWS::S3::Bucket', {}, lifecycle({ Transitions: [{ StorageClass: 'STANDARD_IA' }] }), 'modify'],
    ['AWS::S3::Bucket', lifecycle(expiring('a'), expiring('b')), lifecycle(expiring('b')), 'modify'],
    [
      'AWS::ECR::Repository',
      {},
      { LifecyclePolicy: { LifecyclePolicyText: '{"action":{"type":"expire"}}' } },
      'delete',
    ],
    ['AWS::DynamoDB::Table', {}, ttl(true), 'delete'],
    ['AWS::DynamoDB::Table', ttl(false), ttl(true), 'delete'],
    ['AWS::DynamoDB::Table', ttl(true), ttl(true, 'created'), 'delete'],
    ['AWS::DynamoDB::Table', ttl(true), ttl(false), 'modify'],
    ['AWS::DynamoDB::GlobalTable', replicas('eu-west-1', 'us-east-1'), replicas('eu-west-1'), 'delete'],
    ['AWS::DynamoDB::GlobalTable', replicas('eu-west-1', 'us-east-1'), replicas('eu-west-1', 'eu-west-2'), 'delete'],
    ['AWS::DynamoDB::GlobalTable', replicas('eu-west-1'), replicas('eu-west-1', 'us-east-1'), 'modify'],
    [GROUP, template('1'), template('2'), 'replace'],
    [GROUP, { LaunchConfigurationName: 'a' }, { LaunchConfigurationName: 'b' }, 'replace'],
    [GROUP, { DesiredCapacity: '4' }, { DesiredCapacity: '5' }, 'modify'],
    [GROUP, { DesiredCapacity: '4' }, { DesiredCapacity: '0' }, 'disrupt'],
  ])('%s %j to %j', (type, before, after, effect) => {
    const line = impactOf(modified(type, { ...before }, { ...after }), sight());
    expect(line.effect).toBe(effect);
    if (effect === 'delete' || effect === 'replace') expect(line.recoverable).toBe(false);
  });
});
