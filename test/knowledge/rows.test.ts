import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { expect, test } from 'vitest';
import { corpusPairs } from '../../docs/coverage.ts';
import { KNOWLEDGE } from '../../tools/cloudformation/knowledge/all.ts';

/*
 * What people wrote down about CloudFormation's types, against the specification that AWS publishes: a name that is
 * misspelt would judge nothing.
 */

const spec = loadAwsServiceSpecSync();

/**
 * Types that CloudFormation knows and the specification leaves out:
 * https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html
 */
const UNPUBLISHED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'AWS::CDK::Metadata': { Analytics: {} },
};

function propertiesInSpec(type: string): Readonly<Record<string, unknown>> | undefined {
  if (Object.hasOwn(UNPUBLISHED, type)) return UNPUBLISHED[type];
  return spec.lookup('resource', 'cloudFormationType', 'equals', type)[0]?.properties;
}

test('every type and property of a row is one of the published specification', () => {
  const unknown = [...KNOWLEDGE].flatMap(([type, { properties }]) => {
    const published = propertiesInSpec(type);
    if (!published) return [type];
    return Object.keys(properties).flatMap((name) => (Object.hasOwn(published, name) ? [] : [`${type} ${name}`]));
  });
  expect(unknown).toEqual([]);
});

test("every row names the page of AWS's template reference", () => {
  for (const [type, { page }] of KNOWLEDGE) expect(page, type).toMatch(/^aws-(resource|properties)-[a-z0-9-]+$/);
});

test('nothing that stores something counts as a mere tie', () => {
  expect([...KNOWLEDGE].flatMap(([type, { holds, tie }]) => (holds && tie ? [type] : []))).toEqual([]);
});

test('every type and property that occurs in the templates of others was judged', () => {
  const unjudged = corpusPairs().filter(([type, property]) => {
    const row = KNOWLEDGE.get(type);
    return !row || (property !== '' && !Object.hasOwn(row.properties, property));
  });
  expect(unjudged).toEqual([]);
});
