import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/audit/events.ts';
import { REASON, stop, until } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

const QUEUE = { Resources: { One: { Type: 'AWS::SQS::Queue' } } };
const shell = spawnSync('sqlite3', ['--version'], { encoding: 'utf8' });

let scene: Scene;
let instance: string;

beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        { name: 'shop', template: QUEUE },
        { name: 'safe', template: QUEUE, terminationProtection: true },
      ],
      instances: [{}],
    },
    { approvers: ['mara'], serve: ['--no-executor'] },
  );
  const { Reservations } = await scene.ec2.send(new DescribeInstancesCommand({}));
  instance = Reservations?.[0]?.Instances?.[0]?.InstanceId ?? '';
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const newest = () => Number(scene.rows('SELECT max(seq) AS seq FROM audit_events')[0]?.seq ?? 0);
const since = (seq: number) => scene.rows('SELECT * FROM audit_events WHERE seq > ? ORDER BY seq', seq);

describe('every call leaves an entry', () => {
  const change = { reason: REASON };
  const calls: [string, string, () => Record<string, unknown>, string, string][] = [
    ['a read', 'ec2_describe_instances', () => ({}), 'call.completed', 'completed'],
    [
      'a read of what is not there',
      'cloudformation_describe_stack',
      () => ({ stack_name: 'none' }),
      'call.failed',
      'not_found',
    ],
    [
      'a tool that is not there',
      'ticket_approve',
      () => ({ ticket_id: 'tkt_abcdef' }),
      'call.rejected',
      'unknown_tool',
    ],
    [
      'an argument that is not there',
      'ec2_describe_instances',
      () => ({ approve: true }),
      'call.rejected',
      'invalid_input',
    ],
    [
      'a wildcard',
      'cloudformation_delete_stack',
      () => ({ stack_name: '*', ...change }),
      'call.rejected',
      'invalid_input',
    ],
    [
      'a change without a reason',
      'cloudformation_delete_stack',
      () => ({ stack_name: 'shop' }),
      'call.rejected',
      'invalid_input',
    ],
    [
      'a change of what is protected',
      'cloudformation_delete_stack',
      () => ({ stack_name: 'safe', ...change }),
      'call.refused',
      'protected',
    ],
    [
      'a change that changes nothing',
      'cloudformation_deploy_stack',
      () => ({ stack_name: 'shop', use_previous_template: true, ...change }),
      'call.refused',
      'no_changes',
    ],
    [
      'a change that is held',
      'ec2_terminate_instances',
      () => ({ instance_ids: [instance], ...change }),
      'ticket.pending',
      '',
    ],
    [
      'the same change again',
      'ec2_terminate_instances',
      () => ({ instance_ids: [instance], reason: 'The same again, in other words.' }),
      'call.completed',
      'pending_approval',
    ],
    [
      'looking for a ticket that is not there',
      'ticket_get',
      () => ({ ticket_id: 'tkt_zzzzzzzz' }),
      'call.failed',
      'not_found',
    ],
    ['a list of tickets', 'ticket_list', () => ({}), 'call.completed', 'completed'],
  ];
  test.each(calls)('[P6-1] %s: %s', async (_, tool, args, type, outcome) => {
    const before = newest();
    await scene.agent.client.callTool({ name: tool, arguments: args() });
    const entry = since(before).findLast((one) => one.type === type);
    expect(since(before).map((one) => one.type)).toContain(type);
    expect(entry).toMatchObject({ tool, actor: 'agent:agent' });
    expect(entry?.outcome ?? '').toBe(outcome);
    expect(entry?.session).toMatch(/^ses_/);
  });

  test('[P6-1] AWS refuses, or does not answer, while a change is planned', async () => {
    for (const [code, status, outcome] of [
      ['UnauthorizedOperation', 403, 'aws_denied'],
      ['InternalError', 500, 'aws_unreachable'],
    ] as const) {
      const before = newest();
      await scene.cloud.fault({ action: 'DescribeInstances', mode: 'error_before', code, status, times: 3 });
      await scene.agent.call('ec2_stop_instances', { instance_ids: [instance], ...change });
      expect(since(before)).toMatchObject([{ type: 'call.failed', tool: 'ec2_stop_instances', outcome }]);
      // What the SDK's retries left of the fault must not reach the next call.
      await fetch(`${scene.cloud.endpoint}/_sandbox/requests`);
      while ((await scene.agent.call('ec2_describe_instances')).refusal);
    }
  });

  test('[P6-1] withdrawing: the call, and the step of the ticket', async () => {
    const ticket = await scene.ask('cloudformation_delete_stack', { stack_name: 'shop' });
    const before = newest();
    await scene.agent.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
    expect(since(before)).toMatchObject([
      { type: 'ticket.withdrawn', ticket: ticket.id },
      { type: 'call.completed', tool: 'ticket_withdraw', ticket: ticket.id },
    ]);
  });

  test('[P6-2] a decision that is refused, and one that counts', async () => {
    const ticket = await scene.ask('cloudformation_delete_stack', { stack_name: 'shop' });
    const before = newest();
    const wrong = ['--yes', '--digest', '0'.repeat(64), '--as', 'mara'];
    expect((await scene.place.cli(['approve', ticket.id, ...wrong])).code).toBe(3);
    const right = ['--yes', '--digest', ticket.digest, '--as', 'mara'];
    expect((await scene.place.cli(['deny', ticket.id, '--reason', 'not today', ...right])).code).toBe(0);
    expect(since(before)[0]?.detail).toContain('"wrong_digest"');
    expect(since(before)).toMatchObject([
      { type: 'decision.rejected', actor: 'cli', outcome: 'refused' },
      { type: 'decision.recorded', actor: 'approver:mara' },
      { type: 'ticket.denied', actor: 'approver:mara', outcome: 'denied' },
    ]);
  });
});

