import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tagging } from '../scenes/approved.ts';
import { approve, REASON, until } from '../scenes/front-door.ts';
import { type Answer, type Gateway, startGateway } from '../scenes/gateway.ts';
import { entriesOf, instanceIds, instanceState, type Scene, setScene, verified } from '../scenes/whole.ts';

test('[P5-1] 50 approvals and 8 executors in processes of their own: one transition, one effect', async () => {
  const approvers = ['mara', 'nora', 'omar'];
  await using scene = await setScene({ instances: [{}] }, { approvers });
  const ticket = await scene.ask('ec2_terminate_instances', { instance_ids: await instanceIds(scene) });
  for (let count = 0; count < 8; count++) scene.place.start(['executor']);
  const approvals = Array.from({ length: 50 }, (_, n) => approve(scene.place, ticket, approvers[n % 3] ?? ''));
  const ran = await Promise.all(approvals);
  const codes = ran.map(({ code }) => code);
  expect(codes.filter((code) => code === 0)).toHaveLength(1);
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  for (const type of ['decision.recorded', 'ticket.approved', 'ticket.executing', 'ticket.succeeded'])
    expect([type, entriesOf(scene, ticket.id, type)]).toEqual([type, 1]);
  // The others aren't forgotten either, but for those that found the store locked for too long: what can't be written
  // is said.
  const locked = ran.filter(({ stderr }) => stderr.includes('SQLITE_BUSY')).length;
  expect(entriesOf(scene, ticket.id, 'decision.rejected')).toBe(49 - locked);
  expect(await scene.cloud.requests('TerminateInstances')).toHaveLength(1);
  await verified(scene);
}, 180_000);

test('[P5-18] 4 executors in processes of their own and 60 approved tickets: 60 effects, each once, and none failed', async () => {
  const config = 'environments: [{ name: sandbox, match: { regions: [eu-west-1] } }]\n';
  await using scene = await setScene({ instances: [{ count: 60 }] }, { config, latencyMs: 5 });
  const instances = await instanceIds(scene);
  expect(instances).toHaveLength(60);
  for (let count = 0; count < 4; count++) scene.place.start(['executor']);
  const tickets = await tagging(scene.place, instances);
  for (const id of tickets) expect(await scene.settled(id)).toBe('succeeded');
  const tagged = (await scene.cloud.requests('CreateTags')).flatMap(
    ({ parameters }) => parameters.Resources as string[],
  );
  expect(tagged.sort()).toEqual([...instances].sort());
  for (const type of ['ticket.executing', 'ticket.succeeded'])
    expect(scene.rows('SELECT ticket FROM audit_events WHERE type = ?', type)).toHaveLength(60);
  const takers = scene.rows(`SELECT DISTINCT actor FROM audit_events WHERE type = 'ticket.executing'`);
  console.log(`${takers.length} of 4 executors carried something out`);
  expect(scene.rows(`SELECT id FROM ticket WHERE state <> 'succeeded'`)).toEqual([]);
  await verified(scene);
}, 180_000);

test('[P5-12] the same call while its ticket is pending is that ticket, from two servers at once too', async () => {
  await using scene = await setScene({ instances: [{}] }, { serve: ['--no-executor'] });
  const call = { instance_ids: await instanceIds(scene), reason: REASON };
  const other = await scene.place.agent(['--no-executor', '--operator', 'otto']);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => (n % 2 ? other : scene.agent).call('ec2_terminate_instances', call)),
  );
  expect(new Set(answers.map(({ ticket }) => ticket.id)).size).toBe(1);
  expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'pending_approval'));
  expect(scene.rows('SELECT id FROM ticket_overview')).toHaveLength(1);
});

