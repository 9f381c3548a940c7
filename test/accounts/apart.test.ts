import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, entry, LAB, SEED, SHOP, twoAccounts } from '../scenes/accounts.ts';
import { fasterClock } from '../scenes/clock.ts';
import type { Cloud } from '../scenes/cloud.ts';
import { type Agent, approve, makePlace, type Place, REASON, stop, TAKES_KEY, until } from '../scenes/front-door.ts';
import { type Gateway, startGateway } from '../scenes/gateway.ts';
import { done, enroll } from '../scenes/here.ts';
import { OF_STORE } from '../scenes/postgres.ts';
import { events } from '../scenes/state.ts';

/** Two accounts in which the same things have the same names: what is known, asked or decided of one is its own. */

const topic = (name: string) => ({
  Type: 'AWS::SNS::Topic',
  DeletionPolicy: 'Delete',
  Properties: { TopicName: name },
});
const made = (name: string, Resources: object) => ({ name, template: { Resources } });
const APP = made('dev-app', { Jobs: { Type: 'AWS::SQS::Queue' } });
const SHOPS = { ...SEED, stacks: [...SEED.stacks!, APP, made('prod-topics', { Alerts: topic('alerts') })] };
const LABS = { ...SEED, stacks: [...SEED.stacks!, APP, made('dev-topics', { Alerts: topic('alerts') })] };

/** A deployment of `dev-app` that acts on a topic of the account it is in. */
const acting = (on: string) => ({
  stack_name: 'dev-app',
  template_body: JSON.stringify({
    Resources: {
      ...APP.template.Resources,
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          ...{ ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, MetricName: 'm', Namespace: 'n' },
          ...{ Period: 60, Statistic: 'Sum', Threshold: 1 },
          AlarmActions: [{ 'Fn::Sub': `arn:aws:sns:\${AWS::Region}:\${AWS::AccountId}:${on}` }],
        },
      },
    },
  }),
});

const RULES = { environments: [{ name: 'development', match: { stack_names: ['dev-*'] } }] };
const LINE = { id: '*:shared', environment: 'development' };
const CONFIG = TAKES_KEY + OF_STORE + configOf([entry({ ...SHOP, known: [LINE] }), entry(LAB)], RULES);

let cloud: Cloud;
let place: Place;
let agent: Agent;

beforeAll(async () => {
  const clock = fasterClock(5);
  cloud = await twoAccounts({ shop: SHOPS, lab: LABS, now: clock.now });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key', env: clock.env });
  writeFileSync(join(place.home, 'config.yaml'), CONFIG);
  await enroll(place, 'noa');
  agent = await place.agent(['--account', SHOP.name, '--account', LAB.name, '--no-executor']);
}, 60_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const ask = (tool: string, { name }: { name: string }, args: object) =>
  agent.call(tool, { account: name, reason: REASON, ...args });
const planOf = async (id: string) => (await place.json(['tickets', 'show', id])).plan;
const accountsOf = (requests: Awaited<ReturnType<Cloud['requests']>>) =>
  requests.map(({ user_identity }) => (user_identity as unknown as { arn: string }).arn.split(':')[4]);
const ORDERS = { stack_name: 'orders' };

describe('two stacks of one name', () => {
  it('are two calls: each has its own ticket, and a no to one is none to the other', async () => {
    const shop = (await ask('cloudformation_delete_stack', SHOP, ORDERS)).ticket;
    const lab = (await ask('cloudformation_delete_stack', LAB, ORDERS)).ticket;
    expect(lab.id).not.toBe(shop.id);
    expect((await ask('cloudformation_delete_stack', SHOP, ORDERS)).ticket.id).toBe(shop.id);
    await done(
      place,
      'deny',
      shop.id,
      '--yes',
      '--digest',
      shop.digest,
      '--reason',
      'it is still needed',
      '--as',
      'noa',
    );
    expect((await ask('cloudformation_delete_stack', SHOP, ORDERS)).refusal).toMatchObject({ code: 'denied' });
    expect((await ask('cloudformation_delete_stack', LAB, ORDERS)).ticket).toMatchObject({
      id: lab.id,
      state: 'pending',
    });
    // That one is to be deleted makes nothing of the other a second half.
    const update = { ...ORDERS, template_body: JSON.stringify({ Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } }) };
    const inShop = (await ask('cloudformation_deploy_stack', SHOP, update)).ticket;
    const inLab = (await ask('cloudformation_deploy_stack', LAB, update)).ticket;
    expect((await planOf(inShop.id)).circumstances).not.toHaveProperty('deletion');
    expect((await planOf(inLab.id)).circumstances).toMatchObject({ deletion: { ticket: lab.id } });
    for (const { id } of [lab, inShop, inLab]) await agent.call('ticket_withdraw', { ticket_id: id, reason: REASON });
  });
});

