// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is read here is CloudFormation's own.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTemplate } from '../../src/aws/template/document.ts';
import { writtenOut } from '../../src/aws/template/loops.ts';
import { workingsOf } from '../../src/aws/template/worked-out.ts';
import { expandLoops } from '../../src/sandbox/template/expand.ts';
import { isObject, type Json, type JsonObject } from '../../src/sandbox/template/json.ts';
import { conditionHolds, newWork, resolve, type Scope, sameValue } from '../../src/sandbox/template/resolve.ts';
import { parseText } from '../../src/sandbox/template/text.ts';
import { ApiFailure } from '../../src/sandbox/wire/failure.ts';
import { bounded } from '../scenes/bounded.ts';

/*
 * What a plan takes for sure, the cloud makes of the same text: wherever the two differ, it must have said that it
 * doesn't know. The attacker writes the template, and looks for a value that is one here and another one there.
 */

const STACK = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/0f1e';
const GIVEN = { Mode: 'on', Size: '8', Many: 'a, b,8', Looked: '1', Pin: 'a' };
/** What Systems Manager has, and what was given and isn't told. */
const IN_CLOUD = { ...GIVEN, Looked: 'b', Pin: 'secret' };
const PARAMETERS = `{ Mode: { Type: String }, Size: { Type: Number }, Many: { Type: CommaDelimitedList },
  Looked: { Type: 'AWS::SSM::Parameter::Value<String>' }, Pin: { Type: String, NoEcho: true } }`;
const MAPPINGS = `{ M: { a: { k: on, l: [a, 010], t: '8' }, b: { k: 1.10, t: x } }, Odd: { 010: { k: a }, a: { k: b } } }`;

const scalar = fc.constantFrom(
  ...['a', 'b', 'k', "'on'", 'on', 'yes', "'1'", '0', '1', '8', '"010"', '010', '1.10', '1.1', '"1.1"', 'true', 'True'],
  ...["'true'", '~', '""', '2012-10-17', '1e2', '100', '-0', '1_0', '1:30', "'{{resolve:ssm:x}}'", "'8'", '-1', '0.5'],
);
const named = fc.constantFrom('Mode', 'Size', 'Many', 'Looked', 'Pin', 'Topic', 'AWS::Region', 'AWS::NoValue', 'on');
const conditionName = fc.constantFrom('A', 'B', 'C', "'A'", 'Nothing');
const call = (name: string, ...parts: readonly string[]) => `{ "Fn::${name}": [${parts.join(', ')}] }`;

const { value, condition } = fc.letrec<{ value: string; list: string; condition: string }>((tie) => {
  const [one, list, test] = [tie('value'), tie('list'), tie('condition')];
  return {
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      scalar,
      named.map((name) => `{ Ref: ${name} }`),
      fc.tuple(one, list).map((parts) => call('Select', ...parts)),
      fc.tuple(fc.constantFrom('"-"', '""', '1'), list).map((parts) => call('Join', ...parts)),
      fc.constantFrom('Mode', 'Size', 'AWS::Region', 'Pin', 'x').map((name) => `{ "Fn::Sub": "a-\${${name}}" }`),
      one.map((inner) => `{ "Fn::Sub": ["\${x}-\${!x}", { x: ${inner} }] }`),
      fc.tuple(conditionName, one, one).map((parts) => call('If', ...parts)),
      fc.tuple(fc.constantFrom('M', 'Odd'), one, one).map((parts) => call('FindInMap', ...parts)),
      list.map((inner) => `{ "Fn::Length": ${inner} }`),
      one.map((inner) => `{ "Fn::Base64": ${inner} }`),
      one.map((inner) => `{ "Fn::ImportValue": ${inner} }`),
      one.map((inner) => `{ x: ${inner}, "y": 1 }`),
      test.map((inner) => inner),
    ),
    list: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fc.array(one, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc.tuple(fc.constantFrom('"-"', '","'), one).map((parts) => call('Split', ...parts)),
      fc.constantFrom('{ Ref: Many }', call('FindInMap', 'M', 'a', 'l')),
      fc.tuple(conditionName, list, list).map((parts) => call('If', ...parts)),
    ),
    condition: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fc.tuple(one, one).map((parts) => call('Equals', ...parts)),
      test.map((inner) => call('Not', inner)),
      fc.tuple(test, test).map((parts) => call('And', ...parts)),
      fc.tuple(test, test).map((parts) => call('Or', ...parts)),
      conditionName.map((name) => `{ Condition: ${name} }`),
    ),
  };
});

function objects(from: Json | undefined): Record<string, JsonObject> {
  return Object.fromEntries(Object.entries(from ?? {}).filter(([, one]) => isObject(one)));
}

function cloudOf(document: JsonObject): Scope {
  return {
    template: {
      ...{ body: '', processed: '', description: undefined, metadata: undefined },
      parameters: objects(document.Parameters),
      mappings: objects(document.Mappings),
      conditions: document.Conditions as JsonObject,
      resources: new Map(),
      outputs: {},
    },
    parameters: new Map(Object.entries(IN_CLOUD)),
    pseudo: { 'AWS::Region': 'eu-west-1' },
    work: newWork(),
    masked: false,
    tolerant: false,
    ref: (id) => (id === 'Topic' ? 'arn:topic' : undefined),
    attribute: () => 'attribute',
    exported: (name) => `export-of-${name}`,
    outputOf: () => 'output',
  };
}

