import { expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { approve, REASON } from '../../scenes/front-door.ts';
import { events } from '../../scenes/state.ts';
import { instanceIds, setScene, verified } from '../../scenes/whole.ts';

test('A8: after an entry five hours ahead people can halt, deny and withdraw, agents withdraw, and nobody approves', async () => {
  const seed = { instances: [{}, {}, {}, {}] };
  await using scene = await setScene(seed, { approvers: ['ana'] });
  const { place, agent } = scene;
  const ids = await instanceIds(scene);
  const ask = (id: string | undefined) => scene.ask('ec2_stop_instances', { instance_ids: [id] });
  const recalled = await scene.approved('ec2_stop_instances', { instance_ids: [ids[0]] });
  const [denied, withdrawn, pending] = [await ask(ids[1]), await ask(ids[2]), await ask(ids[3])];
  const ahead = openSqliteStore({ file: place.database, clock: () => Date.now() + 5 * 3_600_000 });
  await ahead
    .forAgent({ agent: 'agent', operator: 'ann', session: 'ses_ahead' })
    .append({ type: 'session.opened', actor: 'agent:agent', detail: {} });
  await ahead.close();
  const newest = JSON.parse(scene.rows('SELECT text FROM entry ORDER BY seq DESC LIMIT 1')[0]?.text ?? '').at;

  const refused = await approve(place, pending, 'ana');
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(`the newest log entry was written at ${newest}`);
  expect(refused.stderr).toMatch(/the clock says \d{4}-\d\d-\d\dT/);
  expect(refused.stderr).toContain(`wait until ${newest}`);
  const run = async (...args: string[]) => {
    const ran = await place.cli([...args, '--as', 'ana']);
    expect(ran.code, args.join(' ') + ran.stderr).toBe(0);
  };
  await run('deny', denied.id, '--reason', 'not today', '--yes', '--digest', denied.digest);
  await run('approve', recalled.id, '--withdraw', '--yes', '--digest', recalled.digest);
  await run('halt', '--reason', 'stop everything');
  for (const server of [agent, await place.agent(['--no-executor', '--operator', 'otto'])]) {
    const gone = server === agent ? withdrawn.id : pending.id;
    const answer = await server.call('ticket_withdraw', { ticket_id: gone, reason: REASON });
    expect(answer.ticket, JSON.stringify(answer)).toMatchObject({ state: 'withdrawn' });
  }
  expect(scene.state(denied.id)).toBe('denied');
  const since = events(place).filter(({ type }) => type === 'halt.set' || type === 'ticket.denied');
  for (const { detail } of since) expect(Date.parse(detail.clock)).toBeLessThan(Date.parse(newest));
  expect(since).toHaveLength(2);
  const lifted = await place.cli(['resume', '--as', 'ana']);
  expect(lifted.code).not.toBe(0);
  expect(lifted.stderr).toContain(newest);
  await verified(scene);
}, 120_000);
