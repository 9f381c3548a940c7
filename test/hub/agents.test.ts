import { once } from 'node:events';
import { request } from 'node:http';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { approve, makePlace, type Place, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { type Hub, type HubClient, hubsBehindOne, MARA, tokenOf } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';
import { events } from '../scenes/state.ts';

/** What agents get through two hubs behind a balancer: the same as over stdio, and of others' tickets nothing. */

const ANA = { ...MARA, sub: 'ana-1' };

let cloud: Cloud;
let place: Place;
let hubs: readonly Hub[];
let hub: Hub;
let issuer: TestIssuer;
let url: string;
let taken: () => readonly number[];
let mara: HubClient;
let ids: string[];

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 8 }] });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  for (const name of ['mara', 'ana']) await enroll(place, name, 'noa');
  ({ hubs, issuer, url, taken } = await hubsBehindOne(place, TAKES_KEY, 2));
  for (const [name, subject] of [
    ['mara', 'mara-1'],
    ['ana', 'ana-1'],
  ])
    await done(place, 'approvers', 'bind', name!, `--issuer=${issuer.issuer}`, `--subject=${subject}`, '--as', 'noa');
  hub = hubs[0]!;
  mara = await hub.client(await tokenOf(issuer, url));
  const { instances } = await mara.call('ec2_describe_instances');
  ids = instances.map(({ instance_id }: { instance_id: string }) => instance_id);
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const sql = (text: string) => {
  const database = new Sqlite(place.database, { readonly: true });
  try {
    return database.prepare<[], Record<string, string>>(text).all();
  } finally {
    database.close();
  }
};

const stopping = (at: number) => ({ instance_ids: [ids[at]], reason: REASON });

