import { expect, test } from 'vitest';
import { gates } from '../../tools/cloudformation/deployment/effects/rules/gates.ts';
import type { Place } from '../../tools/cloudformation/deployment/effects/rules/place.ts';
import type { Rule } from '../../tools/cloudformation/knowledge/language.ts';

/* What holds up what comes after it, and what it takes to get past it: an approval, a check, a wait for an answer. */

type Kind = Extract<Rule, { readonly flow: unknown }>['flow'];

const place = { before: ['P'], after: ['P'], resource: { isNew: false } } as unknown as Place;
const told = (kind: Kind, before: unknown, after: unknown, within = place) =>
  gates(kind, before as never, after as never, within).map(({ why }) => why);

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

/** A definition whose texts are put in. */
const toldOf = (definition: object | string, before: object, after: object) => {
  const having = (DefinitionSubstitutions: object) => ({ DefinitionSubstitutions, DefinitionString: definition });
  const resource = { isNew: false, before: having(before), after: having(after) };
  return told('texts', before, after, { ...place, resource } as unknown as Place);
};
const filled = machine(`\${Start}`, { Ask: { ...ask, Resource: `\${How}` }, Pay: pay });
const asking = { Start: 'Ask', How: ask.Resource, Table: 'a' };
const limited = JSON.stringify(machine('C', { C: { ...choose, Choices: ['RULE'] }, Ask: ask, Pay: pay })).replace(
  '"RULE"',
  `{"Variable":"$.a","NumericGreaterThan":\${Most},"Next":"Ask"}`,
);

test.each<[string, object | string, object, object, boolean]>([
  ['it starts after the question', filled, asking, { ...asking, Start: 'Pay' }, true],
  ['it does not wait', filled, asking, { ...asking, How: 'arn:aws:states:::sqs:sendMessage' }, true],
  ['in a text', JSON.stringify(filled), asking, { ...asking, Start: 'Pay' }, true],
  ['more is paid without asking', limited, { Most: 1000 }, { Most: 9e9 }, true],
  [
    'how it waits is known only afterwards',
    filled,
    asking,
    { ...asking, How: '{{changeSet:KNOWN_AFTER_APPLY}}' },
    true,
  ],
  ['what may end the text', filled, asking, { ...asking, Table: 'a', Start: 'Ask", "A": "' }, true],
  ['they are gone', filled, asking, {}, true],
  ['what is put in nowhere', filled, asking, { ...asking, Table: 'b' }, false],
  [
    'a text in the same place',
    machine('Pay', { Pay: { ...pay, Parameters: { f: `\${F}` } } }),
    { F: 'a' },
    { F: 'b' },
    false,
  ],
  ['of a definition that is elsewhere', '', { How: ask.Resource }, { How: 'arn:aws:states:::sqs:sendMessage' }, true],
])('texts of a state machine: %s', (_, definition, before, after, isTold) => {
  expect(toldOf(definition, before, after).length > 0).toBe(isTold);
});

const check = { ...choose, Choices: [{ ...choose.Choices[0], Next: 'No' }] };
const checked = (StartAt: string, States: object) => ({
  ...machine(StartAt, { ...States, No: { Type: 'Fail' }, Pay: pay }),
  Comment: `\${Note}`,
});

test.each(['C:\\orders', 'as "agreed"', `\${Other}`])('a check goes beside a text that may end another: %s', (Note) => {
  const [before, after] = [checked('Check', { Check: check }), checked('Pay', {})];
  const resource = {
    isNew: false,
    before: { DefinitionSubstitutions: { Note } },
    after: { DefinitionSubstitutions: { Note } },
  };
  const within = { ...place, resource } as unknown as Place;
  expect(told('states', before, after, within)).toEqual([expect.stringContaining("can't be followed")]);
  // Where it is put in nowhere, it is followed.
  expect(told('states', { ...before, Comment: '' }, { ...before, Comment: 'a' }, within)).toEqual([]);
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

test('a definition of more steps than anyone reads is not followed, and counts as the worst', () => {
  const many = Object.fromEntries(
    Array.from({ length: 600 }, (_, at) => [`S${at}`, { Type: 'Pass', Next: `S${at + 1}` }]),
  );
  const before = machine('Ask', { ...many, Ask: { ...ask, Next: 'S0' } });
  expect(told('states', before, machine('S0', many))).toEqual([expect.stringContaining("can't be followed")]);
});