describe('written before the effect', () => {
  test('[P6-3] the entry of the intent is there when the request arrives, and AWS has not acted yet', async () => {
    const ticket = await scene.approved('ec2_stop_instances', { instance_ids: [instance] });
    await scene.cloud.fault({ action: 'StopInstances', mode: 'hold_before', ms: 2_000 });
    const executor = scene.place.start(['executor']);
    const [request] = await scene.cloud.arrived('StopInstances');
    const [entry] = scene.rows(`SELECT * FROM audit_events WHERE ticket = ? AND type = 'ticket.executing'`, ticket.id);
    expect(JSON.parse(entry?.detail ?? '{}')).toMatchObject({
      action: 'ec2:StopInstances',
      intent: { token: expect.stringMatching(/^holdshort-[0-9a-z]{20}$/) },
      approvals: [{ person: 'mara' }],
    });
    expect(Date.parse(entry?.at ?? '')).toBeLessThanOrEqual(Date.parse(request?.at ?? ''));
    const { Reservations } = await scene.ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('running');
    expect(await scene.settled(ticket.id)).toBe('succeeded');
    await stop(executor);
  });

  test('[P6-3] so is that of a change set that planning makes', async () => {
    const template_body = JSON.stringify({ Resources: { ...QUEUE.Resources, Two: { Type: 'AWS::SQS::Queue' } } });
    const before = newest();
    const earlier = (await scene.cloud.requests('CreateChangeSet')).length;
    await scene.cloud.fault({ action: 'CreateChangeSet', mode: 'hold_before', ms: 1_000 });
    const asked = scene.ask('cloudformation_deploy_stack', { stack_name: 'shop', template_body });
    const made = (await scene.cloud.arrived('CreateChangeSet', earlier + 1)).at(-1);
    const [entry] = since(before);
    expect(entry).toMatchObject({ type: 'aws.requested', tool: 'cloudformation_deploy_stack' });
    expect(JSON.parse(entry?.detail ?? '{}').change_set_name).toBe(made?.parameters.ChangeSetName);
    expect((await asked).id).toBe(entry?.ticket);
  });

  test('[P6-3] and that of its removal, when the ticket does not run', async () => {
    const template_body = JSON.stringify({ Resources: { ...QUEUE.Resources, Three: { Type: 'AWS::SQS::Queue' } } });
    const { id } = await scene.ask('cloudformation_deploy_stack', { stack_name: 'shop', template_body });
    await scene.agent.call('ticket_withdraw', { ticket_id: id, reason: 'It is not wanted any more.' });
    await scene.cloud.fault({ action: 'DeleteChangeSet', mode: 'hold_before', ms: 1_000 });
    const earlier = (await scene.cloud.requests('DeleteChangeSet')).length;
    const executor = scene.place.start(['executor']);
    await scene.cloud.arrived('DeleteChangeSet', earlier + 1);
    const about = () => scene.rows(`SELECT type FROM audit_events WHERE ticket = ? AND type LIKE 'aws.rem%'`, id);
    expect(about()).toEqual([{ type: 'aws.removing' }]);
    await until(about, (entries) => entries.length > 1);
    expect(about().at(-1)).toEqual({ type: 'aws.removed' });
    await stop(executor);
  });
});

