import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { agentHere, approve, done, enroll } from '../scenes/here.ts';
import { OF_STORE } from '../scenes/postgres.ts';
import { events, lastOutcome, stateOf, ticketCount } from '../scenes/state.ts';
import { letExecutorRun } from '../scenes/tampering.ts';

/* What the configuration and the policy say, and what happens when either is edited while servers and executors run. */

const DEV = 'environments:\n  - name: development\n    match: { tags: { env: dev } }\n';
const GOOD =
  '@id("key")\npermit (principal, action, resource)\nwhen { context.approvals.all.key >= 1 };\n@id("reads")\npermit (principal, action in Action::"read", resource);\n';
const BAD = `${GOOD}@id("typo")\nforbid (principal, action, resource)\nwhen { context.freeze.activ };\n`;
/** A freeze that holds while the tests run. */
const FREEZE = `freezes:
  - name: year-end
    reason: The books are being closed.
    time_zone: Europe/Zurich
    from: 2020-01-01T00:00
    until: 2120-01-01T00:00
`;
const PATIENCE = 100_000;

let cloud: Cloud;
let instances: readonly string[];

beforeAll(async () => {
  cloud = await startCloud({
    instances: Array.from({ length: 8 }, (_, n) => ({
      tags: { Name: `web-${n}`, env: 'dev' },
      state: 'stopped' as const,
    })),
  });
  await using place = makePlace({ endpoint: cloud.endpoint });
  const agent = await agentHere(place);
  const answer = await agent.call('ec2_describe_instances');
  instances = answer.instances.map(({ instance_id }: { instance_id: string }) => instance_id);
});
afterAll(async () => await cloud?.[Symbol.asyncDispose]());

const start = (agent: Agent, id = instances[0]) =>
  agent.call('ec2_start_instances', { instance_ids: [id], reason: REASON });
const terminate = (agent: Agent, id = instances[0]) =>
  agent.call('ec2_terminate_instances', { instance_ids: [id], reason: REASON });
const write = (place: Place, name: string, text: string) =>
  writeFileSync(join(place.home, name), name === 'config.yaml' ? `${text}${OF_STORE}` : text);
const sent = async (action: string) => (await cloud.requests(action)).length;

async function waitingBecause(place: Place, outcome: string): Promise<void> {
  await until(
    () => events(place, 'execution.waiting').at(-1)?.outcome,
    (last) => last === outcome,
    PATIENCE,
  );
}

const succeeded = (place: Place, id: string) =>
  until(
    () => stateOf(place, id),
    (state) => state === 'succeeded',
    PATIENCE,
  );

describe('edited while servers and executors run', () => {
  test('[P4-17] a policy that became invalid stops every change: the last good one is not used', async () => {
    await using place = makePlace({ endpoint: cloud.endpoint, config: 'policy: ./policy.cedar\n' });
    write(place, 'policy.cedar', GOOD);
    await enroll(place, 'ana');
    const agent = await place.agent(['--no-executor']);
    const { ticket } = await start(agent, instances[1]);
    expect((await approve(place, ticket, 'ana')).code).toBe(0);
    await done(place, 'halt', '--reason', 'not yet', '--as', 'ana');
    place.start(['executor']);
    await waitingBecause(place, 'halted');
    write(place, 'policy.cedar', BAD);
    const { refusal } = await start(agent, instances[2]);
    expect(refusal).toMatchObject({
      code: 'policy_invalid',
      message: expect.stringMatching(/policy\.cedar:8:\d+: .*activ/),
    });
    await done(place, 'resume', '--as', 'ana');
    await waitingBecause(place, 'policy_invalid');
    expect([stateOf(place, ticket.id), await sent('StartInstances')]).toEqual(['approved', 0]);
    write(place, 'policy.cedar', GOOD);
    await succeeded(place, ticket.id);
    expect(await start(agent, instances[2])).toMatchObject({ outcome: 'pending_approval' });
  }, 240_000);

  test('[P4-18] a configuration that became invalid, or is gone, stops everything until it is mended', async () => {
    const config = 'policy: ./policy.cedar\n';
    await using place = makePlace({ endpoint: cloud.endpoint, config });
    write(place, 'policy.cedar', GOOD);
    await enroll(place, 'ana');
    const agent = await place.agent(['--no-executor']);
    const { ticket } = await start(agent, instances[3]);
    expect((await approve(place, ticket, 'ana')).code).toBe(0);
    write(place, 'policy.cedar', BAD);
    place.start(['executor']);
    await waitingBecause(place, 'policy_invalid');
    const before = await sent('StartInstances');
    write(place, 'config.yaml', `${config}quota:\n  pending: 1\n`);
    write(place, 'policy.cedar', GOOD);
    await waitingBecause(place, 'config_invalid');
    for (const refused of [await start(agent, instances[4]), await agent.call('ec2_describe_instances')])
      expect(refused.refusal).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(`${place.home}/config.yaml:2: unknown key quota`),
      });
    rmSync(join(place.home, 'config.yaml'));
    expect((await start(agent, instances[4])).refusal).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('config.yaml is gone'),
    });
    expect([stateOf(place, ticket.id), await sent('StartInstances')]).toEqual(['approved', before]);
    write(place, 'config.yaml', config);
    await succeeded(place, ticket.id);
    expect(await start(agent, instances[4])).toMatchObject({ outcome: 'pending_approval' });
  }, 240_000);

  test.each([
    [
      'a freeze that has begun',
      FREEZE,
      'freeze year-end until 2120-01-01 00:00 (Europe/Zurich): The books are being closed.',
    ],
    [
      'an allow-list without the tool',
      'agents:\n  - name: agent\n    tools: [ec2_start_instances]\n',
      'ec2_terminate_instances is not among the tools of agent agent',
    ],
    ['a quota that it is over', 'quotas:\n  resources_per_plan: 0\n', 'resources; at most 0'],
  ])('[P4-19] %s stops what was approved before, and the log says why', async (_what, config, why) => {
    await using place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
    await enroll(place, 'ana');
    const agent = await agentHere(place);
    const { ticket } = await terminate(agent, instances[5]);
    await agent.close();
    expect((await approve(place, ticket, 'ana')).code).toBe(0);
    write(place, 'config.yaml', `${config}${TAKES_KEY}`);
    await letExecutorRun(place, ticket.id, ticket.id);
    expect([stateOf(place, ticket.id), lastOutcome(place, ticket.id)]).toEqual(['denied', 'policy_forbids']);
    const [entry] = events(place, 'ticket.denied');
    expect(entry?.detail.refusal.message).toContain(why);
    expect(await sent('TerminateInstances')).toBe(0);
  });

  test('[P4-19] a freeze that has begun keeps what waits from being approved', async () => {
    await using place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
    await enroll(place, 'ana');
    const agent = await agentHere(place);
    const { ticket } = await terminate(agent, instances[5]);
    write(place, 'config.yaml', `${FREEZE}${TAKES_KEY}`);
    expect(await approve(place, ticket, 'ana')).toMatchObject({ code: 3, stderr: expect.stringContaining('year-end') });
    expect(stateOf(place, ticket.id)).toBe('pending');
  });
});

