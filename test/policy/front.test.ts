import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { agentHere, here } from '../scenes/here.ts';

/* `policy explain --args` and `policy test`, as people run them. */

const CONFIG = `environments:
  - name: development
    match: { tags: { env: dev } }
agents:
  - name: deploy-bot
    tools: ["ec2_*"]
freezes:
  - name: nights
    reason: Nobody is there.
    environments: [production]
    time_zone: Europe/Zurich
    from: 2026-06-01T20:00
    until: 2026-06-02T07:00
quotas: { pending: 1 }
`;

let cloud: Cloud;
let place: Place;
let ids: readonly string[];
const file = (name: string, text: string | object) => {
  const path = join(place.home, name);
  writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text));
  return path;
};

beforeAll(async () => {
  cloud = await startCloud({
    instances: [{ tags: { Name: 'web', env: 'dev' } }, { tags: { Name: 'db', env: 'prod' } }],
    stacks: [{ name: 'shop', template: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } }],
  });
  place = makePlace({ endpoint: cloud.endpoint, config: CONFIG });
  const agent = await agentHere(place, { agent: 'deploy-bot', operator: 'otto' });
  const { instances } = await agent.call('ec2_describe_instances');
  const named = (name: string) => instances.find((one: any) => one.tags.Name === name).instance_id as string;
  ids = [named('web'), named('db')];
  // One ticket of the agent waits: its quota is reached.
  await agent.call('ec2_terminate_instances', { instance_ids: [ids[1]], reason: REASON });
  await agent.close();
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

describe('policy explain TOOL --args FILE', () => {
  it('plans the very call, and says what the agent would be answered', async () => {
    const args = file('call.json', { instance_ids: [ids[1]] });
    const before = (await cloud.requests()).length;
    const explain = ['policy', 'explain', 'ec2:TerminateInstances', '--args', args, '--operator', 'otto', '--agent'];
    // The same call as the ticket that waits: it would be that ticket again, and isn't counted.
    const own = await place.json([...explain, 'deploy-bot', '--at', '2026-06-02T12:00:00Z']);
    expect(own).toMatchObject({
      decision: 'hold',
      environment: 'production',
      effects: ['delete'],
      requirement: { approvals: 1, assurance: 'presence', operator_may_approve: false },
      policies: [{ id: 'destructive-in-production', source: 'default', line: expect.any(Number) }],
      plan: { targets: [{ name: ids[1] }] },
    });
    const stranger = await place.cli([...explain, 'stranger']);
    expect(stranger.stdout).toContain('forbid "tool-not-allowed" at default:');
    const night = await place.cli([...explain, 'deploy-bot', '--at', '2026-06-01T23:00:00+02:00']);
    expect(night.stdout).toMatch(
      /forbid "freeze" at default:\d+\n.*\n\n.*freeze nights until 2026-06-02 07:00 \(Europe\/Zurich\)/,
    );
    // Only reads, and no ticket.
    const requests = (await cloud.requests()).slice(before).map(({ action }) => action);
    expect([...new Set(requests)].filter((action) => !/^(Describe|List|Get)/.test(action))).toEqual([]);
    expect((await place.json(['tickets', 'list'])).tickets).toHaveLength(1);
  });

  it('counts what the agent asked before', async () => {
    const args = file('call.json', { instance_ids: [ids[0]], force: true, reason: REASON });
    const { stdout } = await place.cli([
      'policy',
      'explain',
      'ec2_stop_instances',
      '--args',
      args,
      '--agent',
      'deploy-bot',
      '--operator',
      'otto',
    ]);
    expect(stdout).toContain('ec2:StopInstances in development, with the effect disrupt');
    expect(stdout).toContain('forbid "too-many-pending" at default:');
    expect(stdout).toContain('1 tickets of agent deploy-bot wait already; at most 1 may');
  });

  it('answers for a read', async () => {
    const args = file('call.json', { stack_name: 'shop' });
    const answer = await place.json(['policy', 'explain', 'cloudformation_describe_stack', '--args', args]);
    expect(answer).toMatchObject({ decision: 'allow', environment: 'production', policies: [{ id: 'reads' }] });
  });

  it.each([
    [
      'a deployment, which would make a change set',
      'cloudformation_deploy_stack',
      { stack_name: 'shop' },
      [],
      'makes a change set',
    ],
    [
      'arguments that the tool does not take',
      'ec2_stop_instances',
      { instances: [] },
      [],
      'ec2_stop_instances takes instance_ids',
    ],
    ['what is not JSON', 'ec2_stop_instances', '{', [], 'is not JSON'],
    [
      'both ways of asking',
      'ec2_stop_instances',
      { instance_ids: ['i-1'] },
      ['--effect', 'delete'],
      'leave out --args',
    ],
    ['a moment that is none', 'ec2_stop_instances', {}, ['--at', 'tomorrow'], 'give date, time and offset'],
  ])('refuses %s', async (_what, tool, args, more, words) => {
    const ran = await here(place, ['policy', 'explain', tool, '--args', file('call.json', args), ...more]);
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
    expect(await cloud.requests('CreateChangeSet')).toEqual([]);
  });

  it('takes one effect each time it is asked with, and then the tool', async () => {
    const asked = ['--effect', 'modify', '--effect', 'disrupt', '--environment', 'development'];
    const answer = await place.json(['policy', 'explain', ...asked, 'ec2_stop_instances']);
    expect(answer).toMatchObject({ tool: 'ec2_stop_instances', effects: ['modify', 'disrupt'] });
    const other = await place.cli(['policy', 'explain', '--effect', 'explode', 'ec2_stop_instances']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('Allowed choices are read, create') });
  });

  it('says so in its help', async () => {
    const { stdout } = await place.cli(['policy', 'explain', '--help']);
    expect(stdout.replace(/\s+/g, ' ')).toContain('makes a change set in AWS: for it, leave --args out');
  });
});