describe('read while the server runs', () => {
  const EVENTS = ['seq', 'at', 'type', 'actor', 'session', 'ticket', 'tool', 'environment', 'outcome', 'detail'];
  const TICKETS =
    'id state tool agent operator environment account region summary effects created_at expires_at decided_at decided_by finished_at outcome reason targets impact';

  test('[P6-4] the columns of both views are those of the contract', () => {
    expect(Object.keys(scene.rows('SELECT * FROM audit_events')[0] ?? {})).toEqual(EVENTS);
    expect(Object.keys(scene.rows('SELECT * FROM ticket_overview')[0] ?? {})).toEqual(TICKETS.split(' '));
  });

  test('[P6-4] the views tell who asked, who decided and how it ended', () => {
    const [row] = scene.rows(`SELECT * FROM ticket_overview WHERE tool = 'ec2_stop_instances' AND state = 'succeeded'`);
    expect(row).toMatchObject({
      agent: 'agent',
      operator: 'otto',
      environment: 'production',
      account: '123456789012',
      region: 'eu-west-1',
      effects: 'disrupt',
      decided_by: 'mara',
      outcome: 'succeeded',
      reason: expect.stringMatching(/./),
      targets: expect.stringMatching(/\bi-[0-9a-f]{17}$/),
      impact: expect.stringMatching(/^disrupt:.*\bi-[0-9a-f]{17}$/),
    });
    const times = [row?.created_at, row?.decided_at, row?.finished_at].map((at) => Date.parse(at ?? ''));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { at, detail } of scene.rows('SELECT at, detail FROM audit_events')) {
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(typeof JSON.parse(detail ?? '')).toBe('object');
    }
  });

  test('[P6-4] the plain sqlite3 shell sees the same', (context) => {
    context.skip(shell.status !== 0, 'the sqlite3 shell is not installed on this machine');
    for (const view of ['audit_events', 'ticket_overview']) {
      const sql = `SELECT * FROM ${view} ORDER BY 1`;
      const ran = spawnSync('sqlite3', ['-readonly', '-json', scene.place.database, sql], { encoding: 'utf8' });
      expect(ran.stderr).toBe('');
      expect(JSON.parse(ran.stdout)).toEqual(scene.rows(sql));
    }
  });

  test('[P6-5] every type that was written is registered, and documented', () => {
    const types = scene.rows('SELECT DISTINCT type FROM audit_events').map(({ type }) => type ?? '');
    expect(types.length).toBeGreaterThan(10);
    expect(types.filter((type) => ![...EVENT_TYPES.keys()].some((known) => known === type))).toEqual([]);
    const page = readFileSync('docs/audit-events.md', 'utf8');
    expect([...EVENT_TYPES.keys()].filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
  });
});
