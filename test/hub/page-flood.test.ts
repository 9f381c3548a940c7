import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linksOf } from '../../approvals/web/links.ts';
import { pageLimits } from '../../src/hub/limits.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { type HubClient, startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import { pageOfHubs, secretIn } from './peoples.ts';

/** A hub's page, and who has addresses of tickets on it, as their agent does, and asks without end. */

let cloud: Cloud;
let place: Place;
let url: string;
let page: ReturnType<typeof pageOfHubs>;
let mara: HubClient;
let ids: string[];
let list: string;
let ada: Awaited<ReturnType<typeof page.withPasskey>>;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 3 }] });
  place = makePlace({ endpoint: cloud.endpoint });
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  const made = await withIssuer(place);
  url = made.url;
  page = pageOfHubs(place, url, [Number(new URL(url).port)]);
  const login = [`--issuer=${made.issuer.issuer}`, '--subject=mara-1'];
  await done(place, 'approvers', 'bind', 'mara', ...login, '--as', 'noa');
  ada = await page.withPasskey('ada');
  const hub = await startHub(place, url);
  mara = await hub.client(await tokenOf(made.issuer, url));
  ids = (await mara.call('ec2_describe_instances')).instances.map(({ instance_id }: any) => instance_id);
  list = /http:\S+/.exec((await place.cli(['web'])).stdout)?.[0] ?? '';
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const opened = async (at: number) =>
  (await mara.call('ec2_stop_instances', { instance_ids: [ids[at]], reason: REASON })).ticket;

const choice = ({ review_url, digest }: any, key: string, more: object = {}) => ({
  ...{ s: secretIn(review_url), digest, decision: 'approve', key, reason: '' },
  ...more,
});

/** GETs of these addresses in turn, so many at once, until ended. */
function flooding(addresses: readonly string[], atOnce: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const headers = { host: new URL(url).host };
  const taken = new Map<string, number>();
  let [on, busy, next] = [true, 0, 0];
  const busyAtLast = Promise.withResolvers<void>();
  const look = (address: string) =>
    new Promise<number>((answered, failed) => {
      const { pathname, search } = new URL(address);
      get({ host: '127.0.0.1', port: Number(new URL(url).port), path: pathname + search, headers, agent }, (answer) =>
        answer.resume().once('end', () => answered(answer.statusCode ?? 0)),
      ).once('error', failed);
    });
  const loop = async () => {
    while (on) {
      const address = addresses[next++ % addresses.length]!;
      if ((await look(address)) === 429) busy += 1;
      else taken.set(address, (taken.get(address) ?? 0) + 1);
      if (busy > 20) busyAtLast.resolve();
    }
  };
  const loops = Array.from({ length: atOnce }, loop);
  return {
    untilBusy: () => busyAtLast.promise,
    mostTakenOfOne: () => Math.max(...taken.values()),
    async end() {
      on = false;
      await Promise.all(loops);
      agent.destroy();
    },
  };
}

test("who looks at a ticket without end, as its agent can, doesn't keep people from denying it", async () => {
  const { key, responseTo } = ada;
  const ticket = await opened(0);
  const flood = flooding([ticket.review_url], 64);
  await flood.untilBusy();
  const statuses: number[] = [];
  for (let at = 0; at < 8; at++) {
    const body = choice(ticket, key, { decision: 'deny', reason: 'no' });
    const asked = await page.ask(0, `/tickets/${ticket.id}/question`, body);
    statuses.push(asked.status);
    const answer = { s: secretIn(ticket.review_url), question: asked.answer.question };
    if (at === 7)
      statuses.push(
        (await page.ask(0, `/tickets/${ticket.id}/answer`, { ...answer, response: responseTo(asked.answer) })).status,
      );
  }
  await flood.end();
  expect(statuses).toEqual(statuses.map(() => 200));
  expect((await mara.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('denied');
});

test('a seal that was tried too often is one, and another person answers theirs', async () => {
  const { key, responseTo } = ada;
  const ticket = await opened(1);
  const path = `/tickets/${ticket.id}`;
  const asked = async () =>
    (await page.ask(0, `${path}/question`, choice(ticket, key, { decision: 'deny', reason: 'no' }))).answer;
  const [theirs, own] = [await asked(), await asked()];
  const answer = ({ question }: any, response: object) =>
    page.ask(0, `${path}/answer`, { s: secretIn(ticket.review_url), question, response });
  const [wrong, right] = [responseTo(own), responseTo(own)];
  const statuses: number[] = [];
  for (let at = 0; at < 12; at++) statuses.push((await answer(theirs, wrong)).status);
  expect(statuses.slice(0, 8)).not.toContain(429);
  expect(statuses.at(-1)).toBe(429);
  expect((await answer(own, right)).status).toBe(200);
});

test('looking at all tickets together is bounded; one that rested, the list and questions are answered', async () => {
  const { key } = ada;
  const ticket = await opened(2);
  const secret = linksOf(url, () => readFileSync(join(place.home, 'keys', 'links.key')));
  const id = (at: number) => `tkt_${String(at).padStart(20, 'z')}`;
  // Of each there is less than its own share.
  const flood = flooding(
    Array.from({ length: 40 }, (_, at) => secret.ticket(id(10 + at))),
    40,
  );
  await flood.untilBusy();
  const look = async (address: string) => (await page.look(0, address.slice(url.length))).status;
  const seen = [await look(ticket.review_url), await look(list)];
  seen.push(
    (await page.ask(0, `/tickets/${ticket.id}/question`, choice(ticket, key, { decision: 'deny', reason: 'no' })))
      .status,
  );
  const most = flood.mostTakenOfOne();
  await flood.end();
  expect(seen).toEqual([200, 200, 200]);
  expect(most).toBeLessThan(100);
});

test("trying many questions' answers over and over is bounded together; each question's first answer is heard", () => {
  let now = 0;
  const limits = pageLimits(() => now);
  const answered = (seal: string) => {
    const entered = limits.enter('answer', seal);
    if (typeof entered === 'function') entered();
    return typeof entered === 'function';
  };
  const seals = Array.from({ length: 200 }, (_, at) => `seal ${at}`);
  for (const seal of seals) expect(answered(seal)).toBe(true);
  let again = 0;
  for (let second = 1; second < 5; second += 0.1) {
    now = second * 1_000;
    again += seals.filter(answered).length;
  }
  // After two seconds each has rested once.
  expect(again).toBeLessThan(2 * 200 + 5 * 40);
  expect(answered("a person's")).toBe(true);
});
