import { describe, expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import type { PropertyChange, ResourceChange } from '../../tools/ports/cloudformation.ts';
import { added, context, effectOf, modified, sight } from './resource-change.ts';

/**
 * A change as AWS may describe it; what isn't given is what AWS leaves out. Its contexts hold the values that its
 * properties tell.
 */
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
  const properties = Array.from({ length: 280 }, (_, at) =>
    property(`P${at}\u001b[2J`, { before: 'x'.repeat(9_000), after: '\u202e' }),
  );
  const impact = impactOf(change({ ...inPlace, properties }), sight());
  expect(JSON.stringify(impact).length).toBeLessThan(80_000);
  expect(impact).toMatchObject({ detail: 'A: changed in place', properties_left_out: 30 });
  expect(impact.properties?.[0]?.before).toMatch(/^x{120} \[8880 more characters; sha256 [0-9a-f]{16}\]$/);
});

test('what a property was and will be stands apart from our findings, whatever it says', () => {
  const said = '2; replaced by a new one; Other: 1 -> 2';
  const properties = [property('Engine', { before: '1', after: said }), property('Tags; deleted', {})];
  expect(impactOf(change({ ...inPlace, properties }), sight())).toMatchObject({
    detail: 'A: changed in place',
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
  const switches = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`ForceX${at}${'y'.repeat(9_000)}`, true]));
  const { effect, detail } = impactOf(modified('AWS::SQS::Queue', {}, switches, { properties: [] }), sight());
  expect(effect).toBe('weaken');
  expect(detail.length).toBeLessThan(4_000);
  expect(detail).toContain('and 38 more reasons');
});

describe('what is known beside the change', () => {
  const quiet = modified('AWS::SQS::Queue', { A: 1 }, { A: 2 });
  const open = { logical_id: 'A', effect: 'expose', why: 'the templates differ in who may connect' } as const;

  test('a second opinion raises, unless it only lets private addresses in', () => {
    expect(impactOf(quiet, sight(undefined, undefined, { opinions: [open] })).effect).toBe('expose');
    const replaced = { logical_id: 'A', effect: 'replace', why: 'it may be' } as const;
    const line = impactOf(quiet, sight(undefined, undefined, { opinions: [replaced] }));
    expect(line).toMatchObject({ effect: 'replace', recoverable: false });
    const inside = { ...open, cidrs: ['10.0.0.0/8'] };
    expect(impactOf(quiet, sight(undefined, undefined, { opinions: [inside] })).effect).toBe('modify');
    const both = { ...open, cidrs: ['10.0.0.0/8', '0.0.0.0/0'] };
    expect(impactOf(quiet, sight(undefined, undefined, { opinions: [both] })).effect).toBe('expose');
  });

  test('and never lowers', () => {
    const gone = { ...quiet, action: 'Remove' };
    expect(impactOf(gone, sight(undefined, undefined, { opinions: [open] })).effect).toBe('delete');
  });

  test('hooks that run with it may do anything', () => {
    expect(impactOf({ ...quiet, hooks: 2 }, sight())).toMatchObject({ effect: 'unknown', recoverable: false });
  });

  test('a change of what drifted may undo what keeps it running', () => {
    for (const drift of ['MODIFIED', 'DELETED'])
      expect(impactOf(quiet, sight(undefined, undefined, { drift })).effect).toBe('disrupt');
    expect(impactOf(quiet, sight(undefined, undefined, { drift: 'IN_SYNC' })).effect).toBe('modify');
  });

  test('a nested stack is what was found in it', () => {
    const nested = { ...quiet, type: 'AWS::CloudFormation::Stack' };
    const as = (looked: 'listed' | 'same' | 'hidden', given = nested) =>
      impactOf(given, sight(undefined, undefined, { looked })).effect;
    expect([as('listed'), as('same'), as('hidden')]).toEqual(['modify', 'modify', 'unknown']);
    expect(as('listed', { ...nested, action: 'Import' })).toBe('unknown');
    expect(as('listed', { ...nested, replacement: 'Conditional' })).toBe('replace');
    expect(as('listed', added('AWS::CloudFormation::Stack'))).toBe('create');
  });

  test('code and defaults are told, and change nothing', () => {
    const code = impactOf(
      modified('AWS::Lambda::Function', { Code: { S3Key: 'a' } }, { Code: { S3Key: 'b' } }),
      sight(),
    );
    expect(code).toMatchObject({
      effect: 'modify',
      detail: expect.stringContaining('Code is code, which is not shown'),
    });
    const group = impactOf(added('AWS::EC2::SecurityGroup', { GroupDescription: 'd' }), sight());
    expect(group).toMatchObject({ effect: 'create', detail: expect.stringContaining('everything may go out') });
  });

  test('what changes behind a mask counts as changed', () => {
    const hidden = { MetadataOptions: { HttpTokens: '****', HttpEndpoint: 'enabled' } };
    const change = modified('AWS::EC2::Instance', hidden, hidden, {
      properties: [property('MetadataOptions')],
    });
    expect(impactOf(change, sight()).effect).toBe('weaken');
  });
});
