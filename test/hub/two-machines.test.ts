import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Place, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { approve, done } from '../scenes/here.ts';
import { type Hub, type HubClient, hubsOn, MARA, startHub, tokenOf } from '../scenes/hub.ts';
import { type Machines, machinesOn } from '../scenes/machines.ts';
import { fromNpm, MISSING, type Server, startServer } from '../store/postgres/server.ts';
import { pageOfHubs, secretIn } from './peoples.ts';

/**
 * Two hubs on machines of their own, with one PostgreSQL: what is asked at one is decided and answered at the other,
 * also where one is killed in the middle.
 */

const program = fromNpm();
if (!program) console.warn(`skipped: hubs of two machines: ${MISSING}`);

const ANA = { ...MARA, sub: 'ana-1' };
const [A, B] = [0, 1] as const;

describe.skipIf(!program)('hubs of two machines', () => {
  let server: Server;
  let cloud: Cloud;
  let machines: Machines;
  let desk: Place;
  let places: readonly Place[];
  let made: Awaited<ReturnType<typeof hubsOn>>;
  let page: ReturnType<typeof pageOfHubs>;
  let mara: HubClient;
  let ids: string[];

  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    cloud = await startCloud({ instances: [{ count: 8 }] });
    machines = await machinesOn(server, { endpoint: cloud.endpoint, approvers: ['noa', 'mara', 'ana'] });
    desk = machines.desk;
    places = [machines.another({ login: 'a_hub' }), machines.another({ login: 'a_hub' })];
    // Made by hand and copied, as docs/teams.md says.
    for (const name of ['links.key', 'secrets.key', 'companion.key'])
      writeFileSync(join(places[A]!.home, 'keys', name), randomBytes(32), { mode: 0o600 });
    machines.copyKeys(places[A]!, places[B]!);
    made = await hubsOn(places, `${machines.config}${TAKES_KEY}`, ['companions: {}']);
    page = pageOfHubs(desk, made.url, made.ports);
    for (const [name, subject] of [
      ['mara', 'mara-1'],
      ['ana', 'ana-1'],
    ])
      await done(
        desk,
        ...['approvers', 'bind', name!, `--issuer=${made.issuer.issuer}`, `--subject=${subject}`, '--as', 'noa'],
      );
    mara = await made.hubs[A]!.client(await tokenOf(made.issuer, made.url));
    ids = (await mara.call('ec2_describe_instances')).instances.map(({ instance_id }: any) => instance_id);
  }, 180_000);
  afterAll(async () => {
    await machines?.[Symbol.asyncDispose]();
    await cloud?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  /** Calls a tool through one of the hubs. */
  const through = async (hub: number, client: HubClient, name: string, args: Record<string, unknown> = {}) => {
    made.only(hub);
    return await client.call(name, args);
  };
  const stopping = (at: number) => ({ instance_ids: [ids[at]], reason: REASON });
  const opened = async (hub: number, at: number) =>
    (await through(hub, mara, 'ec2_stop_instances', stopping(at))).ticket;
  const stateAt = async (hub: number, { id }: any) =>
    (await through(hub, mara, 'ticket_get', { ticket_id: id })).ticket?.state;
  const choice = ({ review_url, digest }: any, key: string) => ({
    ...{ s: secretIn(review_url), digest, decision: 'approve', key, reason: '' },
  });
  const entries = async (ticket: string, type: string) =>
    (await machines.rows(`SELECT seq FROM audit_events WHERE ticket = '${ticket}' AND type = '${type}'`)).length;
  const hubAgain = (at: number): Promise<Hub> =>
    startHub(places[at]!, made.url, { args: ['--config', made.files[at]!] });
  const executor = () => machines.another({ login: 'an_executor' }).start(['executor']);

  it("opened through one, decided on the other's page, waited for through the first, carried out elsewhere once", async () => {
    const { key, responseTo } = await page.withPasskey('ida');
    const ticket = await opened(A, 0);
    expect(await stateAt(B, ticket)).toBe('pending');
    const path = `/tickets/${ticket.id}`;
    expect((await page.look(B, new URL(ticket.review_url).pathname + new URL(ticket.review_url).search)).status).toBe(
      200,
    );
    const runs = executor();
    const waiting = through(A, mara, 'ticket_wait', { ticket_id: ticket.id, timeout_seconds: 45 });
    const asked = await page.ask(B, `${path}/question`, choice(ticket, key));
    const answer = {
      ...{ s: secretIn(ticket.review_url), question: asked.answer.question, response: responseTo(asked.answer) },
    };
    expect(await page.ask(B, `${path}/answer`, answer)).toMatchObject({ status: 200 });
    await waiting;
    await until(
      () => through(A, mara, 'ticket_wait', { ticket_id: ticket.id, timeout_seconds: 30 }),
      ({ ticket: now }) => now.state === 'succeeded',
    );
    runs.kill('SIGTERM');
    expect(await cloud.requests('StopInstances')).toHaveLength(1);
  });

  it('opened through one, decided at a terminal, told at both', async () => {
    const ticket = await opened(A, 1);
    expect((await approve(desk, ticket, 'noa')).code).toBe(0);
    expect([await stateAt(A, ticket), await stateAt(B, ticket)]).toEqual(['approved', 'approved']);
  });

  it('the same call through the other is the same ticket, and may be taken back there', async () => {
    const ticket = await opened(A, 2);
    expect((await opened(B, 2)).id).toBe(ticket.id);
    await through(B, mara, 'ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
    expect(await stateAt(A, ticket)).toBe('withdrawn');
  });

  it.each([A, B])('another person finds nothing of it, whichever answers: hub %i', async (hub) => {
    const ticket = await opened(A, 3);
    const ana = await made.hubs[A]!.client(await tokenOf(made.issuer, made.url, ANA));
    for (const [name, more] of [
      ['ticket_get', {}],
      ['ticket_wait', { timeout_seconds: 1 }],
      ['ticket_withdraw', { reason: REASON }],
    ] as const)
      expect(await through(hub, ana, name, { ticket_id: ticket.id, ...more }), name).toMatchObject({
        refusal: { code: 'not_found' },
      });
    expect((await through(hub, ana, 'ticket_list')).tickets).toEqual([]);
  });

  it.each([A, B])("an agent's token is none for people's chats, and theirs none for agents: hub %i", async (hub) => {
    made.only(hub);
    const [agents, chats] = await Promise.all([
      tokenOf(made.issuer, made.url, { scope: 'holdshort.decide' }),
      tokenOf(made.issuer, made.url, { aud: `${made.url}/companion/mcp`, scope: 'holdshort.decide' }),
    ]);
    const asked = async (path: string, token: string) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      };
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
      return (await fetch(made.url + path, { method: 'POST', headers, body })).status;
    };
    expect(await asked('/companion/mcp', agents)).toBe(401);
    expect(await asked('/mcp', chats)).toBe(401);
    expect([await asked('/mcp', agents), await asked('/companion/mcp', chats)]).toEqual([200, 200]);
  });

  it('what one person uses up at one hub is theirs alone there, and left at the other', async () => {
    const hasty = await tokenOf(made.issuer, made.url, { sub: 'hasty' });
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const asked = async (hub: number, token: string) => {
      made.only(hub);
      return (await made.hubs[A]!.post(ping, { authorization: `Bearer ${token}` })).status;
    };
    const statuses = new Set(await Promise.all(Array.from({ length: 200 }, () => asked(A, hasty))));
    expect(statuses).toEqual(new Set([200, 429]));
    expect(await asked(A, await tokenOf(made.issuer, made.url))).toBe(200);
    expect(await asked(B, hasty)).toBe(200);
  });

  it('one is killed while it plans, while it is waited at, and between a question and its answer: the other goes on', async () => {
    const { key, responseTo } = await page.withPasskey('eva');
    const ticket = await opened(A, 4);
    const path = `/tickets/${ticket.id}`;
    const asked = await page.ask(A, `${path}/question`, choice(ticket, key));
    const waiting = through(A, mara, 'ticket_wait', { ticket_id: ticket.id, timeout_seconds: 40 });
    await cloud.fault({ action: 'DescribeInstances', mode: 'hold_before' });
    const before = (await cloud.requests('DescribeInstances')).length;
    const planning = through(A, mara, 'ec2_stop_instances', stopping(5));
    // Their clients wait for an answer that nobody gives any more.
    for (const lost of [waiting, planning]) lost.catch(() => undefined);
    await cloud.arrived('DescribeInstances', before + 1);
    await made.hubs[A]!.stop('SIGKILL');
    await cloud.release();

    const again = await opened(B, 5);
    expect(again.state).toBe('pending');
    expect((await opened(B, 5)).id).toBe(again.id);
    expect(await machines.rows(`SELECT id FROM ticket_overview WHERE state = 'planning'`)).toEqual([]);
    expect(
      (
        await page.ask(B, `${path}/answer`, {
          ...{ s: secretIn(ticket.review_url), question: asked.answer.question, response: responseTo(asked.answer) },
        })
      ).status,
    ).toBe(200);
    expect(await stateAt(B, ticket)).toBe('approved');
    expect([await entries(ticket.id, 'decision.recorded'), await entries(again.id, 'ticket.pending')]).toEqual([1, 1]);

    const back = await hubAgain(A);
    made.only(A);
    expect(await stateAt(A, ticket)).toBe('approved');
    const runs = executor();
    await until(
      () => through(A, mara, 'ticket_wait', { ticket_id: ticket.id, timeout_seconds: 30 }),
      ({ ticket: now }) => now.state === 'succeeded',
    );
    runs.kill('SIGTERM');
    const sent = (await cloud.requests('StopInstances')).map(
      ({ parameters }) => (parameters.InstanceIds as string[])[0],
    );
    expect(sent.filter((id) => id === ids[4])).toHaveLength(1);
    expect(back.child.exitCode).toBe(null);
    const verified = await desk.cli(['audit', 'verify']);
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  });
});
