import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';

/*
 * What the log tells of a ticket before anyone decides it: what the agent asked for and why, and who opened it.
 */

let cloud: Cloud;
let place: Place;
let agent: Agent;
let instances: readonly { instance_id: string }[] = [];

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 4, tags: { Name: 'web' } }] });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  agent = await place.agent();
  instances = (await agent.call('ec2_describe_instances')).instances;
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

async function held(at: number): Promise<{ id: string; digest: string; instance: string }> {
  const instance = instances[at]?.instance_id ?? '';
  const { ticket } = await agent.call('ec2_stop_instances', { instance_ids: [instance], reason: REASON });
  return { ...ticket, instance };
}

const looks = (ticket: string) => events(place, 'review.opened').filter((entry) => entry.ticket === ticket);

/** At a terminal, by someone who says to be this. */
const shown = (id: string, HOLDSHORT_APPROVER: string) =>
  done({ env: { ...place.env, HOLDSHORT_APPROVER } }, 'tickets', 'show', id);

test("B14: the entry of a held ticket has the agent's reason, its targets and its impact", async () => {
  const { id, instance } = await held(0);
  const [entry] = (await place.json(['audit', 'list', '--ticket', id])) as { type: string; detail: unknown }[];
  expect(entry).toMatchObject({
    type: 'ticket.pending',
    detail: {
      reason: REASON,
      targets: [expect.stringContaining(instance)],
      impact: [{ effect: 'disrupt', type: 'AWS::EC2::Instance', resource: expect.stringContaining(instance) }],
    },
  });
});

test("B14: so does the view that people query, by the ticket's id", async () => {
  const { id, instance } = await held(0);
  const database = new Database(place.database, { readonly: true });
  try {
    const row = database.prepare('SELECT reason, targets, impact FROM ticket_overview WHERE id = ?').get(id);
    expect(row).toEqual({
      reason: REASON,
      targets: expect.stringContaining(instance),
      impact: expect.stringMatching(new RegExp(`^disrupt:.*${instance}`)),
    });
  } finally {
    database.close();
  }
});

test("B12: an attempt at a terminal under a name that proved nothing is the terminal's, with the name as a claim", async () => {
  const { id } = await held(0);
  const wrong = ['approve', id, '--yes', '--digest', '0'.repeat(64), '--as', 'noa'];
  expect(await place.cli(wrong)).toMatchObject({ code: 3 });
  const entries = await place.json(['audit', 'list', '--ticket', id, '--type', 'decision.rejected']);
  expect(entries).toMatchObject([{ actor: 'cli', detail: { claimed: 'noa' } }]);
});

test('B14: opening a ticket at a terminal and in a chat client is logged, once for each, by a claim and no proof', async () => {
  const { id } = await held(1);
  expect(looks(id)).toEqual([]);
  for (let times = 0; times < 3; times++)
    await place.cli(['tickets', 'show', id], { env: { HOLDSHORT_APPROVER: 'noa' } });
  const companion = await place.agent(['--as', 'noa'], { command: 'companion' });
  for (let times = 0; times < 2; times++)
    await companion.client.callTool({ name: 'approvals_show', arguments: { ticket_id: id } });
  await companion.close();
  expect(looks(id)).toMatchObject([
    { actor: 'cli', detail: { claimed: 'noa' } },
    { actor: 'companion', detail: { claimed: 'noa' } },
  ]);
});

test('B14: opening a ticket on the page is logged, however often it is loaded', async () => {
  const { id } = await held(2);
  const web = place.start(['web', '--port', '0']);
  const lines = createInterface({ input: web.stdout as Readable });
  const said = [];
  let list: string | undefined;
  for await (const line of lines) {
    said.push(line);
    list = /http:\/\/localhost:\d+\/\?s=\S+/.exec(line)?.[0];
    if (list) break;
  }
  expect(list, said.join('\n')).toBeDefined();
  const page = await (await fetch(list ?? '')).text();
  const path = new RegExp(`/tickets/${id}\\?s=[\\w-]+`).exec(page)?.[0] ?? '';
  for (let times = 0; times < 3; times++) expect((await fetch(new URL(path, list))).status).toBe(200);
  const ended = once(web, 'exit');
  web.kill();
  await ended;
  expect(looks(id)).toMatchObject([{ actor: 'page' }]);
  expect(looks(id)[0]?.detail).not.toHaveProperty('claimed');
});

test('B14: whoever opens a ticket under ever new names does not fill the log, and no decided ticket is noted', async () => {
  const { id, digest } = await held(3);
  for (let number = 0; number < 16; number++) await shown(id, `name-${number} ${'x'.repeat(500)}`);
  const noted = looks(id);
  expect(noted).toHaveLength(12);
  for (const { detail } of noted) expect(detail.claimed?.length).toBeLessThan(300);
  const denial = ['deny', id, '--reason', 'not today', '--yes', '--digest', digest, '--as', 'noa'];
  await done(place, ...denial);
  await shown(id, 'noa');
  expect(looks(id)).toHaveLength(12);
});
