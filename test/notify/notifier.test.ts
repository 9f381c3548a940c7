import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startNotifier } from '../../src/notify/notifier.ts';
import type { Recipient } from '../../src/notify/recipient.ts';
import { standardHeaders } from '../../src/notify/standard-webhook.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { until } from '../scenes/front-door.ts';
import { decision, openingOf, person } from '../scenes/openings.ts';
import { type Endpoint, idsAt, startEndpoint } from '../scenes/webhook.ts';

const DAY_MS = 86_400_000;
const ann = person('ann');

function setUp(...endpoints: readonly Endpoint[]) {
  const home = mkdtempSync(join(tmpdir(), 'holdshort-notify-'));
  const secret = randomBytes(32);
  const secretFile = join(home, 'secret');
  writeFileSync(secretFile, `whsec_${secret.toString('base64')}\n`, { mode: 0o600 });
  const on = ['pending', 'decided', 'executed', 'ended'] as const;
  const recipients = endpoints.map(
    ({ url }, at): Recipient => ({ id: `r${at}`, on, kind: 'webhook', url, format: 'standard', secretFile }),
  );
  const file = join(home, 'holdshort.db');
  let now = Date.now();
  const store = openSqliteStore({ file, clock: () => now, recipients: () => recipients.map(({ id }) => id) });
  onTestFinished(async () => {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  });
  const open = async (parts: Parameters<typeof openingOf>[1] = {}) =>
    (await store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }).openTicket(openingOf(now, parts)))
      .ticket;
  const start = (more: Partial<Parameters<typeof startNotifier>[0]> = {}) => {
    const warnings: object[] = [];
    const log = { warn: (line: object) => void warnings.push(line), error: (line: object) => void warnings.push(line) };
    const notifier = startNotifier({
      store: store.forNotifier(),
      recipients,
      log: log as never,
      timeoutMs: 500,
      retryMs: [0],
      ...more,
    });
    onTestFinished(() => notifier.stop());
    return { ...notifier, warnings };
  };
  const left = () => {
    const database = new Sqlite(file, { readonly: true });
    try {
      return database.prepare('SELECT id FROM notice ORDER BY seq').pluck().all();
    } finally {
      database.close();
    }
  };
  return {
    store,
    secret,
    recipients,
    open,
    start,
    left,
    tick: (ms: number) => {
      now += ms;
    },
  };
}

const arrive = (endpoint: Endpoint, count: number) =>
  until(
    () => endpoint.received.length,
    (length) => length >= count,
  );