describe('a denial and the executor', () => {
  let scene: Scene;
  let gateway: Gateway;
  let instances: string[];
  /** While an action is here, requests of it wait on their way to AWS. */
  const gates: Record<string, { readonly reached: () => void; readonly open: Promise<void> } | undefined> = {};

  /** Does something while a request of the action is on its way. */
  async function whileUnderWay<T>(action: string, work: () => Promise<T>): Promise<T> {
    let letPass = () => {};
    const open = new Promise<void>((resolve) => {
      letPass = resolve;
    });
    await new Promise<void>((reached) => {
      gates[action] = { reached, open };
    });
    delete gates[action];
    return await work().finally(letPass);
  }
  const meeting = (action: string) => async (forward: () => Promise<Answer>) => {
    const gate = gates[action];
    gate?.reached();
    await gate?.open;
    return await forward();
  };

  beforeAll(async () => {
    scene = await setScene({ instances: [{ count: 6 }] }, { approvers: ['mara'] });
    instances = await instanceIds(scene);
    gateway = await startGateway(scene.cloud.endpoint, {
      DescribeInstances: meeting('DescribeInstances'),
      TerminateInstances: meeting('TerminateInstances'),
    });
    scene.place.start(['executor'], { AWS_ENDPOINT_URL: gateway.endpoint });
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  const approved = (instance = '') => scene.approved('ec2_terminate_instances', { instance_ids: [instance] });
  const deny = ({ id, digest }: { id: string; digest: string }) =>
    scene.place.cli(['deny', id, '--reason', 'no longer wanted', '--yes', '--digest', digest, '--as', 'mara']);
  /** Approved, and denied while the executor is at `action`, which may be before the approving process has ended. */
  const approvedAndDenied = async (instance = '', action: string) => {
    const ticket = await scene.ask('ec2_terminate_instances', { instance_ids: [instance] });
    const answer = whileUnderWay(action, () => deny(ticket));
    expect(await approve(scene.place, ticket, 'mara')).toMatchObject({ code: 0 });
    return { ticket, answer };
  };
  const sent = async (instance = '') =>
    (await scene.cloud.requests('TerminateInstances')).filter(({ parameters }) =>
      (parameters.InstanceIds as string[]).includes(instance),
    ).length;

  test('[P5-13] one that overtakes the recheck wins: nothing is sent', async () => {
    const { ticket, answer: denied } = await approvedAndDenied(instances[0], 'DescribeInstances');
    expect(await denied).toMatchObject({ code: 0 });
    // The recheck goes on, and must find the denial at its end.
    await until(
      () => gateway.passed,
      (passed) => passed.includes('DescribeInstanceAttribute'),
    );
    expect(await scene.settled(ticket.id)).toBe('denied');
    expect(await instanceState(scene, instances[0] ?? '')).toBe('running');
  });

  test('[P5-13] one that comes too late is refused, and does not hide the effect', async () => {
    const { ticket, answer: denied } = await approvedAndDenied(instances[1], 'TerminateInstances');
    expect((await denied).code).not.toBe(0);
    expect(await scene.settled(ticket.id)).toBe('succeeded');
    expect(await sent(instances[1])).toBe(1);
    expect(entriesOf(scene, ticket.id, 'ticket.denied')).toBe(0);
    expect(await sent(instances[0])).toBe(0);
  });

  test('[P5-13] started together with executors: each ticket is denied or run, never both', async () => {
    const racing = instances.slice(2);
    // Approved while everything is halted, so that nothing runs before the race.
    const halted = await scene.place.cli(['halt', '--reason', 'before the race', '--as', 'mara']);
    expect(halted.code, halted.stderr).toBe(0);
    const tickets: { id: string; digest: string }[] = [];
    for (const instance of racing) tickets.push(await approved(instance));
    scene.place.start(['executor']);
    const [resumed] = await Promise.all([scene.place.cli(['resume', '--as', 'mara']), ...tickets.map(deny)]);
    expect(resumed.code, resumed.stderr).toBe(0);
    for (const [n, { id }] of tickets.entries()) {
      const ran = (await scene.settled(id)) === 'succeeded';
      if (!ran) expect(scene.state(id)).toBe('denied');
      expect(await sent(racing[n])).toBe(ran ? 1 : 0);
      expect(await instanceState(scene, racing[n] ?? '')).toBe(ran ? 'terminated' : 'running');
    }
    await verified(scene);
  });
});
