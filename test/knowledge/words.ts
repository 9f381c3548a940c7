import type { Rule } from '../../tools/cloudformation/knowledge/language.ts';
import type { Verdict } from '../../tools/cloudformation/knowledge/verdict.ts';

/** Words whose verdict depends on the values. */
export type Word = Exclude<
  Extract<Rule, string>,
  Verdict | 'affects' | 'answers' | 'uses' | 'code' | 'steers' | 'instructs' | 'replaces' | 'secret' | 'stops'
>;

type Change = readonly [before: unknown, after: unknown, says?: Verdict];

const admin = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const everyone = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
const deletes = { Rules: [{ Status: 'Enabled', ExpirationInDays: 1 }] };
const operation = (security: unknown, summary = 'Orders') => ({
  openapi: '3.0.1',
  components: { securitySchemes: { iam: { 'x-amazon-apigateway-authtype': 'awsSigv4' } } },
  paths: { '/orders': { get: { security, summary } } },
});
const entries = (...names: readonly string[]) => names.map((name) => ({ Key: name, Value: 'v' }));

/** For each word that looks at values: changes that it calls worse, and those (without a verdict) that it doesn't. */
export const WORDS: Readonly<Record<Word, readonly Change[]>> = {
  protects: [
    [true, false, 'weaken'],
    [true, undefined, 'weaken'],
    [false, true],
    [undefined, false],
    [undefined, 'false'],
  ],
  'protects-by-default': [
    [true, false, 'weaken'],
    [undefined, false, 'weaken'],
    [false, true],
    [false, undefined],
  ],
  endangers: [
    [false, true, 'weaken'],
    [undefined, true, 'weaken'],
    [true, false],
    [true, undefined],
  ],
  'endangers-by-default': [
    [false, true, 'weaken'],
    [false, undefined, 'weaken'],
    [true, false],
    [undefined, false],
  ],
  retains: [
    [70, 10, 'weaken'],
    [70, undefined, 'weaken'],
    [10, 70],
    [undefined, 10],
  ],
  expires: [
    [70, 10, 'delete'],
    [undefined, 70, 'delete'],
    [10, 70],
    [70, undefined],
  ],
  capacity: [
    [70, 10, 'disrupt'],
    [70, undefined, 'disrupt'],
    [10, 70],
  ],
  limits: [
    [70, 10, 'disrupt'],
    [undefined, 70, 'disrupt'],
    [10, 70],
    [70, undefined],
  ],
  throttles: [
    [70, 10, 'disrupt'],
    [undefined, 70, 'disrupt'],
    [10, 70, 'weaken'],
    [70, undefined, 'weaken'],
  ],
  runs: [
    [true, false, 'disrupt'],
    [true, undefined, 'disrupt'],
    [false, true],
    [undefined, false],
  ],
  'runs-by-default': [
    [true, false, 'disrupt'],
    [undefined, false, 'disrupt'],
    [false, true],
    [false, undefined],
  ],
  opens: [
    [false, true, 'expose'],
    [undefined, true, 'expose'],
    [true, false, 'disrupt'],
    [undefined, false],
  ],
  'opens-by-default': [
    [false, true, 'expose'],
    [false, undefined, 'expose'],
    [true, false, 'disrupt'],
    [undefined, true],
  ],
  fences: [
    [true, false, 'expose'],
    [true, undefined, 'expose'],
    [false, true],
    [undefined, false],
  ],
  'fences-by-default': [
    [true, false, 'expose'],
    [undefined, false, 'expose'],
    [false, true],
    [false, undefined],
  ],
  tags: [
    [entries('a', 'b'), entries('a'), 'weaken'],
    [entries('a'), entries('b'), 'weaken'],
    [entries('a', 'b'), entries('b', 'a')],
  ],
  acts: [
    ['theirs', 'another', 'disrupt'],
    [['theirs', 'another'], ['theirs'], 'disrupt'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ],
  'writes-to': [
    ['theirs', 'another', 'expose'],
    ['theirs', undefined],
    [undefined, 'theirs'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ],
  takes: [
    ['theirs', 'another', 'disrupt'],
    [undefined, 'arn:aws:sqs:eu-west-1:123456789012:theirs', 'delete'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ],
  tells: [
    ['arn:aws:sqs:eu-west-1:123456789012:a', 'arn:aws:sqs:eu-west-1:123456789012:b', 'disrupt'],
    ['arn:aws:sqs:eu-west-1:123456789012:a', undefined, 'disrupt'],
    [undefined, 'someone@example.com', 'expose'],
    [undefined, '+49 30 123456', 'expose'],
    [undefined, 'https://example.com/a@b.example', 'disrupt'],
  ],
  notifies: [
    [['theirs', 'another'], ['theirs'], 'weaken'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ],
  'acts-as': [
    ['theirs', 'another', 'expose'],
    ['theirs', undefined, 'expose'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ],
  reads: [
    [undefined, 'theirs', 'expose'],
    ['theirs', 'another', 'expose'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ],
  schedule: [
    ['rate(5 minutes)', 'rate(1 hour)', 'disrupt'],
    ['rate(1 hour)', undefined, 'disrupt'],
    ['rate(1 hour)', 'rate(5 minutes)', 'disrupt'],
    ['rate(1 hour)', 'rate(15 minutes)'],
    ['rate(10 minutes)', 'rate(1 minute)'],
  ],
  sifts: [
    [undefined, { Filters: [{ Pattern: 'a' }] }, 'delete'],
    [{ Filters: [{ Pattern: 'a' }, { Pattern: 'b' }] }, { Filters: [{ Pattern: 'a' }] }, 'delete'],
    [{ Filters: [{ Pattern: 'a' }] }, { Filters: [{ Pattern: 'b' }] }, 'delete'],
    [{ Filters: [{ Pattern: 'a' }] }, { Filters: [{ Pattern: 'a' }, { Pattern: 'b' }] }, 'disrupt'],
    [{ Filters: [{ Pattern: 'a' }] }, undefined, 'disrupt'],
  ],
  delays: [
    [10, 70, 'weaken'],
    [10, undefined, 'weaken'],
    [70, 10],
  ],
  guards: [
    ['if (!user) return { statusCode: 401 };', 'return user;', 'expose'],
    ['return 1;', 'return 2;'],
  ],
  serves: [
    ['5', '1', 'disrupt'],
    ['5', undefined, 'disrupt'],
  ],
  'passes-on': [
    ['https://a.example/x', 'https://b.example/x', 'expose'],
    ['https://a.example/x', 'https://a.example;@b.example/x', 'expose'],
    ['https://a.example/x', 'https://a.example/y'],
  ],
  waits: [
    [10, 70, 'disrupt'],
    [10, undefined, 'disrupt'],
    [70, 10],
  ],
  // In which direction it is met sooner, another property says.
  threshold: [[10, 70, 'weaken']],
  // Where no UpdatePolicy says that what runs stays; it stands beside the properties.
  rolls: [['a', 'b', 'replace']],
  'may-act': [
    ['a', 'arn:aws:sqs:eu-west-1:123456789012:theirs', 'disrupt'],
    ['a', 'b'],
  ],
  'may-pass-on': [
    ['https://a.example.com', 'https://b.example.net', 'expose'],
    ['https://a.example.com', 'https://a.example.com\\@b.example.net/', 'expose'],
    ['https://a.example.com', 'https://b.example.net\\@a.example.com/', 'expose'],
    ['mongodb://u;p@a.example.com', 'mongodb://u;p@a.example.com,b.example.net', 'expose'],
    [
      'jdbc:sqlserver://a.example.com;user=u@a.example.com;database=d',
      'jdbc:sqlserver://a.example.com;user=u@a.example.com',
    ],
    ['https://a.example.com/1', 'https://a.example.com/2'],
  ],
  permits: [[undefined, admin, 'expose']],
  admits: [[undefined, everyone, 'expose']],
  network: [],
  ages: [
    [undefined, deletes, 'delete'],
    [deletes, undefined],
  ],
  openapi: [
    [operation([{ iam: [] }]), operation([]), 'expose'],
    [operation([]), operation([{ iam: [] }]), 'disrupt'],
    [operation([]), operation([], 'All orders')],
  ],
  graphql: [
    ['type Query { a: Int b: Int }', 'type Query { a: Int }', 'disrupt'],
    ['type Query { a: Int }', 'type Query { a: Int b: Int }'],
  ],
};

const stage = (Name: string, ...actions: readonly (readonly [string, string, number])[]) => ({
  Name,
  Actions: actions.map(([name, Category, RunOrder]) => ({ Name: name, ActionTypeId: { Category }, RunOrder })),
});
const asks = { Type: 'Task', Resource: 'arn:aws:states:::sns:publish.waitForTaskToken', Next: 'Pay' };
const pays = { Type: 'Task', Resource: 'pay', End: true };
const runbook = (...mainSteps: readonly object[]) => ({ schemaVersion: '0.3', mainSteps });
const approve = { name: 'ask', action: 'aws:approve', inputs: { Approvers: ['a'] } };
const run = { name: 'run', action: 'aws:runCommand', inputs: {} };

interface FlowChange {
  readonly before: unknown;
  readonly after: unknown;
  readonly says: Verdict;
}

/** What is done one after the other: what no longer holds up what it did, and what still does. */
export const FLOWS: Readonly<Record<Extract<Rule, { readonly flow: unknown }>['flow'], readonly FlowChange[]>> = {
  actions: [
    {
      before: [stage('a', ['ok', 'Approval', 1], ['go', 'Deploy', 2])],
      after: [stage('a', ['ok', 'Approval', 1], ['go', 'Deploy', 1])],
      says: 'weaken',
    },
    {
      before: [stage('a', ['ok', 'Approval', 1], ['go', 'Deploy', 2])],
      after: [stage('a', ['ok', 'Invoke', 1], ['go', 'Deploy', 2])],
      says: 'weaken',
    },
    { before: undefined, after: [], says: 'modify' },
  ],
  states: [
    {
      before: { StartAt: 'Ask', States: { Ask: asks, Pay: pays } },
      after: { StartAt: 'Pay', States: { Ask: asks, Pay: pays } },
      says: 'weaken',
    },
    {
      before: { StartAt: 'Ask', States: { Ask: asks, Pay: pays } },
      after: { StartAt: 'Ask', States: { Ask: asks, Pay: { ...pays, Comment: 'pays' } } },
      says: 'modify',
    },
  ],
  steps: [
    { before: runbook(approve, run), after: runbook(run, approve), says: 'weaken' },
    { before: runbook(approve, run), after: runbook(approve, { ...run, inputs: { a: 1 } }), says: 'modify' },
  ],
  texts: [
    { before: { A: asks.Resource }, after: { A: 'arn:aws:states:::sns:publish' }, says: 'weaken' },
    { before: { B: 'b' }, after: { B: 'c' }, says: 'modify' },
  ],
};