describe('policy test FILE', () => {
  const RIGHT = `- name: held
  agent: deploy-bot
  tool: ec2_terminate_instances
  environment: production
  effects: [delete]
  expect: { decision: hold, requirement: { assurance: presence }, by: destructive-in-production }
`;
  const WRONG = `- name: "free \\e[2J"
  agent: deploy-bot
  tool: ec2:TerminateInstances
  environment: production
  at: 2026-06-01T23:00:00+02:00
  expect: { decision: hold, requirement: { approvals: 1 }, by: reads }
`;

  it('passes when all is as expected', async () => {
    const ran = await place.cli(['policy', 'test', file('right.yaml', RIGHT)]);
    expect(ran).toMatchObject({ code: 0, stdout: 'ok    held\n\n1 as expected, 0 not\n' });
  });

  it('fails on a difference, and shows what was expected and what came', async () => {
    const path = file('wrong.yaml', RIGHT + WRONG);
    const { code, stdout } = await here(place, ['policy', 'test', path]);
    expect(code).toBe(1);
    for (const words of [
      'ok    held',
      `FAIL  free \\u{1b}[2J (${path}:7)`,
      'expected hold, got refuse (refused, whoever approves)',
      'expected approvals 1, got no requirement',
      'expected it by "reads", got it by "freeze"',
      'forbid "freeze" at default:',
      '1 as expected, 1 not',
    ])
      expect(stdout).toContain(words);
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
    expect(await place.json(['policy', 'test', path])).toMatchObject({
      passed: 1,
      failed: 1,
      results: [
        { name: 'held', line: 1, passed: true, got: { decision: 'hold' } },
        { line: 7, passed: false, expected: { decision: 'hold' }, got: { decision: 'refuse', requirement: null } },
      ],
    });
  });

  it.each([
    ['a misspelt key', RIGHT.replace('expect:', 'expects:'), 6, 'did you mean expect?'],
    ['no such tool', RIGHT.replace('terminate', 'end'), 3, 'there is no such tool'],
    ['no such effect', RIGHT.replace('[delete]', '[destroy]'), 5, 'write one of read, create'],
    ['no such decision', RIGHT.replace('decision: hold', 'decision: maybe'), 6, 'allow, hold, refuse'],
    ['a moment without offset', `${RIGHT}  at: 2026-06-01T23:00:00\n`, 7, '+01:00'],
    ['no expectation', '[]', 1, 'there is no expectation in it'],
    ['no list', 'name: a', 1, 'a list'],
    ['a key twice', `${RIGHT}  agent: other\n`, 7, 'unique'],
  ])('refuses a file with %s, naming the line', async (_what, text, line, words) => {
    const path = file('odd.yaml', text);
    const { code, stdout, stderr } = await here(place, ['policy', 'test', path]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${path}:${line}: `);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('until then nothing runs');
  });

  it('refuses a file that is not there', async () => {
    expect((await place.cli(['policy', 'test', 'nowhere.yaml'])).code).toBe(2);
  });
});
