import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EFFECTS, type Effect } from '../../src/kernel/effects.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import type { Level, Looked } from '../../tools/cloudformation/deployment/levels.ts';
import { planChangeSet } from '../../tools/cloudformation/deployment/plan-change-set.ts';
import { KNOWLEDGE } from '../../tools/cloudformation/knowledge/all.ts';
import type {
  Opinion,
  PropertyChange,
  ResourceChange,
  ResourcePolicies,
  Stack,
} from '../../tools/ports/cloudformation.ts';
import { bounded } from '../scenes/bounded.ts';

/*
 * Adding a change to a change set never makes it milder: nobody can hide a deletion among harmless changes. Only from
 * no changes at all to the first one may it: parameters that change while nothing is listed are `unknown`, the worst
 * already.
 */

/** The stack has the first four; the others are new. */
const IDS = ['A', 'B', 'C', 'D', 'E', 'F'];
const isPresent = (id: string) => id < 'E';
const TYPES = [
  'AWS::SQS::Queue',
  'AWS::DynamoDB::Table',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Instance',
  'AWS::IAM::Role',
  'AWS::S3::Bucket',
  'AWS::CloudFormation::Stack',
  'Custom::Thing',
  'AWS::Nobody::Judged',
];
const optional = <T>(values: readonly T[]) => fc.constantFrom(undefined, ...values);

const properties = fc.dictionary(
  fc.constantFrom(
    'ReceiveMessageWaitTimeSeconds',
    'DeletionProtectionEnabled',
    'Tags',
    'PublicAccessBlockConfiguration',
    'Enabled',
  ),
  fc.oneof(fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.constantFrom('', 'a', '****')),
  { maxKeys: 3 },
);
const context = fc.option(
  properties.map((Properties) => JSON.stringify({ Properties })),
  { nil: undefined, freq: 6 },
);
const property: fc.Arbitrary<PropertyChange> = fc.record(
  {
    attribute: fc.constantFrom('Properties', 'Tags', 'DeletionPolicy', 'Metadata'),
    name: fc.constantFrom('ReceiveMessageWaitTimeSeconds', 'Enabled', 'Tags'),
    requires_recreation: fc.constantFrom('Never', 'Conditionally', 'Always', 'Unknown'),
    before: fc.constantFrom('Retain', 'a'),
    after: fc.constantFrom('Delete', 'b'),
  },
  { requiredKeys: ['attribute', 'requires_recreation'] },
);

const PRESENT_ACTIONS = [
  'Modify',
  'Modify',
  'Modify',
  'Modify',
  'Remove',
  'Remove',
  'Dynamic',
  'SyncWithActual',
  'Add',
];
const NEW_ACTIONS = ['Add', 'Add', 'Add', 'Add', 'Import', 'Modify'];

/** Its type is that which its resource has (`levelOf`). Most fit what the stack has; some don't. */
function changeOf(logical_id: string): fc.Arbitrary<Omit<ResourceChange, 'type'>> {
  const known = `physical-${logical_id}`;
  return fc
    .record({
      action: fc.constantFrom(...(isPresent(logical_id) ? PRESENT_ACTIONS : NEW_ACTIONS)),
      physical_id: isPresent(logical_id)
        ? fc.constantFrom(known, known, known, known, known, 'physical-other', undefined)
        : fc.constantFrom(undefined, undefined, undefined, undefined, known),
      replacement: optional(['True', 'False', 'False', 'Conditional', 'Perhaps']),
      policy_action: optional(['Delete', 'Retain', 'Snapshot', 'ReplaceAndDelete', 'ReplaceAndRetain']),
      properties: fc.array(property, { maxLength: 3 }),
      nested_change_set: optional(['arn:nested']),
      hooks: fc.constantFrom(undefined, undefined, undefined, 1),
      doubts: fc.constantFrom([], [], [], [], [], ['it is odd']),
      before_context: context,
      after_context: context,
    })
    .map((given) => {
      const told = Object.entries(given).filter(([, value]) => value !== undefined);
      return { logical_id, scope: [], doubts: [], ...Object.fromEntries(told) } as unknown as ResourceChange;
    });
}

const policies: fc.Arbitrary<Record<string, Omit<ResourcePolicies, 'type'>>> = fc.dictionary(
  fc.constantFrom(...IDS),
  fc.record(
    {
      deletion_policy: fc.constantFrom('Retain', 'Delete', 'Snapshot', 'computed'),
      update_replace_policy: fc.constantFrom('Retain', 'Delete'),
    },
    { requiredKeys: [] },
  ),
);
const opinion: fc.Arbitrary<Opinion> = fc.record({
  logical_id: fc.constantFrom(...IDS),
  effect: fc.constantFrom('replace', 'expose'),
  why: fc.constant('it differs'),
});
const STACK: Stack = {
  stack_id: 'arn:stack',
  stack_name: 'app',
  stack_status: 'UPDATE_COMPLETE',
  creation_time: '2026-01-01T00:00:00.000Z',
  termination_protection: false,
  parameters: [{ key: 'Size', value: 's' }],
  outputs: [],
  tags: { env: 'test' },
};

/** All that is known beside the changes, for every logical id that may occur. */
const around = fc.record({
  types: fc.array(fc.constantFrom(...TYPES), { minLength: IDS.length, maxLength: IDS.length }),
  before: policies,
  after: policies,
  nested: fc.dictionary(fc.constantFrom(...IDS), fc.constantFrom<Looked>('listed', 'same', 'hidden')),
  drifted: fc.subarray(IDS),
  opinions: fc.array(opinion, { maxLength: 3 }),
  transforms: fc.subarray(['AWS::LanguageExtensions', 'Mine']),
  creating: fc.boolean(),
  size: optional(['s', 'l']),
});
type Around = typeof around extends fc.Arbitrary<infer T> ? T : never;

