import { expect, test } from 'vitest';
import { gates } from '../../tools/cloudformation/deployment/effects/rules/gates.ts';
import type { Place } from '../../tools/cloudformation/deployment/effects/rules/place.ts';

/* What holds up what comes after it, in a pipeline: an approval, and the order in which its actions run. */

const place = { before: ['P'], after: ['P'], resource: { isNew: false } } as unknown as Place;

const action = (Name: string, Category: string, RunOrder?: number, more = {}) => ({
  ...{ Name, ActionTypeId: { Category, Owner: 'AWS', Provider: 'X', Version: '1' }, ...more },
  ...(RunOrder === undefined ? {} : { RunOrder }),
});
const stages = (...all: readonly (readonly object[])[]) => all.map((Actions, at) => ({ Name: `s${at}`, Actions }));
const to = (name: string, order: number, StackName: string, more = {}) =>
  action(name, 'Deploy', order, {
    ActionTypeId: { Category: 'Deploy', Provider: 'CloudFormation' },
    Configuration: { StackName, ...more },
  });
const built = (name: string, order: number) =>
  action(name, 'Build', order, {
    ActionTypeId: { Category: 'Build', Provider: 'CodeBuild' },
    Configuration: { ProjectName: 'p' },
  });
/** A new action that deploys beside the approval. */
const deployed = (StackName: string, more = {}) => stages([to('new', 1, StackName, more), ok, to('go', 2, 'prod')]);
const [ok, go] = [action('ok', 'Approval', 1), action('go', 'Deploy', 2)];

test.each<[string, unknown, unknown, boolean]>([
  ['beside the approval', stages([ok, go]), stages([ok, action('go', 'Deploy', 1)]), true],
  ['without an order it is the first', stages([ok, go]), stages([ok, action('go', 'Deploy')]), true],
  ['the approval after it', stages([ok, go]), stages([action('ok', 'Approval', 3), go]), true],
  ['a function that approves', stages([ok, go]), stages([action('ok', 'Invoke', 1), go]), true],
  [
    'an approval of someone else',
    stages([ok, go]),
    stages([{ ...ok, ActionTypeId: { ...ok.ActionTypeId, Owner: 'Custom' } }, go]),
    true,
  ],
  [
    'another test',
    stages([action('t', 'Test', 1, { Configuration: { ProjectName: 'a' } })]),
    stages([action('t', 'Test', 1, { Configuration: { ProjectName: 'b' } })]),
    true,
  ],
  [
    'an approval that may be skipped',
    stages([ok, go]),
    [{ ...stages([ok, go])[0], BeforeEntry: { Conditions: [{ Result: 'SKIP' }] } }],
    true,
  ],
  [
    'stages in another order',
    [
      { Name: 'a', Actions: [ok] },
      { Name: 'b', Actions: [go] },
    ],
    [
      { Name: 'b', Actions: [go] },
      { Name: 'a', Actions: [ok] },
    ],
    true,
  ],
  ['one after the other', stages([ok, action('go', 'Deploy', 1)]), stages([ok, go]), false],
  ['other numbers, the same order', stages([ok, go]), stages([ok, action('go', 'Deploy', 5)]), false],
  ['a number as text', stages([ok, go]), stages([ok, { ...go, RunOrder: '2' }]), false],
  ['what the approver reads', stages([ok, go]), stages([{ ...ok, Configuration: { CustomData: 'look' } }, go]), false],
  [
    'another build',
    stages([action('b', 'Build', 1, { Configuration: { ProjectName: 'a' } })]),
    stages([action('b', 'Build', 1, { Configuration: { ProjectName: 'b' } })]),
    false,
  ],
  ['an approval more', stages([go]), stages([action('ok', 'Approval', 1), go]), false],
  ['an approval more before it', stages([ok, go]), stages([action('first', 'Approval', 1), ok, go]), false],
  ['the same stack, by a new action', stages([ok, to('go', 2, 'prod')]), deployed('prod'), true],
  [
    'the same stack, by another template',
    stages([ok, to('go', 2, 'prod')]),
    deployed('prod', { TemplatePath: 'b' }),
    true,
  ],
  ['a stack that a variable names', stages([ok, to('go', 2, 'prod')]), deployed('#{Variables.Stack}'), true],
  ['a stack whose name is hidden', stages([ok, to('go', 2, 'prod')]), deployed('[hidden:name]'), true],
  ['another stack', stages([ok, to('go', 2, 'prod')]), deployed('test'), false],
  ['by what nobody knows', stages([ok, go]), stages([action('more', 'Deploy', 1, {}), ok, go]), true],
  [
    'the same stack, after the approval',
    stages([ok, to('go', 2, 'prod')]),
    stages([ok, to('go', 2, 'prod'), to('more', 3, 'prod')]),
    false,
  ],
  [
    'the same build, beside a build',
    stages([built('a', 1), built('b', 2)]),
    stages([built('a', 1), built('b', 2), built('c', 1)]),
    false,
  ],
])('a pipeline: %s', (_, before, after, isTold) => {
  expect(gates('actions', before as never, after as never, place).length > 0).toBe(isTold);
});
