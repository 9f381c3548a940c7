import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fasterClock } from '../scenes/clock.ts';
import { approve, makePlace, type Place, REASON, stop, TAKES_KEY, until } from '../scenes/front-door.ts';
import { agentHere, approve as approveHere, done, enroll } from '../scenes/here.ts';
import { dropDatabase, isDatabase, OF_STORE } from '../scenes/postgres.ts';
import { events, lastOutcome, stateOf, storeNow, ticketCount } from '../scenes/state.ts';
import { withTables } from '../scenes/tables.ts';
import { holdStore, letExecutorRun } from '../scenes/tampering.ts';
import {
  approved,
  cloud,
  copied,
  DEV,
  EVERY_TOOL,
  effects,
  entryFromFiveHoursAhead,
  expectAllRefused,
  fill,
  idle,
  instance,
  onOwnDisk,
  otherTools,
  pending,
  propose,
  useClosedInstallation,
} from './closed.ts';

// Each test breaks a copy of one installation; what is in it, and what must be refused then: closed.ts.
useClosedInstallation();

describe('what nobody configured', () => {
  test('[P4-1] without a configuration everything is production, and the operator may not approve', async () => {
    await using place = copied();
    const agent = await place.agent(['--no-executor', '--operator', 'ana']);
    const { outcome, plan, ticket } = await agent.call('cloudformation_delete_stack', {
      stack_name: 'dev-shop',
      reason: REASON,
    });
    expect([outcome, plan.environment]).toEqual(['pending_approval', 'production']);
    expect(ticket.requirement).toEqual({ approvals: 1, assurance: 'key', operator_may_approve: false });
    const harmless = await propose(agent, 'ec2_start_instances', idle);
    expect([harmless.outcome, harmless.plan.environment]).toEqual(['pending_approval', 'production']);
  });

  test('[P4-2] an unknown key in the configuration stops every command, naming key, file and line', async () => {
    await using place = copied(`${DEV}approvals:\n  expires_after: 1h\n`);
    for (const args of [['serve'], ['executor'], ['tickets', 'list'], ['approve', pending.id], ['audit', 'list']]) {
      const { code, stderr } = await place.cli(args);
      expect([code, stderr], args.join(' ')).toEqual([
        2,
        expect.stringContaining(`${place.home}/config.yaml:5: unknown key approvals.expires_after`),
      ]);
    }
  });

  test('[P4-3] a policy that is not one answers every call, naming file and line', async () => {
    const broken = '@id("all")\npermit (principal, action, resource)\nwhen { context.nonsense };\n';
    await using place = copied(`${DEV}policy: ./policy.cedar\n`, { 'policy.cedar': broken });
    const agent = await place.agent();
    const asking = EVERY_TOOL.filter(([name]) => !name.startsWith('ticket_'));
    await expectAllRefused(agent, 'policy_invalid', asking);
    const { refusal } = await agent.call('ec2_describe_instances');
    expect(refusal.message).toMatch(/policy\.cedar:3:/);
    // The executor has an approved ticket, and waits until the policy can be read.
    const [waiting] = await until(
      () => events(place, 'execution.waiting'),
      (found) => found.length > 0,
    );
    expect(waiting).toMatchObject({ ticket: approved.id, outcome: 'policy_invalid' });
    rmSync(join(place.home, 'policy.cedar'));
    await expectAllRefused(agent, 'policy_invalid', asking.slice(-1));
    expect(stateOf(place, approved.id)).toBe('approved');
  });
});

