import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { approve, enroll } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';
import { CLIENTS } from './clients.ts';

/** One approver, one cloud, and two instances for each client. */
let cloud: Cloud;
let place: Place;
let instances: readonly string[] = [];

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: CLIENTS.length * 2, tags: { Name: 'web' } }] });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  const agent = await place.agent();
  const described = (await agent.call('ec2_describe_instances')) as { instances: { instance_id: string }[] };
  instances = described.instances.map(({ instance_id }) => instance_id);
  await agent.close();
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

// Side by side: most of it is waiting.
describe.each(CLIENTS)('%s', { concurrent: true }, (_name, connect, protocol) => {
  const number = CLIENTS.findIndex(([, other]) => other === connect);
  const connected = async ({ onTestFinished }: TestContext, agent: string) => {
    const client = await connect(place, { args: ['--agent', `${agent}-${number}`] });
    onTestFinished(() => client.close());
    return client;
  };

  test('agrees on its protocol version, and gets instructions and the tools', async (context) => {
    const client = await connected(context, 'greeter');
    expect(client).toMatchObject({ protocol, server: 'holdshort' });
    expect(client.instructions).toContain('Nothing that you can send approves a ticket');
    expect(await client.tools()).toEqual(
      expect.arrayContaining(['cloudformation_deploy_stack', 'ec2_terminate_instances', 'ticket_wait']),
    );
    expect(await client.templates()).toEqual(['holdshort://tickets/{id}']);
    // 2026-07-28 has no ping: the client's own library refuses to send one.
    if (protocol === '2026-07-28') await expect(client.ping()).rejects.toThrow('not supported');
    else await client.ping();
    const { data } = await client.call('ticket_list');
    expect(data).toEqual({ tickets: [] });
    expect(events(place, 'session.opened').filter(({ actor }) => actor === `agent:greeter-${number}`)).toMatchObject([
      { detail: { client: 'interop', client_version: '1.0.0', protocol } },
    ]);
  });

  test('has a change held, waits with progress, and is told of the decision and the outcome', async (context) => {
    const client = await connected(context, 'waiter');
    const instance = instances[number]!;
    const held = await client.call('ec2_stop_instances', { instance_ids: [instance], reason: REASON });
    expect(held).toMatchObject({ isError: false, data: { outcome: 'pending_approval', ticket: { state: 'pending' } } });
    const { ticket } = held.data;
    const uri = `holdshort://tickets/${ticket.id}`;
    expect(await client.resources()).toEqual([uri]);
    const before = await client.read(uri);
    expect([before.uri, before.mimeType]).toEqual([uri, 'application/json']);
    expect(JSON.parse(before.text)).toMatchObject({ ticket: { id: ticket.id, state: 'pending' } });

    const announced: string[] = [];
    await client.subscribe(uri, (changed) => announced.push(changed));
    const progress: { progress: number; total?: number | undefined }[] = [];
    const waiting = client.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 40 }, (one) => {
      progress.push(one);
    });
    // Two of them: the first is sent at once, the second only because time goes by.
    await until(
      () => progress.length,
      (count) => count >= 2,
    );
    expect(await approve(place, ticket, 'noa')).toMatchObject({ code: 0 });
    const waited = await waiting;
    expect(waited.data).toMatchObject({ ticket: { id: ticket.id, state: 'succeeded' } });
    expect(progress.map(({ total }) => total)).toEqual(progress.map(() => 40));
    expect(progress.map((one) => one.progress)).toEqual(progress.map((one) => one.progress).sort((a, b) => a - b));
    expect(new Set(progress.map((one) => one.progress)).size, 'progress must rise').toBe(progress.length);

    await until(
      () => announced.length,
      (count) => count > 0,
    );
    expect(new Set(announced)).toEqual(new Set([uri]));
    expect(JSON.parse((await client.read(uri)).text)).toMatchObject({ ticket: { state: 'succeeded' } });
    const { data } = await client.call('ec2_describe_instances', { instance_ids: [instance] });
    expect(data.instances[0]?.state).toMatch(/^stop/);
    expect(await cloud.requests('StopInstances')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ parameters: expect.objectContaining({ InstanceIds: [instance] }) }),
      ]),
    );
  });

  test('learns of a denial of a ticket that an earlier process opened', async (context) => {
    const first = await connected(context, 'heir');
    const instance = instances[CLIENTS.length + number]!;
    const held = await first.call('ec2_terminate_instances', { instance_ids: [instance], reason: REASON });
    const { ticket } = held.data;
    await first.close();

    const second = await connected(context, 'heir');
    const announced: string[] = [];
    await second.subscribe(`holdshort://tickets/${ticket.id}`, (changed) => announced.push(changed));
    const denial = ['deny', ticket.id, '--reason', 'not today', '--yes', '--digest', ticket.digest, '--as', 'noa'];
    expect(await place.cli(denial)).toMatchObject({ code: 0 });
    await until(
      () => announced.length,
      (count) => count > 0,
      10_000,
    );
    const { data } = await second.call('ticket_wait', { ticket_id: ticket.id });
    expect(data).toMatchObject({
      ticket: { state: 'denied' },
      refusal: { code: 'denied', message: 'denied by noa: not today' },
    });
    const again = await second.call('ec2_describe_instances', { instance_ids: [instance] });
    expect(again.data.instances[0]?.state).toBe('running');
  });

  test('is told clearly what it did wrong', async (context) => {
    const client = await connected(context, 'clumsy');
    const wrong = await client.call('ec2_stop_instances', { instance_ids: ['i-*'], reason: REASON });
    expect(wrong).toMatchObject({ isError: true, data: { outcome: 'refused', refusal: { code: 'invalid_input' } } });
    expect(wrong.text).toContain('wildcards are not taken');
    const extra = await client.call('ec2_describe_instances', { approved: true });
    expect(extra).toMatchObject({ isError: true, data: { refusal: { code: 'invalid_input' } } });
    const none = await client.call('approve_ticket', { ticket_id: 'tkt_000000' });
    expect(none).toMatchObject({ isError: true, data: { refusal: { code: 'unknown_tool' } } });
    const misspelt = await client.call('ec2_stop_instance', { instance: 'i-0123456789abcdef0' });
    expect(misspelt.text).toContain('Did you mean ec2_stop_instances?');
    const far = await client.call('s3_delete_bucket', {});
    expect(far.text).toContain('Use one of those that tools/list has.');
    const unnamed = await client.call('ec2_stop_instances', { reason: REASON });
    expect(unnamed.text).toContain('Refused (invalid_input): instance_ids: is missing.');
    await expect(client.read('holdshort://tickets/tkt_zzzzzzzzzzzzzzzzzzzz')).rejects.toThrow();
    await expect(client.read('file:///etc/passwd')).rejects.toThrow();
  });
});