describe('whose a thing is', () => {
  it('is looked up in the account where it is: the same name is production in one, development in the other', async () => {
    for (const [account, environment] of [
      [SHOP, 'production'],
      [LAB, 'development'],
    ] as const) {
      const { plan, ticket } = await ask('cloudformation_deploy_stack', account, acting('alerts'));
      expect(plan.environment, account.name).toBe(environment);
      expect((await planOf(ticket.id)).targets.map(({ id }: { id: string }) => id)).toContain(
        `arn:aws:sns:eu-west-1:${account.id}:alerts`,
      );
      await agent.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
    }
  });

  it('is settled by a line of known: for the account that the line is in, and for no other', async () => {
    for (const [account, environment] of [
      [SHOP, 'development'],
      [LAB, 'production'],
    ] as const) {
      const { plan, ticket } = await ask('cloudformation_deploy_stack', account, acting('shared'));
      expect(plan.environment, account.name).toBe(environment);
      await agent.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
    }
  });

  it('is scanned for one account at a time', async () => {
    const { code, stderr } = await place.cli(['policy', 'scan']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('say which: --account shop-production, --account lab')]);
    for (const { id, name } of [SHOP, LAB])
      expect(await place.json(['policy', 'scan', '--account', name])).toMatchObject({
        account: id,
        account_name: name,
      });
  });
});

it('what planning left is removed where it was left, by a session of that account', async () => {
  const executor = place.start(['executor']);
  const removed = await until(
    () => events(place, 'aws.removed'),
    (found) => found.length >= 6,
  );
  await stop(executor);
  const deleted = (await cloud.requests('DeleteChangeSet')).filter(({ error }) => !error);
  expect(new Set(accountsOf(deleted))).toEqual(new Set([SHOP.id, LAB.id]));
  for (const { ticket, detail } of removed)
    expect((await planOf(ticket!)).account).toBe((detail as { account: string }).account);
});

it('a kit brings back in its own account, whoever asks, and a rehearsal plays what is there', async () => {
  const executor = place.start(['executor']);
  const { ticket } = await ask('cloudformation_update_termination_protection', LAB, {
    ...ORDERS,
    enable_termination_protection: true,
  });
  if (ticket.state === 'pending') expect((await approve(place, ticket, 'noa')).code).toBe(0);
  await until(
    () => agent.call('ticket_get', { ticket_id: ticket.id }),
    (answer) => answer.ticket?.state === 'succeeded',
  );
  const back = await agent.call('ticket_restore', { ticket_id: ticket.id, reason: REASON });
  expect(back.plan).toMatchObject({ account: LAB.id, account_name: LAB.name });
  await agent.call('ticket_withdraw', { ticket_id: back.ticket.id, reason: REASON });
  const again = await place.json(['restore', ticket.id, '--reason', REASON]);
  expect(again.plan).toMatchObject({ account: LAB.id, account_name: LAB.name });
  expect((await ask('cloudformation_describe_stack', SHOP, ORDERS)).termination_protection ?? false).toBe(false);
  await stop(executor);
  const before = (await cloud.requests('GetTemplate')).length;
  const shown = await ask('cloudformation_deploy_stack', SHOP, { ...acting('alerts'), rehearse: true });
  expect((await planOf(shown.ticket.id)).rehearsal).toMatchObject({ carried_through: true });
  expect(new Set(accountsOf((await cloud.requests('GetTemplate')).slice(before)))).toEqual(new Set([SHOP.id]));
}, 60_000);

describe('a request of which nobody knows whether it happened', () => {
  let gateway: Gateway;
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
  });

  it('holds up what is asked in its account alone, and is looked for there', async () => {
    const launch = async (account: { name: string }) => {
      const [one] = (await agent.call('ec2_describe_instances', { account: account.name })).instances;
      return { image_id: one.image_id, subnet_id: one.subnet_id, instance_type: 't3.micro' };
    };
    gateway = await startGateway(cloud.endpoint, { RunInstances: async () => undefined });
    const executor = place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
    const { ticket } = await ask('ec2_run_instances', SHOP, await launch(SHOP));
    expect((await approve(place, ticket, 'noa')).code).toBe(0);
    await until(
      () => agent.call('ticket_get', { ticket_id: ticket.id }),
      (answer) => answer.ticket?.state === 'unknown',
    );
    await stop(executor);
    const [inShop, inLab] = [
      await ask('ec2_run_instances', SHOP, { ...(await launch(SHOP)), instance_type: 't3.small' }),
      await ask('ec2_run_instances', LAB, { ...(await launch(LAB)), instance_type: 't3.small' }),
    ];
    expect((await planOf(inShop.ticket.id)).circumstances).toMatchObject({ unsettled: [{ ticket: ticket.id }] });
    expect((await planOf(inLab.ticket.id)).circumstances).not.toHaveProperty('unsettled');
    const asked = await cloud.requests('LookupEvents');
    expect(accountsOf(asked).every((id) => id === SHOP.id)).toBe(true);
  }, 120_000);
});
