import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGateway } from '../scenes/gateway.ts';
import { approve } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';
import { withDatabase } from '../scenes/tables.ts';
import { rewriteLog } from '../scenes/tampering.ts';
import type { Scene } from '../scenes/whole.ts';
import { asked, HELD, isThere, sent, snapshotsOf, theVolume } from './snapshot-scene.ts';

/*
 * Who writes to the database, and holds no key, wants a deletion that was approved to run without the snapshots before
 * it: what executors write into the log is signed by nobody.
 */

type Entries = Parameters<Parameters<typeof rewriteLog>[1]>[0];

async function approved({ ask, place }: Scene, tool: string, volume_id: string) {
  const ticket = await ask(tool, { volume_id });
  const ran = await approve(place, ticket, 'mara');
  expect(ran.code, ran.stderr).toBe(0);
  return ticket;
}

/** As if an executor had died while it carried this ticket out. */
function leftExecuting({ place }: Scene, id: string, edit: (entries: Entries) => Entries): void {
  withDatabase(place, (db) => {
    rewriteLog(db, edit);
    const claimless = 'claim_owner = NULL, claim_until = NULL';
    db.prepare(`UPDATE ticket SET state = 'executing', ${claimless} WHERE id = ?`).run(id);
  });
}

/** What the ticket ends with once an executor is there again. */
async function ended(scene: Scene, id: string) {
  const executor = await scene.executing();
  expect(await scene.settled(id)).toBe('failed');
  await executor.stop();
  return await scene.agent.call('ticket_get', { ticket_id: id });
}

test('a first step that is made up, with the token of an older snapshot: the deletion does not follow', async () => {
  await using scene = await asked({ approvers: ['mara'] });
  const volume = await theVolume(scene);
  const old = await approved(scene, 'ec2_create_snapshot', volume);
  const first = await scene.executing();
  expect(await scene.settled(old.id)).toBe('succeeded');
  await first.stop();
  const { token } = events(scene.place, 'ticket.executing').at(-1)!.detail.intent;
  const ticket = await approved(scene, 'ec2_delete_volume', volume);
  const before = await sent(scene);
  const { intent, at } = { at: new Date().toISOString(), intent: { token, step: 1 } };
  leftExecuting(scene, ticket.id, (entries) => [
    ...entries,
    {
      ...{ at, actor: 'executor:nobody', outcome: 'executing', tool: 'ec2_delete_volume', type: 'ticket.executing' },
      ...{
        ticket: ticket.id,
        detail: { digest: ticket.digest, ticket_seq: 0, intent: { ...intent, intended_at: at } },
      },
    },
  ]);
  const { refusal } = await ended(scene, ticket.id);
  expect(refusal).toMatchObject({ code: 'stale', message: expect.stringContaining('did not begin its step 1 as') });
  expect(await sent(scene)).toEqual(before);
  expect(await snapshotsOf(scene, volume)).toHaveLength(1);
  expect(await isThere(scene, volume)).toBe(true);
});

test('a first step that did run, and was given the token of an older snapshot since: nothing follows', async () => {
  await using scene = await asked({ approvers: ['mara'], latencyMs: 2_000 });
  const volume = await theVolume(scene);
  const old = await approved(scene, 'ec2_create_snapshot', volume);
  const first = await scene.executing();
  expect(await scene.settled(old.id)).toBe('succeeded');
  const { token } = events(scene.place, 'ticket.executing').at(-1)!.detail.intent;
  const ticket = await approved(scene, 'ec2_delete_volume', volume);
  await scene.cloud.arrived('CreateSnapshot', 2);
  await first.stop();
  expect(scene.state(ticket.id)).toBe('executing');
  // The head knows the true entry by now, so the attacker leaves it: another one says the step began as they like.
  leftExecuting(scene, ticket.id, (entries) => {
    const begun = entries.findLast(({ type }) => type === 'ticket.executing')!;
    const { intent, ...detail } = begun.detail;
    return [...entries, { ...begun, type: 'execution.step', detail: { ...detail, intent: { ...intent, token } } }];
  });
  const { refusal } = await ended(scene, ticket.id);
  expect(refusal).toMatchObject({ code: 'stale', message: expect.stringContaining('did not begin its step 1 as') });
  expect(await isThere(scene, volume)).toBe(true);
});

test('a ticket that ended between its steps, and whose ending was taken out of the log: it does not go on', async () => {
  await using scene = await asked({ approvers: ['mara'], latencyMs: 400 });
  const volume = await theVolume(scene);
  const ticket = await approved(scene, 'ec2_delete_volume', volume);
  const [policy, head] = [join(scene.place.home, 'policy.cedar'), join(scene.place.home, 'keys', 'head.db')];
  await using gateway = await startGateway(scene.cloud.endpoint, {
    CreateSnapshot: async (forward) => {
      const answer = await forward();
      copyFileSync(head, `${head}.before`);
      writeFileSync(policy, `${HELD}\n@id("no") forbid (principal, action == Action::"ec2:DeleteVolume", resource);`);
      return answer;
    },
  });
  const first = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  expect(await scene.settled(ticket.id)).toBe('failed');
  await first.stop();
  writeFileSync(policy, HELD);
  // As where the executor dies before it looks at the log once more.
  copyFileSync(`${head}.before`, head);
  rmSync(`${head}.before`);
  leftExecuting(scene, ticket.id, (entries) =>
    entries.filter(({ type, ticket: id }) => !(type === 'ticket.failed' && id === ticket.id)),
  );
  const { refusal } = await ended(scene, ticket.id);
  expect(refusal).toMatchObject({ code: 'stale', message: expect.stringMatching(/^it ended here after its step 1/) });
  expect((await sent(scene)).filter((action) => action !== 'CreateSnapshot')).toEqual([]);
  expect(await isThere(scene, volume)).toBe(true);
});

test('a snapshot that was begun before the plan was made is not one that the ticket took', async () => {
  await using scene = await asked({ approvers: ['mara'] });
  const volume = await theVolume(scene);
  const ticket = await approved(scene, 'ec2_delete_volume', volume);
  const old = new Date(Date.now() - 10 * 60_000).toISOString();
  await using gateway = await startGateway(scene.cloud.endpoint, {
    // Right before the deletion alone. While it is taken, such a date says already that another request made it.
    DescribeSnapshots: async (forward, parameters) => {
      const { body, ...answer } = await forward();
      const named = [...parameters.values()].includes('snapshot-id');
      return { ...answer, body: named ? body.replaceAll(/<startTime>[^<]*</g, `<startTime>${old}<`) : body };
    },
  });
  const executor = await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  expect(await scene.settled(ticket.id)).toBe('failed');
  await executor.stop();
  const { refusal } = await scene.agent.call('ticket_get', { ticket_id: ticket.id });
  expect(refusal).toMatchObject({
    code: 'stale',
    message: expect.stringMatching(/snap-\w+ was begun .* before the plan/),
  });
  expect(await isThere(scene, volume)).toBe(true);
});
