import { describe, expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import type { ResourceChange } from '../../tools/ports/cloudformation.ts';
import { added, change, effectOf, modified, property, sight } from './resource-change.ts';

const inPlace = { replacement: 'False' };

test.each<[string, Partial<ResourceChange>, string, boolean]>([
  ['certain replacement', { replacement: 'True' }, 'replace', false],
  ['conditional replacement', { replacement: 'Conditional' }, 'replace', false],
  ['replacement by policy', { ...inPlace, policy_action: 'ReplaceAndDelete' }, 'replace', false],
  ['replacement that keeps the old one', { replacement: 'True', policy_action: 'ReplaceAndRetain' }, 'replace', true],
  ['replacement with a snapshot', { replacement: 'True', policy_action: 'ReplaceAndSnapshot' }, 'replace', true],
  [
    'a detail that says more than the whole',
    { ...inPlace, properties: [property('X', { requires_recreation: 'Always' })] },
    'replace',
    false,
  ],
  [
    'a detail that may',
    { ...inPlace, properties: [property('X', { requires_recreation: 'Conditionally' })] },
    'replace',
    false,
  ],
  ['no word about replacement', {}, 'unknown', false],
  ['a replacement that is new to us', { replacement: 'Perhaps' }, 'unknown', false],
  [
    'details without a word about recreation',
    { properties: [property('X', { requires_recreation: 'Unknown' })] },
    'unknown',
    false,
  ],
  ['details that all say never', { properties: [property('ReceiveMessageWaitTimeSeconds')] }, 'modify', true],
  ['in place', inPlace, 'modify', true],
  ['removal', { action: 'Remove' }, 'delete', false],
  ['removal with a snapshot', { action: 'Remove', policy_action: 'Snapshot' }, 'delete', true],
  ['removal that retains', { action: 'Remove', policy_action: 'Retain' }, 'weaken', true],
  ['import', { action: 'Import' }, 'weaken', true],
  ['dynamic', { action: 'Dynamic' }, 'unknown', false],
  ['an action that is new to us', { action: 'Teleport' }, 'unknown', false],
  ['only the record', { action: 'SyncWithActual' }, 'modify', true],
  ['a nested stack', { ...inPlace, type: 'AWS::CloudFormation::Stack' }, 'unknown', false],
  ['a new nested stack', { action: 'Add', type: 'AWS::CloudFormation::Stack' }, 'unknown', false],
  ['a removed nested stack', { action: 'Remove', type: 'AWS::CloudFormation::Stack' }, 'delete', false],
  ['a custom resource', { action: 'Remove', type: 'Custom::Thing' }, 'unknown', false],
  ['an access rule without its rules', { action: 'Add', type: 'AWS::EC2::SecurityGroupIngress' }, 'expose', true],
  ['a policy', { ...inPlace, type: 'AWS::IAM::Policy', properties: [property('PolicyDocument')] }, 'expose', true],
  ['a key policy', { ...inPlace, type: 'AWS::KMS::Key', properties: [property('KeyPolicy')] }, 'expose', true],
  [
    'a database made public',
    {
      ...inPlace,
      type: 'AWS::RDS::DBInstance',
      properties: [property('PubliclyAccessible', { before: 'false', after: 'true' })],
    },
    'expose',
    true,
  ],
  [
    'a database made private',
    {
      ...inPlace,
      type: 'AWS::RDS::DBInstance',
      properties: [property('PubliclyAccessible', { before: 'true', after: 'false' })],
    },
    'disrupt',
    true,
  ],
  [
    'protection off',
    {
      ...inPlace,
      type: 'AWS::RDS::DBInstance',
      properties: [property('DeletionProtection', { before: 'true', after: 'false' })],
    },
    'weaken',
    true,
  ],
  [
    'protection on',
    {
      ...inPlace,
      type: 'AWS::RDS::DBInstance',
      properties: [property('DeletionProtection', { before: 'false', after: 'true' })],
    },
    'modify',
    true,
  ],
  [
    'protection, values not told',
    { ...inPlace, type: 'AWS::EC2::Instance', properties: [property('DisableApiTermination')] },
    'weaken',
    true,
  ],
  [
    'fewer backups',
    {
      ...inPlace,
      type: 'AWS::RDS::DBInstance',
      properties: [property('BackupRetentionPeriod', { before: '7', after: '1' })],
    },
    'delete',
    false,
  ],
  [
    'more backups',
    {
      ...inPlace,
      type: 'AWS::RDS::DBInstance',
      properties: [property('BackupRetentionPeriod', { before: '1', after: '7' })],
    },
    'modify',
    true,
  ],
  [
    'a tag added',
    {
      ...inPlace,
      properties: [property('Tags', { attribute: 'Tags', before: '[]', after: '[{"Key":"a","Value":"b"}]' })],
    },
    'weaken',
    true,
  ],
  [
    'a tag changed',
    {
      ...inPlace,
      properties: [
        property('Tags', {
          attribute: 'Tags',
          before: '[{"Key":"a","Value":"b"}]',
          after: '[{"Key":"a","Value":"c"}]',
        }),
      ],
    },
    'weaken',
    true,
  ],
  ['tags, values not told', { ...inPlace, properties: [property('Tags', { attribute: 'Tags' })] }, 'weaken', true],
  [
    'a resize',
    { ...inPlace, type: 'AWS::RDS::DBInstance', properties: [property('DBInstanceClass')] },
    'disrupt',
    true,
  ],
  [
    'scaling to nothing',
    {
      ...inPlace,
      type: 'AWS::AutoScaling::AutoScalingGroup',
      properties: [property('DesiredCapacity', { before: '4', after: '0' })],
    },
    'disrupt',
    true,
  ],
  [
    'scaling up',
    {
      ...inPlace,
      type: 'AWS::AutoScaling::AutoScalingGroup',
      properties: [property('DesiredCapacity', { before: '4', after: '5' })],
    },
    'modify',
    true,
  ],
])('%s', (_, given, effect, recoverable) => {
  expect(impactOf(change(given), sight())).toMatchObject({ effect, recoverable });
});

test('the worst of several counts, and the others are told too', () => {
  const properties = [
    property('DeletionProtection', { before: 'true', after: 'false' }),
    property('DBName', { requires_recreation: 'Always' }),
  ];
  const line = impactOf(change({ type: 'AWS::RDS::DBInstance', replacement: 'True', properties }), sight());
  expect(line.effect).toBe('replace');
  expect(line.detail).toContain('DeletionProtection protects less');
});

test.each([
  [{ deletion_policy: 'Retain' }, {}, 'weaken'],
  [{ deletion_policy: 'Retain' }, { deletion_policy: 'computed' }, 'weaken'],
  [{ deletion_policy: 'computed' }, { deletion_policy: 'Snapshot' }, 'weaken'],
  [{ update_replace_policy: 'Snapshot' }, { update_replace_policy: 'Delete' }, 'weaken'],
  [{ deletion_policy: 'Snapshot' }, { deletion_policy: 'Retain' }, 'modify'],
  [{}, { deletion_policy: 'Retain' }, 'modify'],
])('policies %j to %j', (before, after, effect) => {
  const type = 'AWS::SQS::Queue';
  expect(impactOf(change(inPlace), sight({ type, ...before }, { type, ...after })).effect).toBe(effect);
});

describe('types that may do anything', () => {
  test.each([
    'Custom::Thing',
    'Datadog::Monitors::Monitor',
    'Acme::Internal::Vpc::MODULE',
    'AWS::CloudFormation::StackSet',
    'AWS::CloudFormation::CustomResource',
    'AWS::CloudFormation::Macro',
    'AWS::CloudFormation::HookVersion',
    'AWS::CloudFormation::LambdaHook',
    'AWS::CloudFormation::WaitCondition',
    'AWS::ServiceCatalog::CloudFormationProvisionedProduct',
    'AWS::SSM::Association',
    'unknown',
  ])('%s', (type) => {
    expect(effectOf(added(type))).toBe('unknown');
    expect(effectOf(modified(type, { A: 1 }, { A: 2 }))).toBe('unknown');
    expect(effectOf({ ...change({ type }), action: 'Remove' })).toBe('unknown');
  });

  test('but not a handle to wait for', () => {
    expect(effectOf(added('AWS::CloudFormation::WaitConditionHandle'))).toBe('create');
  });
});

test('a change of which AWS does not show what it is and would be can not be classified', () => {
  const { after_context: _after, ...shown } = modified('AWS::EKS::Cluster', { A: 1 }, { A: 2 });
  expect(effectOf(shown)).toBe('unknown');
  expect(effectOf({ ...modified('AWS::EKS::Cluster', { A: 1 }, { A: 2 }), before_context: '{"Prop' })).toBe('unknown');
});

test('a detail is bounded, whatever properties hold', () => {
  const properties = Array.from({ length: 280 }, (_, at) =>
    property(`P${at}\u001b[2J`, { before: 'x'.repeat(9_000), after: '\u202e' }),
  );
  const impact = impactOf(change({ ...inPlace, properties }), sight());
  expect(JSON.stringify(impact).length).toBeLessThan(80_000);
  expect(impact).toMatchObject({
    detail: expect.stringMatching(/^A: "P0.* and 274 more change in place; nobody has judged these/),
    properties_left_out: 30,
  });
  expect(impact.properties?.[0]?.before).toMatch(/^x{120} \[8880 more characters; sha256 [0-9a-f]{16}\]$/);
});

test('what a property was and will be stands apart from our findings, whatever it says', () => {
  const said = '2; replaced by a new one; Other: 1 -> 2';
  const properties = [property('Engine', { before: '1', after: said }), property('Tags; deleted', {})];
  expect(impactOf(change({ ...inPlace, properties }), sight())).toMatchObject({
    detail: `A: Engine, "Tags; deleted" change in place; nobody has judged these properties yet`,
    properties: [{ name: 'Engine', before: '1', after: said }, { name: 'Tags; deleted' }],
  });
});

test('of many properties those that replace the resource are told first, each once', () => {
  const others = Array.from({ length: 270 }, (_, at) => property(`P${at}`, { before: '1', after: '2' }));
  const decisive = (['Conditionally', 'Always', 'Always'] as const).map((requires_recreation) =>
    property(requires_recreation, { before: '1', after: '2', requires_recreation }),
  );
  const { properties, properties_left_out } = impactOf(
    change({ ...inPlace, properties: [...others, ...decisive] }),
    sight(),
  );
  expect(properties?.slice(0, 3)).toMatchObject([
    { name: 'Always', replaces: 'always' },
    { name: 'Conditionally', replaces: 'maybe' },
    { name: 'P0' },
  ]);
  expect(properties).toHaveLength(250);
  expect(properties_left_out).toBe(22);
});

test('a secret does not enter, whatever let it through before', () => {
  const properties = [
    property('MasterUserPassword', { before: 'hunter2hunter2', after: 'hunter3hunter3' }),
    property('Url', { after: 'postgres://app:hunter4@db.example' }),
  ];
  const impact = impactOf(change({ ...inPlace, properties }), sight());
  expect(JSON.stringify(impact)).not.toContain('hunter');
  expect(impact.properties).toHaveLength(2);
});

test('so are the reasons, however many and however long the names that the template makes up', () => {
  const names = Array.from({ length: 50 }, (_, at) => `sg-${at}${'y'.repeat(9_000)}`);
  const { effect, detail } = impactOf(added('AWS::EC2::Instance', { SecurityGroupIds: names }), sight());
  expect(effect).toBe('expose');
  expect(detail.length).toBeLessThan(6_000);
  expect(detail).toContain('and 38 more reasons');
});