describe('what the configuration excludes', () => {
  test('[P4-20] is refused with the rule, the reason and a way on, while reads go on', async () => {
    const config = `${DEV}agents:\n  - name: "start-*"\n    tools: ["ec2_start_*"]\n    environments: [development]\n  - name: ops\n`;
    await using place = makePlace({ endpoint: cloud.endpoint, config });
    const refusedAs = async (name: string, ask: (agent: Agent) => Promise<any>, words: readonly string[]) => {
      const agent = await agentHere(place, { agent: name });
      const { outcome, ticket, refusal } = await ask(agent);
      expect([outcome, ticket.state, refusal.code]).toEqual(['refused', 'refused', 'policy_forbids']);
      for (const word of words) expect(`${refusal.message} ${refusal.recovery}`).toContain(word);
      expect((await agent.call('ec2_describe_instances')).instances).toHaveLength(8);
      await agent.close();
    };
    const list = (rule: string) => [`the agent's allow-list does not have this ${rule}`, `"${rule}-not-allowed"`];
    await refusedAs('start-bot', terminate, [...list('tool'), 'ask your operator']);
    await refusedAs('stranger', start, [...list('tool'), ...list('environment')]);
    write(place, 'config.yaml', config.replaceAll('development', 'staging').replace('env: dev', 'env: stag'));
    await refusedAs('start-bot', start, list('environment'));
    write(place, 'config.yaml', `${DEV}${FREEZE}`);
    await refusedAs('ops', start, ['"freeze"', 'The books are being closed.', 'ask again after 2120-01-01 00:00']);
    write(place, 'config.yaml', `${DEV}quotas: { destructive_per_hour: 0 }\n`);
    await refusedAs('ops', terminate, ['"too-much-destruction"', 'at most 0', 'ask again in an hour']);
  });

  test('[P4-21] many calls at once do not get past a quota, and the same call is still its ticket', async () => {
    await using place = makePlace({ endpoint: cloud.endpoint, config: 'quotas: { pending: 3 }\n' });
    const agent = await place.agent(['--no-executor']);
    const answers = await Promise.all(
      instances
        .slice(4)
        .concat(instances.slice(0, 1))
        .map((id) => start(agent, id)),
    );
    const held = answers.filter(({ outcome }) => outcome === 'pending_approval');
    expect(held).toHaveLength(3);
    expect(answers.filter(({ refusal }) => refusal?.message.includes('too-many-pending'))).toHaveLength(2);
    expect(ticketCount(place)).toBe(5);
    const [{ plan, ticket }] = held;
    expect((await start(agent, plan.impact[0].resource.split('/').at(-1))).ticket.id).toBe(ticket.id);
    // Another agent has its own.
    const other = await place.agent(['--no-executor', '--agent', 'other']);
    expect((await start(other, instances[0])).outcome).toBe('pending_approval');
    await agent.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
    expect((await terminate(agent, instances[6])).outcome).toBe('pending_approval');
  });
});
