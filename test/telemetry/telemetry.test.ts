import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, stop, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import { openingOf } from '../scenes/openings.ts';
import { stateOf } from '../scenes/state.ts';

/** What an SDK hears that the operator loaded before the built hub, executor and commands; and what it never hears. */

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly events: readonly unknown[];
  readonly trace: string;
  readonly id: string;
  readonly parent?: string;
}

interface Told {
  readonly spans: readonly Span[];
  readonly metrics: readonly { readonly name: string; readonly attributes: object; readonly value: unknown }[];
}

const preload = (file: string) => `--import=${pathToFileURL(resolve('test/telemetry', file))}`;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const GONE = 'i-0fedcba9876543210';
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`;
const HERE = { 'holdshort.account': '123456789012', 'holdshort.region': 'eu-west-1' };
const STOP = { 'holdshort.tool': 'ec2_stop_instances', 'holdshort.environment': 'production' };

let cloud: Cloud;
let place: Place;
let text: string;
let told: Told;
let id: string;
let token: string;
let instance: string;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 1 }] });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  const { issuer, url } = await withIssuer(place, TAKES_KEY);
  await done(place, 'approvers', 'bind', 'mara', `--issuer=${issuer.issuer}`, '--subject=mara-1', '--as', 'noa');
  const file = join(place.home, 'told.jsonl');
  writeFileSync(file, '');
  const env = { NODE_OPTIONS: preload('sdk-process.ts'), TOLD: file };
  const hub = await startHub(place, url, { env });
  token = await tokenOf(issuer, url);
  const call = async (name: string, args: object, more: Record<string, string> = {}) => {
    const params = { name, arguments: args };
    const headers = { authorization: `Bearer ${token}`, 'mcp-protocol-version': '2025-11-25', ...more };
    const response = await hub.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, headers);
    const data = (await response.text()).replace(/^[\s\S]*?data: /, '');
    return JSON.parse(data).result.structuredContent;
  };
  const { instances } = await call('ec2_describe_instances', {});
  instance = instances[0].instance_id;
  const stopping = { instance_ids: [instance], reason: REASON };
  const { ticket } = await call('ec2_stop_instances', stopping, { traceparent: TRACEPARENT, baggage: 'who=mallory' });
  id = ticket.id;
  await call('ec2_stop_instances', { instance_ids: [GONE], reason: REASON }, { traceparent: '00-0-0-mallory' });
  await call('mallorys_tool', {});
  const approved = await place.cli(['approve', id, '--yes', '--digest', ticket.digest, '--as', 'noa'], { env });
  expect(approved.stderr).toBe('');
  // Who may write an agent's rows names a ticket's tool as it likes.
  const store = openSqliteStore({ file: place.database });
  const forged = openingOf(Date.now(), { state: 'approved', draft: { agent: 'kiro', tool: 'mallorys_row' } });
  await store.forAgent({ agent: 'kiro', operator: 'ann', session: 's1' }).openTicket(forged);
  await store.close();
  const executor = place.start(['executor'], env);
  await until(
    () => stateOf(place, forged.id),
    (state) => state === 'stale',
  );
  await until(
    () => call('ticket_get', { ticket_id: id }),
    (answer) => answer.ticket.state === 'succeeded',
  );
  await stop(executor);
  await hub.stop();
  text = readFileSync(file, 'utf8');
  const parts = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
  told = { spans: parts.flatMap(({ spans }) => spans), metrics: parts.flatMap(({ metrics }) => metrics) };
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

const named = (name: string) => told.spans.filter((span) => span.name === `holdshort.${name}`);
const about = (name: string) => named(name).filter(({ attributes }) => attributes['holdshort.ticket'] === id);
const numbers = (name: string) =>
  told.metrics
    .filter((metric) => metric.name === `holdshort.${name}`)
    .map(({ attributes, value }) => [attributes, value]);

describe('an SDK that is loaded before the command', () => {
  it('gets the call, in the trace that its sender began, with its planning in it', () => {
    const [call] = about('call').filter(({ attributes }) => attributes['holdshort.tool'] === 'ec2_stop_instances');
    expect(call).toMatchObject({ trace: TRACE, parent: CALLER, kind: 1, events: [] });
    const outcome = { 'holdshort.outcome': 'pending_approval' };
    expect(call?.attributes).toEqual({ ...STOP, ...HERE, ...outcome, 'holdshort.ticket': id });
    const [planning] = about('planning');
    expect(planning).toMatchObject({ trace: TRACE, parent: call?.id });
    expect(planning?.attributes).toMatchObject({ 'holdshort.state': 'pending', 'holdshort.region': 'eu-west-1' });
  });

  it('gets a read with where it looked, and begins a trace of its own where the sender named none', () => {
    const [read] = named('call').filter(({ attributes }) => attributes['holdshort.tool'] === 'ec2_describe_instances');
    expect(read?.parent).toBeUndefined();
    expect(read?.attributes).toMatchObject({ ...HERE, 'holdshort.outcome': 'completed' });
  });

  it('gets of what failed its code, and nothing that it says', () => {
    const [failed] = named('planning').filter(({ status }) => status.code === 2);
    expect(failed).toMatchObject({ status: { code: 2 }, events: [] });
    const where = { 'holdshort.tool': 'ec2_stop_instances', 'holdshort.region': 'eu-west-1' };
    expect(failed?.attributes).toEqual({ ...where, 'holdshort.code': 'not_found' });
    expect(failed?.trace).not.toBe(TRACE);
  });

  it('gets the decision, and the execution with its one request', () => {
    expect(about('decision').map(({ attributes }) => attributes)).toEqual([
      { ...STOP, 'holdshort.ticket': id, 'holdshort.decision': 'approve', 'holdshort.state': 'approved' },
    ]);
    const [execution, ...more] = about('execution');
    expect(more).toEqual([]);
    const ended = { 'holdshort.outcome': 'go', 'holdshort.state': 'succeeded' };
    expect(execution?.attributes).toEqual({ ...STOP, ...HERE, ...ended, 'holdshort.ticket': id });
    const requests = about('request');
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ trace: execution?.trace, parent: execution?.id, kind: 2 });
    expect(requests[0]?.attributes).toMatchObject({ ...STOP, ...HERE, 'holdshort.outcome': 'accepted' });
  });

  it('counts calls by tool and outcome, refusals by code, tickets by state', () => {
    const tool = (name: string, outcome: string) => ({ 'holdshort.tool': name, 'holdshort.outcome': outcome });
    expect(numbers('calls')).toEqual(
      expect.arrayContaining([
        [tool('ec2_describe_instances', 'completed'), 1],
        [tool('ec2_stop_instances', 'pending_approval'), 1],
        [tool('unknown_tool', 'refused'), 1],
      ]),
    );
    const refusals = [
      [{ 'holdshort.tool': 'ec2_stop_instances', 'holdshort.code': 'not_found' }, 1],
      [{ 'holdshort.tool': 'unknown_tool', 'holdshort.code': 'unknown_tool' }, 1],
      [{ 'holdshort.code': 'stale' }, 1],
    ];
    expect(numbers('refusals')).toHaveLength(3);
    expect(numbers('refusals')).toEqual(expect.arrayContaining(refusals));
    const states = ['pending', 'approved', 'executing', 'succeeded'];
    const of = (state: string, tool = 'ec2_stop_instances') => [
      { ...STOP, 'holdshort.tool': tool, 'holdshort.state': state },
      1,
    ];
    expect(numbers('tickets')).toHaveLength(states.length + 1);
    expect(numbers('tickets')).toEqual(
      expect.arrayContaining([...states.map((state) => of(state)), of('stale', 'unknown_tool')]),
    );
  });

  it('times the decision and the way from there to the wire, once', () => {
    expect(numbers('ticket.time_to_decision')).toMatchObject([
      [{ ...STOP, 'holdshort.state': 'approved' }, { count: 1 }],
    ]);
    expect(numbers('ticket.decision_to_wire')).toMatchObject([
      [{ ...STOP, 'holdshort.state': 'executing' }, { count: 1 }],
    ]);
  });

  it('hears no token, argument, name of a thing, reason, person, or text of an agent', () => {
    for (const secret of [token, instance, GONE, REASON, 'mara', 'noa', 'kiro', 'mallory', 'testing'])
      expect(text).not.toContain(secret);
    const known = 'ticket|tool|account|region|environment|outcome|code|state|decision|step';
    for (const { attributes } of [...told.spans, ...told.metrics])
      for (const name of Object.keys(attributes)) expect(name).toMatch(new RegExp(`^holdshort\\.(${known})$`));
  });
});

describe('one that throws', () => {
  it('changes no answer', async () => {
    const env = { NODE_OPTIONS: preload('broken-sdk-process.ts') };
    const agent = await place.agent(['--no-executor'], { env });
    const { instances } = await agent.call('ec2_describe_instances');
    expect(instances).toHaveLength(1);
    const { refusal } = await agent.call('ec2_stop_instances', { instance_ids: [GONE], reason: REASON });
    expect(refusal.code).toBe('not_found');
    await agent.close();
  });
});

describe('without one', () => {
  const loadedBy = async (options: string, name: string) => {
    const file = join(place.home, name);
    writeFileSync(file, '');
    const agent = await place.agent(['--no-executor'], {
      env: { NODE_OPTIONS: options, LOADED: file, TOLD: join(place.home, `${name}-told`) },
    });
    await agent.call('ticket_list');
    await agent.close();
    return readFileSync(file, 'utf8');
  };

  it('serve loads nothing of it', async () => {
    const TELEMETRY = /dist\/chunks\/(opentelemetry|measured-store)-/;
    const loaded = await loadedBy(preload('loaded-process.ts'), 'without');
    expect(loaded).toMatch(/dist\/chunks\//);
    expect(loaded).not.toMatch(TELEMETRY);
    // As it would show, were it loaded.
    expect(await loadedBy(`${preload('loaded-process.ts')} ${preload('sdk-process.ts')}`, 'with')).toMatch(TELEMETRY);
  });
});
