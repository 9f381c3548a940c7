import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, entry, LAB, SHOP, twoAccounts } from '../scenes/accounts.ts';
import type { Cloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, TAKES_KEY } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { type Hub, type HubClient, startHub, tokenOf } from '../scenes/hub.ts';
import { startIssuer, type TestIssuer } from '../scenes/issuer.ts';
import { freePort } from '../scenes/page-process.ts';
import { OF_STORE } from '../scenes/postgres.ts';

/** Who may ask about which account, through the built hub: nobody about any, unless a rule says so. */

interface Rule {
  readonly match: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly accounts?: readonly string[];
}

let cloud: Cloud;
let place: Place;
let hub: Hub;
let issuer: TestIssuer;
let url: string;

const RULES: readonly Rule[] = [
  { match: { groups: 'both' }, agent: 'both', accounts: [SHOP.id, LAB.name] },
  { match: { groups: 'lab' }, agent: 'kiro', accounts: [LAB.name] },
  { match: { client_id: '*' }, agent: 'none' },
];

function write(rules: readonly Rule[], entries: readonly object[] = [entry(SHOP), entry(LAB)]): void {
  const listen = `127.0.0.1:${new URL(url).port}`;
  const config = { hub: { listen, url, issuer: issuer.issuer, agents: rules } };
  writeFileSync(join(place.home, 'config.yaml'), TAKES_KEY + OF_STORE + configOf(entries, config));
}

const as = async (groups: string, more: object = {}): Promise<HubClient> =>
  await hub.client(await tokenOf(issuer, url, { client_id: 'any', groups: [groups], sub: 'mara-1', ...more }));

beforeAll(async () => {
  cloud = await twoAccounts();
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  issuer = await startIssuer();
  place.atEnd(() => issuer.close());
  url = `http://localhost:${await freePort()}`;
  write(RULES);
  await done(place, 'approvers', 'bind', 'mara', `--issuer=${issuer.issuer}`, '--subject=mara-1', '--as', 'noa');
  hub = await startHub(place, url);
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const describing = { stack_name: 'orders' };

describe('an agent of a hub', () => {
  it('that no account is given to is told so, and nothing of those that there are', async () => {
    const none = await as('others');
    for (const [name, args] of [
      ['cloudformation_describe_stack', describing],
      ['cloudformation_describe_stack', { ...describing, account: LAB.name }],
      ['cloudformation_list_stacks', {}],
      ['cloudformation_delete_stack', { ...describing, account: SHOP.id, reason: REASON }],
    ] as const) {
      const answer = await none.call(name, args);
      expect(answer.refusal, name).toMatchObject({
        code: 'invalid_input',
        message: 'there is no account that you may ask about',
      });
      expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${SHOP.id}|${LAB.id}|production`));
    }
    expect((await cloud.requests('DescribeStacks')).length).toBe(0);
  });

  it('that one is given to needs not say which, and of the other it is told nothing', async () => {
    const kiro = await as('lab');
    expect((await kiro.call('cloudformation_describe_stack', describing)).stack_id).toContain(`:${LAB.id}:`);
    expect((await kiro.call('cloudformation_list_stacks')).stacks).toHaveLength(1);
    for (const account of [SHOP.id, SHOP.name, 'none-such']) {
      const answer = await kiro.call('cloudformation_describe_stack', { ...describing, account });
      expect(answer.refusal).toMatchObject({ code: 'invalid_input', message: 'Unrecognized key: "account"' });
    }
  });

  it('that both are given to says which', async () => {
    const both = await as('both');
    for (const { id, name } of [SHOP, LAB])
      expect((await both.call('cloudformation_describe_stack', { ...describing, account: name })).stack_id).toContain(
        `:${id}:`,
      );
    const { accounts } = await both.call('cloudformation_list_stacks');
    expect(accounts.map(({ account }: { account: string }) => account)).toEqual([SHOP.id, LAB.id]);
  });

  it('loses an account with the rule, without a restart: its tickets there with it, but for stopping them', async () => {
    const session = { sid: 'one-session' };
    const before = await as('both', session);
    const asked = { ...describing, account: SHOP.name, reason: REASON };
    const { ticket } = await before.call('cloudformation_delete_stack', asked);
    expect(ticket.state).toBe('pending');
    write([{ ...RULES[0]!, accounts: [LAB.name] }, ...RULES.slice(1)]);
    // The same connection, session and token.
    expect((await before.call('ticket_get', { ticket_id: ticket.id })).refusal).toMatchObject({ code: 'not_found' });
    expect(JSON.stringify(await before.call('ticket_list'))).not.toContain(ticket.id);
    expect((await before.call('cloudformation_delete_stack', asked)).refusal).toMatchObject({ code: 'invalid_input' });
    expect((await before.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON })).ticket.state).toBe(
      'withdrawn',
    );
    write(RULES);
    expect((await before.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('withdrawn');
  });

  it('is given an account that was added, without a restart', async () => {
    const added = { id: '555566667777', name: 'added' };
    const both = await as('both');
    write(
      [{ ...RULES[0]!, accounts: [SHOP.id, LAB.name, 'added'] }, ...RULES.slice(1)],
      [...[entry(SHOP), entry(LAB), entry(added)]],
    );
    // It isn't played: AWS takes its role's credentials for another's, and so nothing is read with them.
    expect(
      (await both.call('cloudformation_describe_stack', { ...describing, account: 'added' })).refusal,
    ).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('added (555566667777)'),
    });
    const { accounts } = await both.call('cloudformation_list_stacks');
    expect(accounts.map((one: object) => ('refusal' in one ? 'refused' : 'listed'))).toEqual([
      'listed',
      'listed',
      'refused',
    ]);
    write(RULES);
  });

  it('gets nothing at all where a rule names an account that is not listed', async () => {
    write([{ ...RULES[1]!, accounts: ['lap'] }]);
    const { status } = await hub.post({ jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(status).toBe(503);
    write(RULES);
  });
});

it('a hub says at its start, of each account, as whom it reads and whether it could execute there', async () => {
  expect(hub.said()).toContain(`"account":"${SHOP.id}"`);
  expect(hub.said()).toContain('but the configuration names an execution role: leave it to executors');
  expect(hub.said()).toContain(`"reads_as":"arn:aws:sts::${LAB.id}:assumed-role/read/holdshort-read"`);
});
