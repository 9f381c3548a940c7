import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, entry, HOME, LAB, role, SHOP, twoAccounts } from '../scenes/accounts.ts';
import { fasterClock } from '../scenes/clock.ts';
import type { Cloud } from '../scenes/cloud.ts';
import { type Agent, approve, makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { OF_STORE } from '../scenes/postgres.ts';

/** What an agent on stdio gets where several accounts are configured: each call is about one, and about no other. */

const DEVELOPMENT = { environments: [{ name: 'development', match: { accounts: [LAB.id] } }] };
const CONFIG = configOf([entry(SHOP), entry(LAB)], DEVELOPMENT);
const BOTH = ['--account', SHOP.name, '--account', LAB.id];

let cloud: Cloud;
let place: Place;
let agent: Agent;

beforeAll(async () => {
  const clock = fasterClock(10);
  cloud = await twoAccounts({ now: clock.now });
  place = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key', env: clock.env });
  await enroll(place, 'noa');
  agent = await place.agent([...BOTH, '--no-executor']);
}, 60_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const volumesIn = async (account: string): Promise<string[]> =>
  (await agent.call('ec2_describe_volumes', { account })).volumes.map(
    ({ volume_id }: { volume_id: string }) => volume_id,
  );

/** Of a volume that is attached to nothing. */
const looseIn = async (account: string, name: string): Promise<string> =>
  (await agent.call('ec2_describe_volumes', { account, tags: { Name: name } })).volumes[0].volume_id;

/** The accounts of the sessions that asked this. */
async function askedAs(action: string): Promise<readonly string[]> {
  const arns = (await cloud.requests(action)).map(
    ({ user_identity }) => (user_identity as { arn?: string })?.arn ?? '',
  );
  return [...new Set(arns.map((arn) => arn.split(':')[4] ?? ''))];
}

describe('which account', () => {
  it('is an argument of each tool that works in one, and of no ticket tool', async () => {
    const { tools } = await agent.client.listTools();
    const schemaOf = (name: string) => tools.find((tool) => tool.name === name)?.inputSchema;
    expect(schemaOf('ec2_stop_instances')).toMatchObject({
      properties: { account: { type: 'string', description: 'Account id or name' } },
      required: ['account', 'instance_ids', 'reason'],
    });
    expect(schemaOf('cloudformation_list_stacks')?.properties).toMatchObject({
      account: { description: 'Account id or name; default: all' },
    });
    expect(schemaOf('cloudformation_list_stacks')?.required ?? []).not.toContain('account');
    // Every conversation pays for it (test/surface has the bound): a tenth more at most.
    const plain = await place.agent(['--account', LAB.name, '--no-executor']);
    const { tools: without } = await plain.client.listTools();
    expect(JSON.stringify(tools).length).toBeLessThan(JSON.stringify(without).length * 1.15);
    for (const name of ['ticket_get', 'ticket_list', 'ticket_restore', 'ticket_wait', 'ticket_withdraw'])
      expect(schemaOf(name)?.properties, name).not.toHaveProperty('account');
  });

  it('is by id or by name, and each answers for itself', async () => {
    const [shop, lab] = [await volumesIn(SHOP.name), await volumesIn(LAB.id)];
    expect(await volumesIn(SHOP.id)).toEqual(shop);
    expect(await volumesIn(LAB.name)).toEqual(lab);
    expect(shop).toHaveLength(lab.length);
    expect(shop.filter((id) => lab.includes(id))).toEqual([]);
    for (const [account, { id }] of [
      [SHOP.name, SHOP],
      [LAB.name, LAB],
    ] as const)
      expect(await agent.call('cloudformation_describe_stack', { account, stack_name: 'orders' })).toMatchObject({
        stack_id: expect.stringContaining(`:${id}:stack/orders/`),
      });
  });

  it.each([
    ['nothing', undefined],
    ['a name in capitals', 'LAB'],
    ['a part of a name', 'shop'],
    ['a name and a blank', 'lab '],
    ['an id with a zero before it', `0${LAB.id}`],
    ['the account of the credentials', HOME],
    ['all', 'all'],
    ['a star', '*'],
    ['a list', [LAB.id]],
    ['a number', Number(LAB.id)],
    ['nothing at all', null],
    ['an ARN', role(LAB.id, 'read')],
  ])('that is %s is refused, and says which there are', async (_, account) => {
    const answer = await agent.call('ec2_stop_instances', {
      ...(account === undefined ? {} : { account }),
      ...{ instance_ids: ['i-0123456789abcdef0'], reason: REASON },
    });
    expect(answer.refusal).toMatchObject({
      code: 'invalid_input',
      recovery: expect.stringContaining(`shop-production (${SHOP.id}), lab (${LAB.id})`),
    });
  });

  it("of a thing that only the other has, it finds nothing; and its stack's ARN leads nowhere else", async () => {
    const theirs = await looseIn(SHOP.name, 'data');
    const call = { volume_id: theirs, reason: REASON };
    expect((await agent.call('ec2_delete_volume', { account: LAB.name, ...call })).refusal).toMatchObject({
      code: 'not_found',
    });
    const stack = await agent.call('cloudformation_describe_stack', { account: SHOP.id, stack_name: 'orders' });
    const elsewhere = { account: LAB.id, stack_name: stack.stack_id };
    expect((await agent.call('cloudformation_describe_stack', elsewhere)).refusal).toMatchObject({
      message: expect.stringContaining(LAB.id),
    });
  });

  it('a region that it does not have is refused, whatever the other has', async () => {
    const answer = await agent.call('ec2_describe_volumes', { account: SHOP.name, region: 'us-east-1' });
    expect(answer.refusal).toMatchObject({
      code: 'invalid_input',
      message: `us-east-1 is not one of the regions of account shop-production (${SHOP.id})`,
      recovery: expect.stringContaining('eu-west-1, eu-central-1'),
    });
    expect((await agent.call('ec2_describe_volumes', { account: SHOP.name, region: 'eu-central-1' })).region).toBe(
      'eu-central-1',
    );
  });

  it('left out, a list goes over all of them, and says of each what came of it', async () => {
    const { accounts } = await agent.call('cloudformation_list_stacks');
    expect(accounts).toMatchObject([
      { account: SHOP.id, account_name: SHOP.name, region: 'eu-west-1', stacks: [{ stack_name: 'orders' }] },
      { account: LAB.id, account_name: LAB.name, region: 'eu-west-1', stacks: [{ stack_name: 'orders' }] },
    ]);
  });
});

describe('a change', () => {
  it('is planned, decided, run and told for its account', async () => {
    const spare = await looseIn(SHOP.name, 'spare');
    const before = await volumesIn(LAB.name);
    const { ticket, plan } = await agent.call('ec2_delete_volume', {
      ...{ account: SHOP.name, volume_id: spare, reason: REASON },
    });
    expect(plan).toMatchObject({ account: SHOP.id, account_name: SHOP.name, environment: 'production' });
    const shown = (await done(place, 'tickets', 'show', ticket.id)).stdout;
    expect(shown).toContain(`account ${SHOP.id} (${SHOP.name}), eu-west-1`);
    expect((await agent.call('ticket_list')).tickets[0]).toMatchObject({ account: SHOP.id, account_name: SHOP.name });
    expect((await approve(place, ticket, 'noa')).code).toBe(0);
    const executor = place.start(['executor']);
    await until(
      () => agent.call('ticket_get', { ticket_id: ticket.id }),
      (answer) => answer.ticket.state === 'succeeded',
    );
    expect(await volumesIn(SHOP.name)).not.toContain(spare);
    expect(await volumesIn(LAB.name)).toEqual(before);
    expect(await askedAs('DeleteVolume')).toEqual([SHOP.id]);
    const assumed = (await cloud.requests('AssumeRole')).map(({ parameters }) => parameters);
    expect(assumed.every(({ ExternalId }) => ExternalId === 'of-this-installation')).toBe(true);
    expect(assumed.some(({ RoleArn }) => RoleArn === role(SHOP.id, 'execute'))).toBe(true);
    expect(assumed.some(({ RoleArn }) => RoleArn === role(LAB.id, 'execute'))).toBe(false);
    executor.kill();
  }, 60_000);

  it('counts by the rules for its account: the same stack is development in one, production in the other', async () => {
    for (const [account, environment] of [
      [SHOP.name, 'production'],
      [LAB.name, 'development'],
    ])
      expect(
        (await agent.call('cloudformation_delete_stack', { account, stack_name: 'orders', reason: REASON })).plan,
      ).toMatchObject({ environment });
  });
});

describe('an agent on this machine', () => {
  it('is given none of several without being told which', async () => {
    const { code, stderr } = await place.cli(['serve']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('several accounts are configured, and none is given to this agent');
    expect(stderr).toContain('--account shop-production --account lab');
    expect((await place.cli(['serve', '--account', 'LAB'])).stderr).toContain('there is no account LAB');
  });

  it('that has one sees no others, and needs not say which', async () => {
    const one = await place.agent(['--account', LAB.name, '--no-executor']);
    const { tools } = await one.client.listTools();
    for (const { inputSchema, name } of tools) expect(inputSchema.properties, name).not.toHaveProperty('account');
    expect((await one.call('cloudformation_describe_stack', { stack_name: 'orders' })).stack_id).toContain(LAB.id);
    const other = await one.call('cloudformation_describe_stack', { account: SHOP.name, stack_name: 'orders' });
    expect(other.refusal).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('account') });
    expect(JSON.stringify(other)).not.toContain(SHOP.id);
  });

  it('cannot see or bring back what a ticket did in an account that it has no more, but can withdraw it', async () => {
    const first = await looseIn(SHOP.name, 'data');
    const { ticket } = await agent.call('ec2_delete_volume', {
      ...{ account: SHOP.id, volume_id: first, reason: REASON },
    });
    const one = await place.agent(['--account', LAB.name, '--no-executor']);
    const of = { ticket_id: ticket.id };
    for (const [name, more] of [
      ['ticket_get', {}],
      ['ticket_wait', { timeout_seconds: 1 }],
      ['ticket_restore', { reason: REASON }],
    ] as const)
      expect((await one.call(name, { ...of, ...more })).refusal, name).toMatchObject({ code: 'not_found' });
    expect(JSON.stringify(await one.call('ticket_list'))).not.toContain(ticket.id);
    expect(JSON.stringify(await one.client.listResources())).not.toContain(ticket.id);
    await expect(one.client.readResource({ uri: `holdshort://tickets/${ticket.id}` })).rejects.toThrow();
    const withdrawn = await one.call('ticket_withdraw', { ...of, reason: REASON });
    expect(withdrawn.ticket).toEqual({ id: ticket.id, state: 'withdrawn' });
    for (const hidden of [SHOP.id, SHOP.name, first]) expect(JSON.stringify(withdrawn)).not.toContain(hidden);
    expect((await one.call('ticket_withdraw', { ...of, reason: REASON })).refusal).toMatchObject({ code: 'not_found' });
  });
});

describe('credentials', () => {
  it('that AWS takes for another account than the one they are for are not used', async () => {
    // No such account is played: its role leads into that of the caller, whatever its name says.
    const file = join(place.home, 'wrong.yaml');
    const wrong = { id: '777788889999', name: 'wrong' };
    const own = { ...entry({ id: '999900001111', name: 'own' }), read_role_arn: undefined };
    writeFileSync(file, OF_STORE + configOf([entry(wrong), entry(LAB), own]));
    const all = await place.agent([
      '--config',
      file,
      '--no-executor',
      ...['wrong', 'lab', 'own'].flatMap((one) => ['--account', one]),
    ]);
    const before = (await cloud.requests('DescribeVolumes')).length;
    for (const { name, id } of [wrong, { name: 'own', id: '999900001111' }])
      expect((await all.call('ec2_describe_volumes', { account: name })).refusal).toMatchObject({
        code: 'config_invalid',
        message: `the credentials for account ${name} (${id}) are for account ${HOME}`,
      });
    expect(await cloud.requests('DescribeVolumes')).toHaveLength(before);
    const { accounts } = await all.call('ec2_describe_volumes');
    expect(accounts).toMatchObject([
      { account: wrong.id, refusal: { code: 'config_invalid' } },
      { account: LAB.id, volumes: expect.any(Array) },
      { account: '999900001111', refusal: { code: 'config_invalid' } },
    ]);
  });
});

describe('the configuration', () => {
  const ask = (account: string) => agent.call('cloudformation_describe_stack', { account, stack_name: 'orders' });
  const write = (text: string) =>
    writeFileSync(join(place.home, 'config.yaml'), `${text}policy: ./policy.cedar\n${OF_STORE}`);

  it('is read again: a removed account is gone at once, and what was approved for it waits and says why', async () => {
    const held = await agent.call('ec2_terminate_instances', {
      account: SHOP.name,
      instance_ids: [(await agent.call('ec2_describe_instances', { account: SHOP.name })).instances[0].instance_id],
      reason: REASON,
    });
    expect(await approve(place, held.ticket, 'noa')).toMatchObject({ code: 0 });
    write(configOf([entry(LAB)], DEVELOPMENT));
    expect((await ask(SHOP.name)).refusal).toMatchObject({ code: 'invalid_input' });
    const executor = place.start(['executor']);
    const waiting = await until(
      () => place.json(['tickets', 'show', held.ticket.id]),
      ({ ticket }) => ticket.waiting !== undefined,
    );
    expect(waiting.ticket.waiting).toMatchObject({
      code: 'other_account',
      message: `account ${SHOP.id} is not listed under accounts here`,
    });
    write(CONFIG);
    expect((await ask(SHOP.name)).stack_id).toContain(SHOP.id);
    const ended = await until(
      () => agent.call('ticket_get', { ticket_id: held.ticket.id }),
      ({ ticket }) => ticket.state === 'succeeded',
    );
    expect(ended.ticket.state).toBe('succeeded');
    executor.kill();
  }, 120_000);

  it('without any account stops what was started with some', async () => {
    write('');
    expect((await ask(SHOP.name)).refusal).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('lists no accounts any more'),
    });
    write(CONFIG);
  });
});