/** What the cloud makes of it; `refused` where it refuses the template, as AWS would. */
function attempt<T>(what: () => T): { readonly value: T } | 'refused' {
  try {
    return { value: what() };
  } catch (error) {
    if (error instanceof ApiFailure) return 'refused';
    throw error;
  }
}

/** Is all of it known? */
function isSure(found: unknown): boolean {
  return typeof found !== 'object' || (found !== null && Object.values(found).every(isSure));
}

function valuesIn(template: unknown): readonly unknown[] {
  return (template as { readonly Outputs: { readonly Out: { readonly Value: readonly unknown[] } } }).Outputs.Out.Value;
}

test('wherever the cloud makes something else of a value, it was not known', () => {
  const runs = bounded('generated values of templates', 20_000, 400);
  let sure = 0;
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 12 }),
      condition,
      condition,
      condition,
      (values, a, b, c) => {
        const text = `Parameters: ${PARAMETERS}
Mappings: ${MAPPINGS}
Conditions: { A: ${a}, B: ${b}, C: ${c} }
Outputs: { Out: { Value: [${values.join(', ')}] } }
`;
        const template = parseTemplate(text, 1_000_000);
        const workings = workingsOf(template, { stack_id: STACK, values: { ...GIVEN, Pin: null } });
        const document = parseText(text) as JsonObject;
        const found = valuesIn(template).map((one) => workings.value(one));
        for (const [at, one] of valuesIn(document).entries()) {
          const outcome = attempt(() => resolve(one as Json, cloudOf(document)));
          if (outcome === 'refused' || !isSure(found[at])) continue;
          sure += 1;
          const told = `${values[at]} in ${text}${JSON.stringify([found[at], outcome])}`;
          expect(sameValue(found[at] as Json | undefined, outcome.value), told).toBe(true);
        }
        for (const name of ['A', 'B', 'C']) {
          const holds = workings.holds(name);
          const real = attempt(() => conditionHolds(name, cloudOf(document)));
          if (holds !== undefined && real !== 'refused') expect(holds, `${name} ${text}`).toBe(real.value);
        }
      },
    ),
    { numRuns: runs },
  );
  // Of what is never known nothing could differ.
  expect(sure).toBeGreaterThan(runs);
});

const item = fc.constantFrom('a', 'k', 'on', 'ode', 'M', 'Ref', "'{Mode}'", "'$'", "'a.b'");
/** Where a loop puts its text in, and where it looks like that. */
const putIn = fc.constantFrom(
  ...['"${N}"', '"x-${N}"', '"&{N}"', '{ Ref: N }', '{ Ref: "${N}" }', '{ "Fn::Sub": "${M${N}}" }', '"$${N}"'],
  ...['{ "Fn::Sub": "$${N}" }', '{ "Fn::Sub": "${N}-${!N}-${Mode}" }', '{ "${N}": Mode }', '{ "x${N}": a }'],
  ...[
    '{ "Fn::Sub": ["${N}", { N: b }] }',
    '{ "Fn::FindInMap": ["${N}", a, k] }',
    '{ "Fn::FindInMap": [M, a, "${N}"] }',
  ],
  ...['{ "Fn::Join": ["${N}", [a, "&{N}"]] }', '"${ N }"', '{ "Fn::Sub": "${ N }" }', '"${A${N}}"'],
);

test('of what a loop makes nothing else was known, whether it could be written out or not', () => {
  const runs = bounded('generated loops', 10_000, 300);
  let sure = 0;
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 2 }),
      fc.array(fc.oneof(putIn, value), { minLength: 1 }),
      (items, values) => {
        const text = `Parameters: ${PARAMETERS}
Mappings: ${MAPPINGS}
Conditions: { A: { "Fn::Equals": [a, a] } }
Outputs: { "Fn::ForEach::L": [N, [${items.join(', ')}], { "Out\${N}": { Value: [${values.join(', ')}] } }] }
`;
        const template = parseTemplate(text, 1_000_000);
        const given = { stack_id: STACK, values: { ...GIVEN, Pin: null } };
        const cloud = attempt(() => expandLoops(parseText(text) as JsonObject, GIVEN));
        if (cloud === 'refused') return;
        const body = (template as { readonly Outputs: { readonly [loop: string]: readonly unknown[] } }).Outputs;
        const [, , bodyOf] = body['Fn::ForEach::L'] ?? [];
        const out = writtenOut(template, () => undefined);
        const outputs = Object.entries(objects(cloud.value.Outputs));
        for (const [id, { Value: made }] of outputs) {
          const readings: (readonly [ReturnType<typeof workingsOf>, unknown])[] = [
            [workingsOf(template, given), Object.values(bodyOf as object)[0]],
            [workingsOf(out, given), (out.Outputs as { readonly [id: string]: unknown })[id]],
          ];
          for (const [workings, output] of readings)
            for (const [at, one] of ((output as { readonly Value?: readonly unknown[] })?.Value ?? []).entries()) {
              const found = workings.value(one);
              const outcome = attempt(() => resolve((made as readonly Json[])[at] as Json, cloudOf(cloud.value)));
              if (outcome === 'refused' || !isSure(found)) continue;
              sure += 1;
              const told = `${id} ${values[at]} in ${text}${JSON.stringify([found, outcome])}`;
              expect(sameValue(found as Json | undefined, outcome.value), told).toBe(true);
            }
        }
      },
    ),
    { numRuns: runs },
  );
  expect(sure).toBeGreaterThan(runs / 4);
});
