import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { withDatabase } from '../scenes/tables.ts';
import { replacePlan } from '../scenes/tampering.ts';
import { instanceIds, type Scene, setScene } from '../scenes/whole.ts';

/*
 * Somebody who writes to the database puts something else in a ticket's row, and leaves the log as it is. The agent
 * tells its user what it reads of its tickets, so that it is told nothing that only the row says.
 */

let scene: Scene;
let sound: string;
const FORGED = 'a harmless change that nobody planned';

/** The ticket that was altered in each way. */
const altered = new Map<string, string>();

const WAYS: readonly [string, (id: string) => void][] = [
  [
    'another plan, with the digest that belongs to it',
    (id) =>
      withDatabase(scene.place, (db) => replacePlan(db, id, (plan: PlanRecord) => ({ ...plan, summary: FORGED }))),
  ],
  [
    'another state',
    (id) => withDatabase(scene.place, (db) => db.prepare("UPDATE ticket SET state = 'succeeded' WHERE id = ?").run(id)),
  ],
  [
    'another reason',
    (id) =>
      withDatabase(scene.place, (db) =>
        db.prepare("UPDATE ticket SET draft = json_set(draft, '$.reason', ?) WHERE id = ?").run(FORGED, id),
      ),
  ],
  [
    'no plan, as if it had been taken back before it had one',
    (id) =>
      withDatabase(scene.place, (db) =>
        db
          .prepare("UPDATE ticket SET state = 'withdrawn', plan = NULL, digest = NULL, call = NULL WHERE id = ?")
          .run(id),
      ),
  ],
];

beforeAll(async () => {
  scene = await setScene({ instances: [{}, {}, {}, {}, {}] }, { latencyMs: 0, serve: ['--no-executor'] });
  const [first = '', ...others] = await instanceIds(scene);
  const held = async (id: string) => (await scene.ask('ec2_terminate_instances', { instance_ids: [id] })).id;
  sound = await held(first);
  for (const [at, [way, alter]] of WAYS.entries()) {
    const id = await held(others[at] ?? '');
    alter(id);
    altered.set(way, id);
  }
}, 60_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

const ways = WAYS.map(([way]) => way);
const refused = { outcome: 'refused', refusal: { code: 'tampered' } };

test.each(ways)('with %s, ticket_get says that it was altered, and nothing of it', async (way) => {
  const answer = await scene.agent.call('ticket_get', { ticket_id: altered.get(way) });
  expect(answer).toMatchObject(refused);
  expect(Object.keys(answer)).not.toContain('ticket');
  expect(Object.keys(answer)).not.toContain('plan');
  expect(JSON.stringify(answer)).not.toContain(FORGED);
});

test.each(ways)('with %s, ticket_wait says so at once', async (way) => {
  const said: string[] = [];
  const { structuredContent } = await scene.agent.client.callTool(
    { name: 'ticket_wait', arguments: { ticket_id: altered.get(way) } },
    { onprogress: ({ message = '' }) => void said.push(message) },
  );
  expect(structuredContent).toMatchObject(refused);
  expect(said.join('\n')).not.toContain(FORGED);
});

test.each(ways)('with %s, its resource says so', async (way) => {
  const { contents } = await scene.agent.client.readResource({ uri: `holdshort://tickets/${altered.get(way)}` });
  const [content] = contents as { text: string }[];
  expect(JSON.parse(content?.text ?? '')).toMatchObject(refused);
  expect(content?.text).not.toContain(FORGED);
});

test('the lists name those that were altered as such, and show the others', async () => {
  const { tickets } = await scene.agent.call('ticket_list', {});
  const { resources } = await scene.agent.client.listResources();
  const line = (id: string | undefined) => tickets.find((one: { id: string }) => one.id === id);
  const name = (id: string | undefined) => resources.find((one) => one.name === id)?.title;
  expect(tickets).toHaveLength(1 + altered.size);
  expect(line(sound)).toMatchObject({ state: 'pending', tool: 'ec2_terminate_instances' });
  expect(name(sound)).toBe('ec2_terminate_instances: pending');
  for (const id of altered.values()) {
    expect(line(id)).toEqual({ id, problem: expect.stringContaining('is not what the log says it is') });
    expect(name(id)).toBe('altered in the database');
  }
});