describe('between approval and execution', () => {
  test('[P4-4] a policy that became stricter holds back what was approved, and the log says so', async () => {
    const strict = '@id("two")\npermit (principal, action, resource)\nwhen { context.approvals.all.key >= 2 };\n';
    await using place = copied('policy: ./policy.cedar\n', { 'policy.cedar': strict });
    const before = await effects();
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), lastOutcome(place, approved.id)]).toEqual([before, 'approval_invalid']);
  });

  test('[P4-5] a configuration that became stricter does too', async () => {
    await using place = copied(DEV);
    const agent = await agentHere(place, { operator: 'ana' });
    const args = { instance_ids: [instance], force: true, reason: REASON };
    const { ticket } = await agent.call('ec2_stop_instances', args);
    await agent.close();
    expect(ticket.requirement).toEqual({ approvals: 1, assurance: 'client', operator_may_approve: true });
    expect((await approveHere(place, ticket, 'ana')).code).toBe(0);
    // From now on it is production, where the operator's own approval is not enough.
    writeFileSync(join(place.home, 'config.yaml'), TAKES_KEY + OF_STORE);
    await letExecutorRun(place, ticket.id, ticket.id);
    expect(lastOutcome(place, ticket.id)).toBe('approval_invalid');
    expect(await cloud.requests('StopInstances')).toEqual([]);
  });

  test('[P4-6] a halt holds back what is approved, until an approver lifts it', async () => {
    await using place = copied();
    const before = await effects();
    await done(place, 'halt', '--reason', 'an incident', '--as', 'ana');
    const agent = await place.agent();
    expect((await agent.call('ec2_describe_instances')).instances).toHaveLength(2);
    const [waiting] = await until(
      () => events(place, 'execution.waiting'),
      ({ length }) => length > 0,
    );
    expect(waiting).toMatchObject({ ticket: approved.id, outcome: 'halted' });
    expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
    await done(place, 'resume', '--as', 'ana');
    await until(
      () => stateOf(place, approved.id),
      (state) => state === 'failed',
    );
    expect(await effects()).toBe(before + 1);
  });

  test('[P4-7] an approval that comes to nothing in time is worth nothing later', async () => {
    await using place = copied('approvals:\n  expire_after: 20s\n');
    const agent = await agentHere(place);
    const { ticket } = await propose(agent, 'ec2_start_instances', idle);
    await agent.close();
    expect((await approveHere(place, ticket, 'ana')).code).toBe(0);
    const clock = fasterClock(20);
    Object.assign(place.env, clock.env);
    await until(
      () => storeNow(place) ?? clock.now(),
      (now) => now > Date.parse(ticket.expires_at),
    );
    place.start(['executor']);
    await until(
      () => stateOf(place, ticket.id),
      (state) => state !== 'approved',
    );
    expect([stateOf(place, ticket.id), await cloud.requests('StartInstances')]).toEqual(['expired', []]);
  });
});

test('[P4-8] where nobody is enrolled, a ticket waits and expires, and then can not be approved', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint, config: 'approvals:\n  expire_after: 3s\n' });
  const agent = await place.agent();
  const { outcome, ticket } = await propose(agent, 'ec2_start_instances', idle);
  expect(outcome).toBe('pending_approval');
  expect((await approve(place, ticket, 'ana')).code).toBe(3);
  const ended = await until(
    () => agent.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 5 }),
    (answer) => answer.ticket.state !== 'pending',
  );
  expect(ended).toMatchObject({ ticket: { state: 'expired', decisions: [] }, refusal: { code: 'expired' } });
  await enroll(place, 'ana');
  expect(await approve(place, ticket, 'ana')).toMatchObject({ code: 3, stderr: expect.stringContaining('expired') });
  expect(stateOf(place, ticket.id)).toBe('expired');
  expect(await cloud.requests('StartInstances')).toEqual([]);
});

/** Who owns it has the log's table take no entry. */
const stuck = ({ database }: Place) =>
  isDatabase(database)
    ? `CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'no entries today'; END $$;
       CREATE TRIGGER stuck BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION stuck()`
    : "CREATE TRIGGER stuck BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no entries today'); END";