type Changes = readonly Omit<ResourceChange, 'type'>[];

function levelOf(given: Around, untyped: Changes, path: readonly string[]): Level {
  const typeOf = (id: string) => given.types[IDS.indexOf(id)] ?? '';
  const changes = untyped.map((one) => ({ ...one, type: typeOf(one.logical_id) }));
  // A new one that isn't listed is one whose condition doesn't hold: nothing is left out.
  const listed = new Set(changes.map(({ logical_id }) => logical_id));
  const notMade = IDS.filter((id) => !isPresent(id) && !listed.has(id)).map((id) => [id, { made: false }] as const);
  const facts = (policies: Around['before'], ids: readonly string[]) => ({
    sha256: 'a',
    bytes: 1,
    resources: Object.fromEntries(ids.map((id) => [id, { type: typeOf(id), ...policies[id] }])),
    parameters: ['Size'],
    no_echo_parameters: [],
    looked_up_parameters: [],
    secret_reads: [],
    hidden_uses: [],
    transforms: given.transforms,
    parameter_defaults: {},
    nested: [],
    hooks: [],
    unknown_functions: [],
  });
  return {
    path,
    stack: given.drifted.length > 0 ? { ...STACK, drift: { status: 'DRIFTED' } } : STACK,
    creating: given.creating,
    changeSet: {
      change_set_id: 'arn:set',
      change_set_name: 'set',
      stack_id: STACK.stack_id,
      stack_name: STACK.stack_name,
      status: 'CREATE_COMPLETE',
      execution_status: 'AVAILABLE',
      parameters: given.size === undefined ? [] : [{ key: 'Size', value: given.size }],
      changes,
      doubts: [],
    },
    present: given.creating ? undefined : facts(given.before, IDS.filter(isPresent)),
    future: facts({ ...given.after, ...Object.fromEntries(notMade) }, IDS),
    resources: IDS.filter(isPresent).map((logical_id) => ({
      logical_id,
      physical_id: `physical-${logical_id}`,
      type: typeOf(logical_id),
      status: 'CREATE_COMPLETE',
      ...(given.drifted.includes(logical_id) ? { drift: 'MODIFIED' } : {}),
    })),
    nested: new Map(Object.entries(given.nested)),
    removed: new Map(),
    opinions: given.opinions,
  };
}

const rank = (effect: Effect) => EFFECTS.indexOf(effect);
const worst = (impact: readonly Impact[]) => Math.max(...impact.map(({ effect }) => rank(effect)));

/** The worst that is said of each resource, by the name that its line begins with. */
function byResource(impact: readonly Impact[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { detail, effect } of impact) {
    const name = /^[\w/]+: /.exec(detail)?.[0] ?? 'stack';
    found.set(name, Math.max(found.get(name) ?? 0, rank(effect)));
  }
  return found;
}

const base = fc.subarray(IDS.slice(0, 4), { minLength: 1 }).chain((ids) => fc.tuple(...ids.map((id) => changeOf(id))));
const more = fc.constantFrom('E', 'F').chain((id) => changeOf(id));

test('a change more never makes a plan milder, nor what it says of any resource', () => {
  fc.assert(
    fc.property(around, base, more, fc.nat(4), (given, changes, extra, place) => {
      const plan = (list: Changes) =>
        planChangeSet({
          stored: { stack_name: 'app' },
          knowledge: KNOWLEDGE,
          tagRules: NO_RULES,
          levels: [levelOf(given, list, [])],
        }).impact;
      const longer = [...changes.slice(0, place), extra, ...changes.slice(place)];
      const [before, after] = [plan(changes), plan(longer)];
      expect(worst(after)).toBeGreaterThanOrEqual(worst(before));
      const now = byResource(after);
      for (const [name, effect] of byResource(before)) expect(now.get(name) ?? -1, name).toBeGreaterThanOrEqual(effect);
    }),
    { numRuns: bounded('generated change sets with one change more', 3_000, 300) },
  );
});

test('nor does a nested stack whose changes are listed too', () => {
  fc.assert(
    fc.property(around, base, around, base, (given, changes, inner, below) => {
      const root = levelOf(given, changes, []);
      const plan = (levels: readonly [Level, ...Level[]]) =>
        worst(
          planChangeSet({ stored: { stack_name: 'app' }, knowledge: KNOWLEDGE, tagRules: NO_RULES, levels }).impact,
        );
      expect(plan([root, levelOf(inner, below, ['Outer'])])).toBeGreaterThanOrEqual(plan([root]));
    }),
    { numRuns: bounded('generated nested change sets', 1_000, 150) },
  );
});

test('an opinion more never makes a plan milder', () => {
  fc.assert(
    fc.property(around, base, opinion, (given, changes, extra) => {
      const plan = (opinions: readonly Opinion[]) =>
        worst(
          planChangeSet({
            stored: { stack_name: 'app' },
            knowledge: KNOWLEDGE,
            tagRules: NO_RULES,
            levels: [{ ...levelOf(given, changes, []), opinions }],
          }).impact,
        );
      expect(plan([...given.opinions, extra])).toBeGreaterThanOrEqual(plan(given.opinions));
    }),
    { numRuns: bounded('generated opinions', 1_000, 150) },
  );
});