describe('through hubs', () => {
  it('a ticket is held in the name that the token gives, decided, run once elsewhere, and waited for', async () => {
    const { ticket } = await mara.call('ec2_stop_instances', stopping(0));
    expect(ticket.state).toBe('pending');
    const opened = events(place).find(({ type, ticket: of }) => type === 'ticket.pending' && of === ticket.id);
    expect(opened).toMatchObject({ actor: 'agent:kiro' });
    expect(await place.json(['tickets', 'show', ticket.id])).toMatchObject({
      plan: { operator: 'mara' },
    });
    expect((await approve(place, ticket, 'noa')).code).toBe(0);
    expect((await mara.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('approved');
    place.start(['executor']);
    const waited = await until(
      () => mara.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 30 }),
      (answer) => answer.ticket?.state === 'succeeded',
    );
    expect(waited.ticket.id).toBe(ticket.id);
    expect(Math.min(...taken())).toBeGreaterThan(2);
  });

  it("another person's ticket is not found, by the same agent and whatever tool", async () => {
    const { ticket } = await mara.call('ec2_stop_instances', stopping(1));
    const ana = await hub.client(await tokenOf(issuer, url, ANA));
    for (const [name, more] of [
      ['ticket_get', {}],
      ['ticket_wait', { timeout_seconds: 1 }],
      ['ticket_withdraw', { reason: REASON }],
      ['ticket_restore', { reason: REASON }],
    ] as const)
      expect(await ana.call(name, { ticket_id: ticket.id, ...more }), name).toMatchObject({
        refusal: { code: 'not_found' },
      });
    expect((await ana.call('ticket_list')).tickets).toEqual([]);
    expect((await ana.client.listResources()).resources).toEqual([]);
    await expect(ana.client.readResource({ uri: `holdshort://tickets/${ticket.id}` })).rejects.toThrow();
    // The same call is hers, and waits beside mara's.
    const hers = await ana.call('ec2_stop_instances', stopping(1));
    expect(hers.ticket.id).not.toBe(ticket.id);
    expect((await mara.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('pending');
  });

  it('a login that nobody bound asks for nothing that needs somebody else', async () => {
    const stranger = await hub.client(await tokenOf(issuer, url, { sub: 'stranger', email: 'noa@example.com' }));
    expect(await stranger.call('ec2_stop_instances', stopping(3))).toMatchObject({
      refusal: { code: 'operator_unbound' },
    });
    expect((await stranger.call('ec2_describe_instances')).instances.length).toBeGreaterThan(0);
  });

  it('another agent of the same person has its own tickets', async () => {
    const { ticket } = await mara.call('ec2_stop_instances', stopping(2));
    const robot = await hub.client(await tokenOf(issuer, url, { client_id: 'robot' }));
    expect(await robot.call('ticket_get', { ticket_id: ticket.id })).toMatchObject({ refusal: { code: 'not_found' } });
  });

  it("the session is the issuer's, whichever hub answers, and no other person's", async () => {
    const sid = 'one-session';
    const ofMara = await hub.client(await tokenOf(issuer, url, { sid, jti: 'a' }));
    const again = await hub.client(await tokenOf(issuer, url, { sid, jti: 'b' }));
    const ofAna = await hub.client(await tokenOf(issuer, url, { ...ANA, sid }));
    for (const client of [ofMara, again, ofAna]) await client.call('ticket_list');
    const listed = sql("SELECT session FROM audit_events WHERE tool = 'ticket_list' ORDER BY seq DESC LIMIT 3");
    const sessions = listed.map(({ session }) => session).toReversed();
    expect(sessions[0]).toBe(sessions[1]);
    expect(sessions[2]).not.toBe(sessions[0]);
  });

  it('what an argument says of agent and operator is refused', async () => {
    const answer = await mara.call('ec2_stop_instances', { ...stopping(3), operator: 'noa', agent: 'robot' });
    expect(answer.refusal.code).toBe('invalid_input');
  });

  it('a change is announced to a stream that listens, from whatever process; another person hears nothing', async () => {
    const { ticket } = await mara.call('ec2_stop_instances', stopping(4));
    const uri = `holdshort://tickets/${ticket.id}`;
    const heard: string[] = [];
    const others: string[] = [];
    const ana = await hub.client(await tokenOf(issuer, url, ANA));
    const listen = async (client: HubClient, into: string[]) => {
      client.client.setNotificationHandler(
        'notifications/resources/updated',
        ({ params }) => void into.push(params.uri),
      );
      await client.client.listen({ resourceSubscriptions: [uri] });
    };
    const listening = await hub.client(await tokenOf(issuer, url), { versionNegotiation: { mode: 'auto' } });
    await listen(listening, heard);
    const stranger = await hub.client(await tokenOf(issuer, url, ANA), { versionNegotiation: { mode: 'auto' } });
    await listen(stranger, others);
    const hers = await ana.call('ec2_stop_instances', stopping(4));
    await mara.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
    await until(
      () => heard,
      (uris) => uris.includes(uri),
    );
    expect(hers.ticket.state).toBe('pending');
    expect(others).toEqual([]);
  });

  it.each([
    ['the present SDK, 2026-07-28', 'present'],
    ['the older SDK', 'older'],
  ] as const)('%s: tools are listed, a ticket held', async (_, which) => {
    const token = await tokenOf(issuer, url);
    const at = which === 'older' ? 5 : 6;
    if (which === 'present') {
      const modern = await hub.client(token, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
      expect((await modern.client.listTools()).tools.length).toBeGreaterThan(40);
      expect((await modern.call('ec2_stop_instances', stopping(at))).ticket.state).toBe('pending');
      return;
    }
    const older = new OlderClient({ name: 'older', version: '1.0.0' });
    const headers = { authorization: `Bearer ${token}` };
    await older.connect(new OlderTransport(new URL(hub.resource), { requestInit: { headers } }) as never);
    expect((await older.listTools()).tools.length).toBeGreaterThan(40);
    const called = await older.callTool({ name: 'ec2_stop_instances', arguments: stopping(at) });
    expect(called.structuredContent).toMatchObject({ ticket: { state: 'pending' } });
    await older.close();
  });

  it('a stream that breaks during a call loses nothing: the same call again gives its ticket', async () => {
    const token = await tokenOf(issuer, url);
    const body = JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'ec2_stop_instances', arguments: stopping(7) },
    });
    const headers = {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      accept: 'application/json, text/event-stream',
    };
    const sent = request(hub.resource, { method: 'POST', headers: { ...headers, host: new URL(url).host } });
    sent.on('error', () => undefined);
    sent.end(body);
    await once(sent, 'finish');
    sent.destroy();
    const about = () =>
      events(place).filter(({ type, detail }) => type === 'ticket.pending' && JSON.stringify(detail).includes(ids[7]!));
    const { ticket } = await mara.call('ec2_stop_instances', stopping(7));
    expect(ticket.state).toBe('pending');
    expect(about().length).toBeLessThanOrEqual(1);
    expect((await mara.call('ticket_list')).tickets.filter(({ id }: { id: string }) => id === ticket.id)).toHaveLength(
      1,
    );
  });
});
