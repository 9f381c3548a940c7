import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { makePlace, REASON } from '../scenes/front-door.ts';

/** What is played with `serve --sandbox` is not among what people decide in earnest, and they find it where it is. */

test("D29: the sandbox's tickets, keys and log have a place of their own, and --sandbox reaches it", async () => {
  // As someone has it who set nothing: everything in the XDG folders.
  await using here = makePlace({ env: { HOLDSHORT_HOME: '' } });
  const agent = await here.agent(['--sandbox']);
  const { ticket } = await agent.call('cloudformation_delete_stack', { stack_name: 'dev-shop', reason: REASON });
  expect(ticket.state).toBe('pending');
  expect(await here.json(['tickets', 'list'])).toMatchObject({ tickets: [] });
  expect(await here.cli(['tickets', 'show', ticket.id])).toMatchObject({ code: 1 });
  expect(await here.json(['--sandbox', 'tickets', 'list'])).toMatchObject({ tickets: [{ id: ticket.id }] });

  // A key in earnest decides nothing there, and the other way round.
  expect(await here.cli(['approvers', 'enroll', 'noa', '--no-passphrase'])).toMatchObject({ code: 0 });
  expect(await here.json(['--sandbox', 'approvers', 'list'])).toMatchObject({ approvers: [] });
  const deny = ['deny', ticket.id, '--reason', 'no', '--yes', '--digest', ticket.digest, '--as', 'noa', '--sandbox'];
  expect(await here.cli(deny)).toMatchObject({ code: 3 });
  expect(await here.cli(['--sandbox', 'approvers', 'enroll', 'noa', '--no-passphrase'])).toMatchObject({ code: 0 });
  expect(await here.cli(deny)).toMatchObject({ code: 0 });
  expect(await here.cli(['audit', 'verify', '--sandbox'])).toMatchObject({ code: 0 });
  const state = join(here.home, '.local', 'state', 'holdshort');
  expect(existsSync(join(state, 'sandbox', 'holdshort.db'))).toBe(true);
  expect(existsSync(join(state, 'sandbox', 'keys', 'root.json'))).toBe(true);
});

test('D29: configuration holds in the sandbox too, but nobody in earnest is told of play', async () => {
  await using here = makePlace({ env: { HOLDSHORT_HOME: '' } });
  const folder = join(here.home, '.config', 'holdshort');
  mkdirSync(folder, { recursive: true });
  const told = 'environments: [{ name: development, match: { stack_names: ["dev-*"] } }]\nnotify_desktop: true\n';
  writeFileSync(join(folder, 'config.yaml'), told);
  const agent = await here.agent(['--sandbox', '--no-executor']);
  const answer = await agent.call('cloudformation_delete_stack', { stack_name: 'dev-shop', reason: REASON });
  expect(answer).toMatchObject({ plan: { environment: 'development' } });
  const database = new Database(join(here.home, '.local', 'state', 'holdshort', 'sandbox', 'holdshort.db'), {
    readonly: true,
  });
  try {
    expect(database.prepare('SELECT count(*) AS notices FROM notice').get()).toEqual({ notices: 0 });
  } finally {
    database.close();
  }
});

test('D29: HOLDSHORT_HOME names one place for everything; an executor has nothing to do with the embedded cloud', async () => {
  await using here = makePlace();
  const agent = await here.agent(['--sandbox']);
  const { ticket } = await agent.call('cloudformation_delete_stack', { stack_name: 'dev-shop', reason: REASON });
  for (const more of [[], ['--sandbox']])
    expect(await here.json([...more, 'tickets', 'list'])).toMatchObject({ tickets: [{ id: ticket.id }] });
  expect(await here.cli(['executor', '--sandbox'])).toMatchObject({ code: 2 });
});