describe('a notice', () => {
  test('is signed as Standard Webhooks says', async () => {
    // The example of the specification's own libraries.
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const headers = standardHeaders(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      new Date(1_614_265_330_000),
      '{"test": 2432232314}',
      key,
    );
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');

    const endpoint = await startEndpoint();
    const { open, start, secret, left } = setUp(endpoint);
    const ticket = await open();
    start();
    await arrive(endpoint, 1);
    const [{ headers: sent, body }] = endpoint.received as [Endpoint['received'][number]];
    const signed = `${sent['webhook-id']}.${sent['webhook-timestamp']}.${body}`;
    expect(sent['webhook-signature']).toBe(`v1,${createHmac('sha256', secret).update(signed).digest('base64')}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'ticket.pending',
      data: { ticket: ticket.id, environment: 'production', agent: 'claude', digest: ticket.plan!.digest },
    });
    await until(left, ({ length }) => length === 0);
  });

  test('tells who denied a ticket and why, and none of what the call or the agent said', async () => {
    const endpoint = await startEndpoint();
    const { open, store, start } = setUp(endpoint);
    const secret = 'hunter2-in-an-argument';
    const ticket = await open({
      plan: { arguments: { password: secret } },
      draft: { reason: 'click https://evil.example' },
    });
    await store.forApprover().recordDecision({
      ticket: ticket.id,
      expected: { state: 'pending', decisions: 0 },
      signed: decision(ann, ticket, 'deny'),
      to: 'denied',
      actor: 'approver:ann',
      refusal: { code: 'denied', message: 'denied by ann: \u001b[31mno\u202e', recovery: 'r' },
      detail: {},
    });
    start();
    await arrive(endpoint, 2);
    const [waits, denied] = endpoint.received.map(({ body }) => JSON.parse(body));
    expect(waits.data.refusal).toBeUndefined();
    expect(denied).toMatchObject({
      type: 'ticket.denied',
      data: { by: 'approver:ann', refusal: { code: 'denied', message: 'denied by ann: \\u{1b}[31mno\\u{202e}' } },
    });
    const all = endpoint.received.map(({ body }) => body).join();
    expect(all).not.toContain(secret);
    expect(all).not.toContain('evil.example');
    expect(all).not.toMatch(/review_url|http/);
  });

  test('is sent again with its id after a 500, a redirection and no answer, and what follows waits for it', async () => {
    const endpoint = await startEndpoint(500, 302, 'hang');
    const { open, start } = setUp(endpoint);
    const tickets = [await open(), await open(), await open()];
    const { warnings } = start();
    await arrive(endpoint, 6);
    const ids = idsAt(endpoint);
    expect(new Set(ids.slice(0, 4)).size).toBe(1);
    expect(new Set(ids).size).toBe(3);
    const order = endpoint.received.slice(3).map(({ body }) => JSON.parse(body).data.ticket);
    expect(order).toEqual(tickets.map(({ id }) => id));
    expect(warnings.map((line) => (line as { ticket?: string }).ticket)).toEqual(Array(3).fill(tickets[0]?.id));
    expect(JSON.stringify(warnings)).not.toContain(endpoint.url);
  });

  test('for one recipient is not held up by another that hangs', async () => {
    const [hangs, fine] = [await startEndpoint('hang', 'hang', 'hang'), await startEndpoint()];
    const { open, start } = setUp(hangs, fine);
    await open();
    await open();
    start({ timeoutMs: 30_000 });
    await arrive(fine, 2);
    expect(hangs.received).toHaveLength(1);
  });

  test('that somebody had when they died is sent by the next, with the same id', async () => {
    const endpoint = await startEndpoint();
    const { open, start, store, tick } = setUp(endpoint);
    await open();
    const [taken] = await store.forNotifier().takeNotices(['r0'], 5_000);
    expect(await store.forNotifier().takeNotices(['r0'], 5_000)).toEqual([]);
    start();
    tick(5_001);
    await arrive(endpoint, 1);
    expect(idsAt(endpoint)).toEqual([taken!.id]);
  });

  test('is there if and only if the step is', async () => {
    const endpoint = await startEndpoint();
    const { open, left, store } = setUp(endpoint);
    const ticket = await open({ call: 'c'.repeat(64) });
    await open({ call: 'c'.repeat(64) });
    const late = store.forApprover().recordDecision({
      ticket: ticket.id,
      expected: { state: 'pending', decisions: 7 },
      signed: decision(ann, ticket, 'approve'),
      to: 'approved',
      actor: 'approver:ann',
      detail: {},
    });
    await expect(late).rejects.toThrow();
    expect(left()).toHaveLength(1);
  });

  test('that nobody takes for a day is given up, and the log says so, also when nobody knows the recipient any more', async () => {
    const endpoint = await startEndpoint(...Array.from({ length: 1000 }, () => 500));
    const { open, start, store, left, tick } = setUp(endpoint);
    await open();
    const { stop } = start({ retryMs: [60_000] });
    await arrive(endpoint, 1);
    await stop();
    tick(DAY_MS);
    start({ recipients: [] });
    await until(left, ({ length }) => length === 0);
    const entries = (await store.forAudit().entries(1, 100)).map(({ text }) => JSON.parse(text));
    expect(entries.at(-1)).toMatchObject({
      type: 'notification.abandoned',
      outcome: 'failed',
      detail: { recipient: 'r0', tries: 1 },
    });
  });
});

test('what Slack shows is text, whatever a name holds', async () => {
  const endpoint = await startEndpoint();
  const { open, start, store } = setUp(endpoint);
  const hostile = '```<!channel> <https://evil.example|Approve> *bold* [x](https://evil.example) & \u0007\u2800';
  await open({ plan: { targets: [{ id: 'i-1', type: 'AWS::EC2::Instance', name: hostile, tags: {} }] } });
  start({
    store: store.forNotifier(),
    recipients: [{ id: 'r0', on: ['pending'], kind: 'webhook', url: endpoint.url, format: 'slack' }],
  });
  await arrive(endpoint, 1);
  const [{ headers, body }] = endpoint.received as [Endpoint['received'][number]];
  expect(headers['webhook-signature']).toBeUndefined();
  const { text } = JSON.parse(body) as { text: string };
  expect(text).toMatch(/^```\n[^`]*\n```$/);
  expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  expect(text).not.toMatch(/[<>]/);
  expect(text).toContain('waits for a decision');
});
