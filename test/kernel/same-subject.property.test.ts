import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiJson } from '../../src/kernel/plan.ts';
import { isAboutTheSame, type Subject, signsOf } from '../../src/kernel/same-subject.ts';
import type { Target } from '../../src/kernel/target.ts';

/* What is looked for in stored plans may find too much, and never too little: what isn't found begins beside it. */

const name = fc.constantFrom('shop', 'shop-2', 'a "quoted" one', 'back\\slash', 'é\u2028\u0001', '😀', 'i-1');
const target: fc.Arbitrary<Target> = fc
  .record({
    id: name,
    name,
    type: fc.constant('AWS::X::Y'),
    tags: fc.constant({}),
    reached: fc.option(fc.constantFrom('acts on' as const, 'acts as' as const), { nil: undefined }),
    stack_name: fc.option(name, { nil: undefined }),
    volume_name: fc.option(name, { nil: undefined }),
  })
  .map((drawn) => JSON.parse(JSON.stringify(drawn)));
const subject: fc.Arbitrary<Subject> = fc.record({
  agent: fc.constantFrom('claude', 'another'),
  tool: fc.constantFrom('ec2_run_instances', 'ec2_stop_instances'),
  account: fc.constant('123456789012'),
  region: fc.constant('eu-west-1'),
  arguments: fc.record({ n: fc.integer({ min: 0, max: 1 }) }),
  targets: fc.array(target, { maxLength: 3 }),
  effects: fc.constantFrom<Subject['effects']>(['create'], ['delete']),
  impact: fc.array(fc.record({ resource: name }), { maxLength: 2 }),
  created_at: fc.constant('2026-01-02T03:04:05.678Z'),
});
const state = fc.constantFrom('executing' as const, 'unknown' as const);

function finds(call: Subject, other: Subject): boolean {
  const signs = signsOf(call);
  return 'tool' in signs ? other.tool === signs.tool : signs.names.some((sign) => asciiJson(other).includes(sign));
}

test('of two that are about the same, each has the signs of the other', () => {
  let same = 0;
  fc.assert(
    fc.property(subject, subject, state, (call, other, as) => {
      if (!isAboutTheSame(call, { ...other, state: as })) return;
      same += 1;
      expect(finds(call, other)).toBe(true);
    }),
    { numRuns: 3000 },
  );
  expect(same).toBeGreaterThan(300);
});

test('of what names nothing that a plan has, none is read', () => {
  const one = { type: 'AWS::EC2::Instance', tags: {} };
  const [call, other] = fc.sample(fc.tuple(subject, subject), 1)[0] ?? [];
  expect(
    finds(
      { ...call!, effects: ['delete'], targets: [{ ...one, id: 'i-77', name: 'i-77' }] },
      { ...other!, targets: [{ ...one, id: 'i-78', name: 'i-78' }] },
    ),
  ).toBe(false);
});
