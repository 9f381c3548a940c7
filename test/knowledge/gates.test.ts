import { expect, test } from 'vitest';
import { gates } from '../../tools/cloudformation/deployment/effects/rules/gates.ts';
import type { Place } from '../../tools/cloudformation/deployment/effects/rules/place.ts';
import type { Rule } from '../../tools/cloudformation/knowledge/language.ts';

/* What holds up what comes after it, and what it takes to get past it: an approval, a check, a wait for an answer. */

type Kind = Extract<Rule, { readonly flow: unknown }>['flow'];

const place = { before: ['P'], after: ['P'], resource: { isNew: false } } as unknown as Place;
const told = (kind: Kind, before: unknown, after: unknown) =>
  gates(kind, before as never, after as never, place).map(({ why }) => why);

const ask = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Next: 'Pay' };
const pay = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { f: 'pay' }, End: true };
const choose = {
  Type: 'Choice',
  Choices: [{ Variable: '$.a', NumericGreaterThan: 1000, Next: 'Ask' }],
  Default: 'Pay',
};
const machine = (StartAt: string, States: object) => ({ StartAt, States });
const asked = machine('Ask', { Ask: ask, Pay: pay });

test.each<[string, unknown, unknown]>([
  ['it starts after the question', asked, machine('Pay', { Ask: ask, Pay: pay })],
  ['the question goes', asked, machine('Pay', { Pay: pay })],
  [
    'it asks and does not wait',
    asked,
    machine('Ask', { Ask: { ...ask, Resource: 'arn:aws:states:::sqs:sendMessage' }, Pay: pay }),
  ],
  [
    'what fails goes on all the same',
    asked,
    machine('Ask', { Ask: { ...ask, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Pay' }] }, Pay: pay }),
  ],
  ['a step before it pays', asked, machine('Also', { Also: { ...pay, Next: 'Ask', End: false }, Ask: ask, Pay: pay })],
  [
    'the same is done first, under another name',
    asked,
    machine('New', { New: { ...pay }, Ask: { ...ask, Next: 'New' } }),
  ],
  ['a choice leads past it', asked, machine('C', { C: choose, Ask: ask, Pay: pay })],
  [
    'more is paid without asking',
    machine('C', { C: choose, Ask: ask, Pay: pay }),
    machine('C', {
      C: { ...choose, Choices: [{ ...choose.Choices[0], NumericGreaterThan: 9e9 }] },
      Ask: ask,
      Pay: pay,
    }),
  ],
  [
    'a limit no longer ends it',
    machine('C', { C: { ...choose, Choices: [{ ...choose.Choices[0], Next: 'No' }] }, No: { Type: 'Fail' }, Pay: pay }),
    machine('C', {
      C: { ...choose, Choices: [{ ...choose.Choices[0], NumericGreaterThan: 9e9, Next: 'No' }] },
      No: { Type: 'Fail' },
      Pay: pay,
    }),
  ],
  [
    'in a branch of its own',
    machine('All', { All: { Type: 'Parallel', Branches: [asked], End: true } }),
    machine('All', { All: { Type: 'Parallel', Branches: [machine('Pay', { Ask: ask, Pay: pay })], End: true } }),
  ],
  [
    'before all of a map',
    machine('Ask', {
      Ask: { ...ask, Next: 'Each' },
      Each: { Type: 'Map', ItemProcessor: machine('Pay', { Pay: pay }), End: true },
    }),
    machine('Each', {
      Each: { Type: 'Map', ItemProcessor: machine('Pay', { Pay: pay }), Next: 'Ask' },
      Ask: { ...ask, End: true },
    }),
  ],
  ['it is gone', asked, undefined],
  ['it can no longer be read', asked, '{{changeSet:KNOWN_AFTER_APPLY}}'],
  ['as text', JSON.stringify(asked), JSON.stringify(machine('Pay', { Ask: ask, Pay: pay }))],
  ['of what could not be read', '[hidden:secret]', '{}'],
])('a state machine: %s', (_, before, after) => {
  expect(told('states', before, after)).not.toEqual([]);
});

test.each<[string, unknown, unknown]>([
  [
    'a step more after it',
    asked,
    machine('Ask', { Ask: ask, Pay: { ...pay, End: false, Next: 'Tell' }, Tell: { Type: 'Pass', End: true } }),
  ],
  ['a check before it', asked, machine('Check', { Check: { Type: 'Pass', Next: 'Ask' }, Ask: ask, Pay: pay })],
  ['a second question', asked, machine('Ask', { Ask: ask, Pay: { ...ask, Next: 'Again' }, Again: pay })],
  ['nothing but a comment', asked, machine('Ask', { Ask: { ...ask, Comment: 'a' }, Pay: pay })],
  [
    'one that asked nobody',
    machine('Pay', { Pay: pay }),
    machine('Pay', { Pay: { ...pay, Parameters: { f: 'other' } } }),
  ],
  ['another order of what is written', asked, machine('Ask', { Pay: pay, Ask: ask })],
  ['new', undefined, asked],
])('nothing is said of a state machine: %s', (_, before, after) => {
  expect(told('states', before, after)).toEqual([]);
});

const approve = { name: 'ask', action: 'aws:approve', inputs: { Approvers: ['a', 'b'], MinRequiredApprovals: 2 } };
const stop = { name: 'stop', action: 'aws:changeInstanceState', inputs: { DesiredState: 'stopped' } };
const branch = {
  name: 'which',
  action: 'aws:branch',
  inputs: { Choices: [{ NextStep: 'ask', Variable: 'v', StringEquals: 'prod' }], Default: 'stop' },
};
const runbook = (...mainSteps: readonly object[]) => ({ schemaVersion: '0.3', mainSteps });

test.each<[string, unknown, unknown, boolean]>([
  [
    'one approves instead of two',
    runbook(approve, stop),
    runbook({ ...approve, inputs: { ...approve.inputs, MinRequiredApprovals: 1 } }, stop),
    true,
  ],
  ['the approval comes after', runbook(approve, stop), runbook(stop, approve), true],
  [
    'another step leads past it',
    runbook(approve, stop),
    runbook({ name: 'first', action: 'aws:sleep', nextStep: 'stop' }, approve, stop),
    true,
  ],
  [
    'a failure leads past it',
    runbook({ name: 'first', action: 'aws:sleep' }, approve, stop),
    runbook({ name: 'first', action: 'aws:sleep', onFailure: 'step:stop' }, approve, stop),
    true,
  ],
  [
    'it goes on where it is not approved',
    runbook(approve, stop),
    runbook({ ...approve, onFailure: 'Continue' }, stop),
    true,
  ],
  [
    'fewer are asked about',
    runbook(branch, approve, stop),
    runbook(
      { ...branch, inputs: { ...branch.inputs, Choices: [{ NextStep: 'ask', Variable: 'v', StringEquals: 'live' }] } },
      approve,
      stop,
    ),
    true,
  ],
  ['a text that cannot be followed', 'mainSteps:\n- action: aws:approve', 'mainSteps: []', true],
  ['a text in which nobody is asked', 'mainSteps:\n- action: aws:sleep', 'mainSteps: []', false],
  ['a step more', runbook(approve, stop), runbook(approve, stop, { name: 'more', action: 'aws:sleep' }), false],
  ['described', runbook(approve, stop), runbook({ ...approve, description: 'a' }, stop), false],
  [
    'commands alone',
    { schemaVersion: '2.2', mainSteps: [{ name: 'a', action: 'aws:runShellScript' }] },
    { schemaVersion: '2.2', mainSteps: [{ name: 'b', action: 'aws:runShellScript' }] },
    false,
  ],
  [
    'a build that waits for a person',
    {
      steps: [
        { name: 'ask', action: 'WaitForAction' },
        { name: 'b', action: 'BootstrapInstance' },
      ],
    },
    { steps: [{ name: 'b', action: 'BootstrapInstance' }] },
    true,
  ],
])('a runbook: %s', (_, before, after, isTold) => {
  expect(told('steps', before, after).length > 0).toBe(isTold);
});

const action = (Name: string, Category: string, RunOrder?: number, more = {}) => ({
  ...{ Name, ActionTypeId: { Category, Owner: 'AWS', Provider: 'X', Version: '1' }, ...more },
  ...(RunOrder === undefined ? {} : { RunOrder }),
});
const stages = (...all: readonly (readonly object[])[]) => all.map((Actions, at) => ({ Name: `s${at}`, Actions }));
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
])('a pipeline: %s', (_, before, after, isTold) => {
  expect(told('actions', before, after).length > 0).toBe(isTold);
});

test('a definition of more steps than anyone reads is not followed, and counts as the worst', () => {
  const many = Object.fromEntries(
    Array.from({ length: 600 }, (_, at) => [`S${at}`, { Type: 'Pass', Next: `S${at + 1}` }]),
  );
  const before = machine('Ask', { ...many, Ask: { ...ask, Next: 'S0' } });
  expect(told('states', before, machine('S0', many))).toEqual([expect.stringContaining("can't be followed")]);
});
