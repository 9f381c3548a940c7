import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { type Agent, REASON, stop, until } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene, type ToolAnswer, verified } from '../scenes/whole.ts';
import { type Change, everyChange, NOT_HERE, SEED } from './every-change.ts';

/* Every change: its request is dropped before AWS, then someone else makes the very same change. */

/**
 * Tools whose requests leave a mark of their own in AWS: someone else's change shows none, so that there is nothing new
 * to tell.
 */
const MARKED = new Set([
  'ec2_run_instances',
  'ec2_create_volume',
  'ec2_create_snapshot',
  'ec2_create_image',
  'ec2_create_security_group',
  'cloudformation_continue_update_rollback',
  'cloudformation_rollback_stack',
]);

const INVITES = /\b(call|ask|try|send|ask for it|ask for the same) (it )?again\b|\bretry\b|\brepeat\b|\banew\b/i;

let scene: Scene;
let changes: readonly Change[];
const sentBefore: Record<string, number> = {};
const first: Record<string, ToolAnswer> = {};
const last: Record<
  string,
  { ticket: { state: string }; result: { detail: string; resources: { outcome: string }[] } }
> = {};

/** How often each was looked at by the executor that took over. */
let looks: readonly number[] = [];

async function settler(agent: Agent, beside: ChildProcess): Promise<void> {
  const claims = () => scene.rows('SELECT id, state, claim_epoch AS epoch, claim_owner AS owner FROM ticket');
  const before = new Map(claims().map(({ id, epoch }) => [id, Number(epoch)]));
  // The process that sent them is gone.
  await agent.close();
  await stop(beside);
  const executor = scene.place.start(['executor']);
  // The third time: what others began may have been under way at the first.
  const looked = ({ id = '', state, epoch, owner }: Record<string, string>) =>
    state !== 'unknown' || (Number(epoch) > (before.get(id) ?? 0) + 2 && owner === null);
  // Each at some moment: on a busy machine there may be none at which all of them rest.
  const seen = new Set<string>();
  await until(claims, (rows) => {
    for (const row of rows) if (looked(row)) seen.add(row.id ?? '');
    return rows.every(({ id = '' }) => seen.has(id));
  });
  await stop(executor);
  looks = claims().map(({ id = '', epoch }) => Number(epoch) - (before.get(id) ?? 0));
}

beforeAll(async () => {
  scene = await setScene(SEED, { config: NOTHING_HELD, latencyMs: 0 });
  changes = await everyChange(scene);
  for (const { action } of changes) {
    sentBefore[action] = (await scene.cloud.requests(action)).length;
    await scene.cloud.fault({ action, mode: 'drop_before' });
  }
  const agent = await scene.place.agent();
  // Each carries out sixteen at once, and of each it takes ten seconds until nobody knows.
  const beside = scene.place.start(['executor']);
  await Promise.all(
    changes.map(async ({ tool, args }) => {
      first[tool] = await agent.call(tool, { ...args, reason: REASON });
    }),
  );
  for (const { bySomebodyElse } of changes) await bySomebodyElse(scene);
  await settler(agent, beside);
  for (const { tool } of changes)
    last[tool] = await scene.agent.call('ticket_get', { ticket_id: first[tool]?.ticket?.id ?? tool });
}, 240_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

const names = TOOLS.flatMap(({ kind, name }) => (kind === 'change' && !NOT_HERE.includes(name) ? [name] : []));

test.each(names)(
  'B11: %s stays unknown when somebody else makes the change later, and the text says what is known',
  (tool) => {
    expect(first[tool], JSON.stringify(first[tool])).toMatchObject({
      outcome: 'unknown',
      ticket: { state: 'unknown' },
    });
    expect(last[tool]?.ticket.state, JSON.stringify(last[tool])).toBe('unknown');
    const { detail = '', resources = [] } = last[tool]?.result ?? {};
    if (!MARKED.has(tool)) expect(detail).toContain('it is so now, but by whom can not be told');
    for (const { outcome } of resources) expect(outcome).toBe('unknown');
  },
);

test.each(names)('B10: what %s answers where it may have happened invites nobody to repeat it', (tool) => {
  expect(first[tool]?.refusal?.recovery).toContain('let a person look at AWS');
  expect(JSON.stringify(first[tool])).not.toMatch(INVITES);
});

test('B11: what stays unknown is looked at after a longer pause each time, however much else is under way', () => {
  // The pauses reach two minutes after five looks.
  expect(looks.filter((count) => count > 8)).toEqual([]);
});

test('B11: nothing was sent a second time, and the log verifies', async () => {
  for (const { action } of changes) {
    // Ours, which was dropped, and someone else's.
    expect((await scene.cloud.requests(action)).length - (sentBefore[action] ?? 0), action).toBe(2);
  }
  await verified(scene);
});
