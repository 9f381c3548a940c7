import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, type Ran } from '../scenes/front-door.ts';

/** `policy scan` by the built command: what stacks act on of which nobody can tell whose it is. */

const ACCOUNT = '123456789012';
const LISTENER = `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:listener/app/old/50dc6c495c0c9188/f2f7dc8efc522ab2`;
const ELSEWHERE = 'arn:aws:events:eu-west-1:999988887777:event-bus/theirs';

/** What a template may call a thing, to be pasted by someone who reads only its beginning. */
const FORGED = 'x", environment: sandbox }\n  - { id: "*';
/** As it is called once it is known that a bus is meant. */
const FORGED_ARN = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/${FORGED}`;
const WIDE = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/*`;

const INNER = 'https://templates.example/inner.json';
const OTHER = LISTENER.replace(/.$/, '3');

const rule = (arn: unknown) => ({
  Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  Properties: { ListenerArn: arn, Priority: 1, Conditions: [], Actions: [] },
});
const subscription = (arn: unknown) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: arn, Protocol: 'email', Endpoint: 'a@example.com' },
});
const target = (bus: unknown) => ({
  Type: 'AWS::Events::EventBusPolicy',
  Properties: { StatementId: 'x', EventBusName: bus, Action: 'events:PutEvents', Principal: ACCOUNT },
});

const WEB = {
  Parameters: { Listener: { Type: 'String' }, Mail: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/mail' } },
  Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'dev-alerts' } },
    Own: subscription({ Ref: 'Topic' }),
    Alerts: subscription({ 'Fn::ImportValue': 'alerts' }),
    Rule: rule({ Ref: 'Listener' }),
    Twice: rule({ 'Fn::If': ['Never', 'never', { 'Fn::Join': ['', [{ Ref: 'Listener' }]] }] }),
    LookedUp: subscription({ Ref: 'Mail' }),
    Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: INNER } },
    FromInner: rule({ 'Fn::GetAtt': ['Inner', 'Outputs.Listener'] }),
  },
};
const SHOP = {
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'prod-alerts' } },
    Rule: rule(LISTENER),
    Theirs: target(ELSEWHERE),
    Forged: target(FORGED),
    Wide: target(WIDE),
  },
  Outputs: { Alerts: { Value: { Ref: 'Topic' }, Export: { Name: 'alerts' } } },
};

let cloud: Cloud;
let place: Place;
let whole: Ran;
let data: any;
let counted: number;

beforeAll(async () => {
  cloud = await startCloud({
    templates: {
      [INNER]: {
        Resources: { Rule: rule(LISTENER) },
        Outputs: { Listener: { Value: OTHER } },
      },
    },
    stacks: [
      { name: 'prod-shop', template: SHOP, tags: { env: 'production' } },
      { name: 'dev-web', template: WEB, parameters: { Listener: LISTENER } },
    ],
  });
  place = makePlace({ endpoint: cloud.endpoint });
  const before = (await cloud.requests()).length;
  data = await place.json(['policy', 'scan']);
  counted = (await cloud.requests()).length - before;
  whole = await place.cli(['policy', 'scan']);
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

describe('policy scan', () => {
  test('names what stacks act on of which nobody can tell whose it is, once, and who names it', () => {
    const of = new Map<string, any>(data.unknown_owner.map((one: any) => [one.id, one]));
    expect([...of.keys()].sort()).toEqual([ELSEWHERE, LISTENER, OTHER, FORGED_ARN, WIDE].sort());
    expect(of.get(LISTENER)).toMatchObject({
      type: 'AWS::ElasticLoadBalancingV2::Listener',
      environment: 'production',
      because: 'no stack has it, and AWS tells no tags of it',
      known: `{ id: "${LISTENER}", environment: production }`,
      named_by: [
        { stack: expect.stringMatching(/^dev-web-Inner-/), path: 'Rule.ListenerArn', how: 'acts on' },
        { stack: 'dev-web', path: 'Rule.ListenerArn', how: 'acts on' },
        { stack: 'dev-web', path: 'Twice.ListenerArn', how: 'acts on' },
        { stack: 'prod-shop', path: 'Rule.ListenerArn', how: 'acts on' },
      ],
    });
    expect(of.get(ELSEWHERE).because).toBe('it is not in this account and region');
    expect(data).toMatchObject({ account: ACCOUNT, region: 'eu-west-1', stacks: 3, unread: [], settled: 0 });
  });

  test('says what only AWS resolves: the value of a parameter of Systems Manager', () => {
    expect(data.unreadable).toEqual([{ stack: 'dev-web', path: 'LookedUp.TopicArn', how: 'acts on' }]);
  });

  test('prints a fragment of a configuration that only known: is in, whatever a template calls things', async () => {
    expect(whole.code).toBe(0);
    const { known, ...more } = parse(whole.stdout);
    expect(more).toEqual({});
    expect(known).toEqual([LISTENER, OTHER, ELSEWHERE].map((id) => ({ id, environment: 'production' })));
    const notes = whole.stdout.split('\n').filter((line) => /^ *#/.test(line));
    expect(notes.every((line) => line.length <= 100)).toBe(true);
  });

  test('has nothing more to say of what its lines settle', async () => {
    await using settled = makePlace({ endpoint: cloud.endpoint, config: whole.stdout });
    const after = await settled.json(['policy', 'scan']);
    expect(after.settled).toBe(3);
    expect(after.unknown_owner.map(({ id, known }: any) => [id, known])).toEqual([
      [WIDE, null],
      [FORGED_ARN, null],
    ]);
  });

  test('counts its requests, and only reads', async () => {
    expect(data.requests).toBe(counted);
    const asked = new Set((await cloud.requests()).map(({ action }) => action));
    expect([...asked].filter((action) => !/^(Get|List|Describe)/.test(action))).toEqual([]);
  });

  test('--stack reads one, and those nested in it', async () => {
    const one = await place.json(['policy', 'scan', '--stack', 'dev-web']);
    expect(one).toMatchObject({ stacks: 2, unknown_owner: [{ id: LISTENER }, { id: OTHER }] });
    const none = await place.cli(['policy', 'scan', '--stack', 'dev-none']);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no stack dev-none here') });
  });

  test('says which stacks it could not read, and fails', async () => {
    await cloud.fault({
      action: 'ListStackResources',
      mode: 'error_before',
      code: 'AccessDenied',
      status: 403,
      times: 1,
    });
    const ran = await place.cli(['policy', 'scan', '--json']);
    expect(ran.code).toBe(1);
    const { stacks, unread } = JSON.parse(ran.stdout);
    expect({ stacks, unread }).toEqual({
      stacks: 2,
      unread: [{ stack: expect.stringContaining(':stack/'), why: expect.stringContaining('ListStackResources') }],
    });
  });

  test('says which look-up was refused, where that is why nobody can tell', async () => {
    await cloud.fault({
      action: 'GetResources',
      mode: 'error_before',
      code: 'AccessDeniedException',
      status: 403,
      times: 1,
    });
    const { stdout } = await place.cli(['policy', 'scan']);
    expect(stdout).toContain('# Some could not be asked: tag:GetResources: AccessDeniedException');
  });

  test('does not scan the cloud within another process', async () => {
    expect(await place.cli(['policy', 'scan', '--sandbox'])).toMatchObject({ code: 2 });
  });
});