describe('a record that can not be written', () => {
  test('[P4-9] a store that another process keeps locked: calls answer, nothing runs, and it goes on afterwards', async () => {
    await using place = copied(DEV);
    const before = await effects();
    const tools = EVERY_TOOL.filter(([name]) => /describe_instances|start_instances|withdraw/.test(name));
    const agents = await Promise.all(tools.map((_, index) => place.agent(index === 0 ? [] : ['--no-executor'])));
    const letGo = await holdStore(place);
    try {
      await Promise.all(tools.map((tool, index) => expectAllRefused(agents[index]!, 'store_unavailable', [tool])));
      expect(await effects()).toBe(before);
    } finally {
      await letGo();
    }
    // What was approved has waited; it runs once.
    await until(
      () => stateOf(place, approved.id),
      (state) => state === 'failed',
    );
    expect(await effects()).toBe(before + 1);
    expect([stateOf(place, pending.id), ticketCount(place)]).toEqual(['pending', 2]);
  });

  test('[P4-10] an audit log that takes no entry: every tool says so, and what was approved does not run', async () => {
    await using place = copied(DEV);
    withTables(place, (tables) => tables.exec(stuck(place)));
    const agent = await place.agent(['--toolset', 'cloudformation,ec2']);
    const { tools } = await agent.client.listTools();
    const every = [...EVERY_TOOL, ...otherTools(tools)];
    expect(every.map(([name]) => name).sort()).toEqual(tools.map(({ name }) => name).sort());
    await expectAllRefused(agent, isDatabase(place.database) ? 'store_unavailable' : 'tampered', every);
    const before = await effects();
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
    expect((await approve(place, pending, 'ana')).code).toBe(isDatabase(place.database) ? 1 : 5);
    expect([stateOf(place, pending.id), ticketCount(place)]).toEqual(['pending', 2]);
  });

  test('[P4-11] a full disk: every tool says so, and what was approved does not run', async (context) => {
    await using place = onOwnDisk(context);
    const agent = await place.agent(['--no-executor']);
    expect((await agent.call('ticket_list')).tickets).toHaveLength(2);
    fill(place.home);
    await expectAllRefused(agent, 'store_unavailable');
    const before = await effects();
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
  });

  test('[P4-12] a read-only disk: every tool says so, and what was approved does not run', async (context) => {
    await using place = onOwnDisk(context);
    execFileSync('mount', ['-o', 'remount,ro', place.home]);
    const agent = await place.agent();
    await expectAllRefused(agent, 'store_unavailable');
    const before = await effects();
    const executor = place.start(['executor']);
    let said = '';
    executor.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    await until(
      () => said,
      (text) => text.includes('"level":50'),
    );
    await stop(executor);
    expect(await effects()).toBe(before);
  });
});

test('[P4-13] a clock that went back: every tool but ticket_withdraw says so, and what was approved does not run', async () => {
  await using place = copied(DEV);
  await entryFromFiveHoursAhead(place);
  const agent = await place.agent();
  await expectAllRefused(
    agent,
    'clock_went_back',
    EVERY_TOOL.filter(([name]) => name !== 'ticket_withdraw'),
  );
  const before = await effects();
  await letExecutorRun(place, approved.id, approved.id);
  expect([await effects(), stateOf(place, approved.id)]).toEqual([before, 'approved']);
  expect((await approve(place, pending, 'ana')).code).toBe(1);
  expect(stateOf(place, pending.id)).toBe('pending');
});

describe('what others could have touched', () => {
  test.each([
    ['the keys folder', 'keys', 0o755, 'chmod 700'],
    ['a key', 'keys/ana.key.json', 0o644, 'chmod 600'],
    ['the state folder', '.', 0o777, 'chmod 700'],
  ])('[P4-14] %s in a loose mode is refused by every command', async (_what, name, mode, advice) => {
    await using place = copied();
    chmodSync(join(place.home, name), mode);
    const before = await effects();
    for (const args of [
      ['serve'],
      ['executor'],
      ['approve', pending.id, '--yes', '--digest', pending.digest, '--as', 'ana'],
      ['approvers', 'enroll', 'eve', '--no-passphrase', '--as', 'ana'],
    ])
      expect(await place.cli(args), args.join(' ')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(advice),
      });
    expect([await effects(), stateOf(place, pending.id)]).toEqual([before, 'pending']);
  });

  test('[P4-15] a database that is gone is not begun anew', async () => {
    await using place = copied(DEV);
    const isFile = !isDatabase(place.database);
    if (isFile) for (const end of ['', '-wal', '-shm']) rmSync(place.database + end, { force: true });
    else dropDatabase(place.database);
    const agent = await place.agent();
    await expectAllRefused(agent, 'store_unavailable');
    const { refusal } = await agent.call('ticket_list');
    expect(refusal.message).toContain(isFile ? 'holdshort.db.log-id' : 'is not there');
    expect((await place.cli(['audit', 'verify'])).code).toBe(1);
  });

  test('[P4-16] approvers whose pinned first key is gone approve nothing, and nothing runs on their word', async () => {
    await using place = copied();
    rmSync(join(place.home, 'keys', 'root.json'));
    const before = await effects();
    expect((await approve(place, pending, 'ana')).code).toBe(5);
    await letExecutorRun(place, approved.id, approved.id);
    expect([await effects(), lastOutcome(place, approved.id)]).toEqual([before, 'approval_invalid']);
  });
});
