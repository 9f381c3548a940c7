import { describe, expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/change-effect.ts';
import type { PropertyChange, ResourceChange } from '../../tools/ports/cloudformation.ts';
import { added, context, effectOf, modified, sight } from './resource-change.ts';

/** A change as AWS may describe it; what isn't given is what AWS leaves out. Its contexts hold the values that its properties tell. */
function change(given: Partial<ResourceChange>): ResourceChange {
  const { properties = [] } = given;
  const told = (when: 'before' | 'after') =>
    context(
      Object.fromEntries(properties.flatMap((one) => (one[when] === undefined ? [] : [[one.name, parsed(one[when])]]))),
    );
  return {
    action: 'Modify',
    logical_id: 'A',
    type: 'AWS::SQS::Queue',
    scope: ['Properties'],
    properties: [],
    before_context: told('before'),
    after_context: told('after'),
    ...given,
  };
}

function parsed(text = ''): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}

function property(name: string, given: Partial<PropertyChange> = {}): PropertyChange {
  return { attribute: 'Properties', name, requires_recreation: 'Never', ...given };
}

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
  ['details that all say never', { properties: [property('X')] }, 'modify', true],
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
    { ...inPlace, properties: [property('PubliclyAccessible', { before: 'false', after: 'true' })] },
    'expose',
    true,
  ],
  [
    'a database made private',
    { ...inPlace, properties: [property('PubliclyAccessible', { before: 'true', after: 'false' })] },
    'modify',
    true,
  ],
  [
    'protection off',
    { ...inPlace, properties: [property('DeletionProtection', { before: 'true', after: 'false' })] },
    'weaken',
    true,
  ],
  [
    'protection on',
    { ...inPlace, properties: [property('DeletionProtection', { before: 'false', after: 'true' })] },
    'modify',
    true,
  ],
  ['protection, values not told', { ...inPlace, properties: [property('DisableApiTermination')] }, 'weaken', true],
  [
    'fewer backups',
    { ...inPlace, properties: [property('BackupRetentionPeriod', { before: '7', after: '1' })] },
    'weaken',
    true,
  ],
  [
    'more backups',
    { ...inPlace, properties: [property('BackupRetentionPeriod', { before: '1', after: '7' })] },
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
    { ...inPlace, properties: [property('DesiredCapacity', { before: '4', after: '0' })] },
    'disrupt',
    true,
  ],
  [
    'scaling up',
    { ...inPlace, properties: [property('DesiredCapacity', { before: '4', after: '5' })] },
    'modify',
    true,
  ],
])('%s', (_, given, effect, recoverable) => {
  expect(impactOf(change(given), sight())).toMatchObject({ effect, recoverable });
});

test('the worst of several counts, and the others are told too', () => {
  const properties = [
    property('DeletionProtection', { after: 'false' }),
    property('DBName', { requires_recreation: 'Always' }),
  ];
  const line = impactOf(change({ replacement: 'True', properties }), sight());
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
  const properties = Array.from({ length: 50 }, (_, at) =>
    property(`P${at}\u001b[2J`, { before: 'x'.repeat(9_000), after: '\u202e' }),
  );
  const { detail } = impactOf(change({ ...inPlace, properties }), sight());
  expect(detail.length).toBeLessThan(3_000);
  expect(detail).toContain('and 42 more properties');
});

test('so are the reasons, however many and however long the names that the template makes up', () => {
  const switches = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`ForceX${at}${'y'.repeat(9_000)}`, true]));
  const { effect, detail } = impactOf(modified('AWS::SQS::Queue', {}, switches, { properties: [] }), sight());
  expect(effect).toBe('weaken');
  expect(detail.length).toBeLessThan(4_000);
  expect(detail).toContain('and 38 more reasons');
});
