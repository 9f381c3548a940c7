import { afterEach, expect, test } from 'vitest';
import { REASON, until } from '../scenes/front-door.ts';
import { type Gateway, type Meeting, startGateway } from '../scenes/gateway.ts';
import { approve, here } from '../scenes/here.ts';
import { entriesOf, instanceIds, NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

/* Why a ticket that may run doesn't, and since when: the same words wherever it is shown. */

const elsewhere: Meeting = async (forward) => {
  const answer = await forward();
  return { ...answer, body: answer.body.replaceAll('123456789012', '999999999999') };
};

let gateway: Gateway | undefined;
afterEach(async () => {
  await gateway?.[Symbol.asyncDispose]();
  gateway = undefined;
});

const REASONS: readonly [string, (scene: Scene) => Promise<Record<string, string>>, string, RegExp][] = [
  [
    'AWS out of reach',
    async () => ({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }),
    'aws_unreachable',
    /AWS can't be reached: \w+: no answer from AWS/,
  ],
  [
    'no credentials',
    async () => ({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }),
    'aws_unreachable',
    /no AWS credentials for/,
  ],
  [
    'another account',
    async ({ cloud }) => {
      gateway = await startGateway(cloud.endpoint, { GetCallerIdentity: elsewhere });
      return { AWS_ENDPOINT_URL: gateway.endpoint };
    },
    'other_account',
    /credentials are for account 999999999999, not 123456789012/,
  ],
];

const waits = async (scene: Scene, id: string) => {
  await until(
    () => entriesOf(scene, id, 'execution.waiting'),
    (count) => count > 0,
  );
  const told = await scene.agent.call('ticket_get', { ticket_id: id });
  expect(told.ticket.waiting).toBeDefined();
  return told;
};

test.each(REASONS)(
  'B15: an approved ticket says that it waits for %s, and since when',
  async (_, envOf, code, text) => {
    await using scene = await setScene(
      { instances: [{}] },
      { config: NOTHING_HELD, latencyMs: 0, serve: ['--no-executor'] },
    );
    const [instance] = await instanceIds(scene);
    const asked = scene.agent.call('ec2_create_tags', { resources: [instance], tags: { a: 'b' }, reason: REASON });
    asked.catch(() => undefined);
    const id = (await until(() => scene.rows('SELECT id FROM ticket')[0]?.id, Boolean)) ?? '';
    scene.place.start(['executor'], await envOf(scene));
    const { ticket, message } = await waits(scene, id);
    expect(ticket).toMatchObject({ state: 'approved', waiting: { code, text: expect.stringMatching(text) } });
    expect(ticket.waiting.text).toMatch(/ \(since \d{4}-\d\d-\d\d \d\d:\d\d UTC\)$/);
    expect(message).toContain(`It waits: ${ticket.waiting.text}`);
    const { tickets } = await scene.agent.call('ticket_list');
    expect(tickets[0].waiting).toBe(ticket.waiting.text);
    const shown = (ran: { stdout: string }) => ran.stdout.replace(/\s+/g, ' ');
    expect(shown(await here(scene.place, ['tickets', 'show', id]))).toMatch(text);
    expect(shown(await here(scene.place, ['tickets', 'list']))).toContain(`waiting: ${ticket.waiting.text}`);
    const told = await here(scene.place, ['tickets', 'show', id, '--json']);
    expect(JSON.parse(told.stdout)).toMatchObject({ ticket: { waiting: { code } } });
  },
);

test('B15: a halt is named, once however long it lasts, and nothing is said to wait when it has run', async () => {
  await using scene = await setScene(
    { instances: [{}] },
    { approvers: ['ann'], latencyMs: 0, serve: ['--no-executor'] },
  );
  const [instance] = await instanceIds(scene);
  const asked = await scene.ask('ec2_create_tags', { resources: [instance], tags: { a: 'b' } });
  expect((await approve(scene.place, asked, 'ann')).code).toBe(0);
  expect((await here(scene.place, ['halt', '--reason', 'stop it all', '--as', 'ann'])).code).toBe(0);
  await scene.executing();
  const { ticket } = await waits(scene, asked.id);
  expect(ticket.waiting.text).toContain('every change is halted by ann');
  await scene.executing();
  const epoch = () => Number(scene.rows('SELECT claim_epoch AS epoch FROM ticket')[0]?.epoch);
  const before = epoch();
  await until(epoch, (now) => now >= before + 2);
  expect(entriesOf(scene, asked.id, 'execution.waiting')).toBe(1);
  expect((await here(scene.place, ['resume', '--as', 'ann'])).code).toBe(0);
  expect(await scene.settled(asked.id)).toBe('succeeded');
  expect((await scene.agent.call('ticket_get', { ticket_id: asked.id })).ticket.waiting).toBeUndefined();
});

test('where no executor runs, the call itself says so, and lists do; one that is started takes it', async () => {
  await using scene = await setScene(
    { instances: [{}] },
    { config: NOTHING_HELD, latencyMs: 0, serve: ['--no-executor'], speed: 10 },
  );
  const [instance] = await instanceIds(scene);
  const asked = { resources: [instance], tags: { a: 'b' }, reason: REASON };
  const { outcome, ticket, message, next } = await scene.agent.call('ec2_create_tags', asked);
  expect([outcome, ticket]).toEqual(['in_progress', expect.objectContaining({ state: 'approved' })]);
  const text =
    /no executor has taken it, and none is at work in its account and region \(since [-0-9]{10} [:0-9]{5} UTC\)/;
  expect(message).toMatch(text);
  expect(next).toMatch(
    /so do not call again\. What helps: run `.+ executor`, or `.+ serve`, with credentials for its account, and for eu-west-1 where it is given --region\.$/,
  );
  // Asked for once more because nothing happens, it is the same ticket, and runs once.
  expect((await scene.agent.call('ec2_create_tags', asked)).ticket.id).toBe(ticket.id);
  const waited = await scene.agent.call('ticket_wait', { ticket_id: ticket.id, timeout_seconds: 1 });
  expect(waited.ticket.waiting).toMatchObject({ code: 'no_executor', text: expect.stringMatching(text) });
  const list = await scene.place.cli(['tickets', 'list', '--json']);
  expect(JSON.parse(list.stdout).tickets[0].waiting).toMatchObject({
    code: 'no_executor',
    since: ticket.waiting.since,
  });
  scene.place.start(['executor']);
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  const { ticket: over } = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect([over.state, over.waiting]).toEqual(['succeeded', undefined]);
  expect(await scene.cloud.requests('CreateTags')).toHaveLength(1);
});

test('B15: ticket_wait says that it runs while it runs, and not that it waits for a decision', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: NOTHING_HELD, serve: [], latencyMs: 0 });
  const [instance] = await instanceIds(scene);
  await scene.cloud.fault({ action: 'StopInstances', mode: 'hold_before', ms: 6_000 });
  const running = scene.agent.call('ec2_stop_instances', { instance_ids: [instance], reason: REASON });
  await scene.cloud.arrived('StopInstances');
  const ticket_id = scene.rows('SELECT id FROM ticket')[0]?.id;
  const said: string[] = [];
  const onprogress = ({ message = '' }: { message?: string | undefined }) => void said.push(message);
  await scene.agent.client.callTool({ name: 'ticket_wait', arguments: { ticket_id } }, { onprogress });
  expect(said.join('\n')).toContain('Running: stop');
  expect(said.join('\n')).not.toMatch(/decision/);
  expect(await running).toMatchObject({ outcome: 'completed' });
});

