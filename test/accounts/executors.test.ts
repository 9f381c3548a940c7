import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configOf, entry, HOME, LAB, SHOP, twoAccounts } from '../scenes/accounts.ts';
import { fasterClock } from '../scenes/clock.ts';
import type { Cloud } from '../scenes/cloud.ts';
import { type Agent, approve, makePlace, type Place, REASON, stop, TAKES_KEY, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { OF_STORE } from '../scenes/postgres.ts';

/** Executors that have the roles of some accounts, and tickets of all of them. */

let cloud: Cloud;
let place: Place;
let agent: Agent;
let volumes: Record<string, string[]>;

beforeAll(async () => {
  const clock = fasterClock(10);
  cloud = await twoAccounts({ now: clock.now });
  const config = configOf([entry(SHOP), entry(LAB)]);
  place = makePlace({ endpoint: cloud.endpoint, config, production: 'key', env: clock.env });
  await enroll(place, 'noa');
  agent = await place.agent(['--account', SHOP.name, '--account', LAB.name, '--no-executor']);
  volumes = {};
  for (const { name } of [SHOP, LAB]) {
    const found = (await agent.call('ec2_describe_volumes', { account: name })).volumes;
    volumes[name] = found
      .filter(({ tags }: { tags: { Name?: string } }) => tags.Name === 'data' || tags.Name === 'spare')
      .map(({ volume_id }: { volume_id: string }) => volume_id);
  }
}, 60_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

async function approved({ name }: { name: string }, at: number): Promise<string> {
  const call = { account: name, volume_id: volumes[name]![at], reason: REASON };
  const { ticket } = await agent.call('ec2_delete_volume', call);
  expect((await approve(place, ticket, 'noa')).code).toBe(0);
  return ticket.id;
}

const becomes = (id: string, state: string) =>
  until(
    () => agent.call('ticket_get', { ticket_id: id }),
    (answer) => answer.ticket?.state === state,
  );

/** An executor with a configuration of its own, on the same store. */
function executor(name: string, entries: readonly object[]) {
  const file = join(place.home, `${name}.yaml`);
  writeFileSync(file, TAKES_KEY + OF_STORE + configOf(entries));
  return place.start(['executor', '--config', file]);
}

it('each takes what is of its account, and leaves the rest to the other', async () => {
  const [ofShop, ofLab] = [await approved(SHOP, 0), await approved(LAB, 0)];
  const first = executor('lab', [entry(LAB)]);
  await becomes(ofLab, 'succeeded');
  const waiting = await until(
    () => place.json(['tickets', 'show', ofShop]),
    ({ ticket }) => ticket.waiting !== undefined,
  );
  expect(waiting.ticket).toMatchObject({
    state: 'approved',
    waiting: { code: 'other_account', message: `account ${SHOP.id} is not listed under accounts here` },
  });
  const second = executor('shop', [entry(SHOP)]);
  await becomes(ofShop, 'succeeded');
  const deleted = await cloud.requests('DeleteVolume');
  expect(
    deleted.map(({ parameters, user_identity }) => [
      parameters.VolumeId,
      (user_identity as unknown as { arn: string }).arn,
    ]),
  ).toEqual([
    [volumes[LAB.name]![0], expect.stringContaining(`:${LAB.id}:assumed-role/execute/`)],
    [volumes[SHOP.name]![0], expect.stringContaining(`:${SHOP.id}:assumed-role/execute/`)],
  ]);
  await Promise.all([stop(first), stop(second)]);
}, 60_000);

it('without an execution role there it sends nothing with credentials of its own that are for another account', async () => {
  const id = await approved(LAB, 1);
  const without = executor('reads', [entry({ ...LAB, execution_role_arn: undefined })]);
  const waiting = await until(
    () => place.json(['tickets', 'show', id]),
    ({ ticket }) => ticket.waiting?.message.includes('execution_role_arn'),
  );
  expect(waiting.ticket.waiting).toMatchObject({
    code: 'other_account',
    message: `account lab (${LAB.id}) has no execution_role_arn here, and this process's own credentials are for ${HOME}`,
  });
  await stop(without);
  // Called otherwise than people were shown, it isn't run at all.
  const renamed = executor('renamed', [entry({ ...LAB, name: 'shop-production' })]);
  const { refusal } = await becomes(id, 'stale');
  expect(refusal.message).toContain(`account ${LAB.id} was shown as lab, and is shop-production`);
  await stop(renamed);
}, 60_000);

it('a region that was taken out of the list keeps what is approved there waiting', async () => {
  const id = await approved(SHOP, 1);
  const elsewhere = executor('elsewhere', [entry({ ...SHOP, regions: ['eu-central-1'] })]);
  const waiting = await until(
    () => place.json(['tickets', 'show', id]),
    ({ ticket }) => ticket.waiting?.code === 'config_invalid',
  );
  expect(waiting.ticket.waiting).toMatchObject({
    code: 'config_invalid',
    message: `eu-west-1 is not one of the regions of account shop-production (${SHOP.id}): eu-central-1`,
  });
  await stop(elsewhere);
  expect(
    (await cloud.requests('DeleteVolume')).filter(({ parameters }) => parameters.VolumeId === volumes[SHOP.name]![1]),
  ).toEqual([]);
}, 60_000);
