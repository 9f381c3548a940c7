import { expect, test } from 'vitest';
import { planOrCode } from './answered.ts';

/*
 * A change in place, that AWS's own specification says can't be one: the value comes from a parameter, so that the two
 * templates are the same, and nobody has judged the property.
 */

const TYPE = 'AWS::Deadline::Limit';

async function effectOf(name: string) {
  const template = {
    Parameters: { Value: { Type: 'String' } },
    Resources: { Limit: { Type: TYPE, Properties: { [name]: { Ref: 'Value' } } } },
  };
  const Target = { Attribute: 'Properties', Name: name, RequiresRecreation: 'Never', Path: `/Properties/${name}` };
  const change = {
    ...{ Action: 'Modify', LogicalResourceId: 'Limit', PhysicalResourceId: 'limit-1', ResourceType: TYPE },
    ...{ Replacement: 'False', Scope: ['Properties'] },
    Details: [
      { Target, Evaluation: 'Static', ChangeSource: 'ParameterReference', CausingEntity: 'Value' },
      { Target, Evaluation: 'Dynamic', ChangeSource: 'DirectModification' },
    ],
    BeforeContext: JSON.stringify({ Properties: { [name]: 'a' } }),
    AfterContext: JSON.stringify({ Properties: { [name]: 'b' } }),
  };
  const plan = await planOrCode({
    changes: [{ Type: 'Resource', ResourceChange: change }],
    resources: [
      {
        ...{ LogicalResourceId: 'Limit', PhysicalResourceId: 'limit-1', ResourceType: TYPE },
        ...{ ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: '2026-01-01T00:00:00Z' },
      },
    ],
    stack: { Parameters: [{ ParameterKey: 'Value', ParameterValue: 'a' }] },
    answer: { Parameters: [{ ParameterKey: 'Value', ParameterValue: 'b' }] },
    ...{ before: template, after: template, parameters: { Value: 'b' } },
  });
  if (typeof plan === 'string') throw new Error(plan);
  return plan.impact.filter(({ detail }) => detail.startsWith('Limit: ')).map(({ effect }) => effect);
}

test('B9: no property that always replaces is believed to change in place', async () => {
  expect(await effectOf('AmountRequirementName')).toEqual(['replace']);
});

test('B9: one that changes in place stays as it was', async () => {
  expect(await effectOf('Description')).toEqual(['unjudged']);
});