const template = (...names: string[]) =>
  JSON.stringify({ Resources: Object.fromEntries(names.map((name) => [name, { Type: 'AWS::SQS::Queue' }])) });

test.each([
  ['deploy_stack', 'ExecuteChangeSet', 'UPDATE', { template_body: template('One', 'Two', 'Three') }],
  ['delete_stack', 'DeleteStack', 'DELETE', {}],
])(
  'cloudformation_%s, under way, says how far AWS is, to the agent and to people',
  async (tool, sent, doing, more) => {
    await using scene = await setScene(
      { stacks: [{ name: 'slow', template: template('One', 'Two') }] },
      { config: NOTHING_HELD, serve: [], latencyMs: 4_000 },
    );
    scene.agent.call(`cloudformation_${tool}`, { stack_name: 'slow', reason: REASON, ...more }).catch(() => undefined);
    await scene.cloud.arrived(sent);
    const ticket_id = scene.rows('SELECT id FROM ticket')[0]?.id ?? '';
    const { ticket, message } = await until(
      () => scene.agent.call('ticket_get', { ticket_id }),
      (told) => told.ticket.progress !== undefined || told.ticket.state !== 'executing',
    );
    const status = expect.stringMatching(new RegExp(`^${doing}_[A-Z_]*IN_PROGRESS$`));
    expect(ticket.progress).toEqual({ status, done: expect.any(Number), of: expect.any(Number) });
    expect(message).toMatch(/AWS reports [A-Z_]*IN_PROGRESS, \d of the \d resources begun with are done\.$/);
    const { stdout } = await here(scene.place, ['tickets', 'show', ticket_id]);
    expect(stdout).toContain(`Under way, not done yet. AWS reports ${doing}_`);
    expect(await scene.settled(ticket_id)).toBe('succeeded');
  },
  120_000,
);
