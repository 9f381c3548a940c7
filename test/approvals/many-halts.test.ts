import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { MOST_LIFTED, statementText } from '../../src/kernel/statement.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { makePlace } from '../scenes/front-door.ts';

test("an approver's halts are lifted, however many they are, by an admin alone", async () => {
  await using place = makePlace({ production: 'key' });
  await place.cli(['approvers', 'enroll', 'noa', '--no-passphrase']);
  await place.cli(['approvers', 'enroll', 'eve', '--no-passphrase', '--as', 'noa']);
  const keysDir = join(place.home, 'keys');
  const eve = await unlockKey(readKey(keysDir, 'eve', 'key')!, async () => '');
  const store = openSqliteStore({ file: place.database, head: join(keysDir, 'head.db') });
  const desk = store.forApprover();
  // Her own key, and her own program, which asks nobody whether something is halted already.
  const enough = MOST_LIFTED + 600;
  for (let i = 0, expected = (await desk.statements()).length; i < enough; i++, expected++) {
    const common = { nonce: randomBytes(16).toString('hex'), signed_at: new Date().toISOString(), key: eve.id };
    const statement = statementText({ kind: 'halt', reason: `no ${i}`, ...common, by: 'eve' });
    const event = { type: 'halt.set', actor: 'approver:eve', detail: {} } as const;
    await desk.recordStatement({ signed: { statement, signature: await eve.sign(statement) }, expected, event });
  }
  await store.close();
  expect(await place.cli(['resume', '--as', 'eve'])).toMatchObject({ code: 3 });
  const resumed = await place.cli(['resume', '--as', 'noa']);
  expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
  expect(resumed.stdout).toContain('was lifted by noa');
  expect(await place.cli(['resume', '--as', 'noa'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing is halted'),
  });
  expect(await place.json(['audit', 'list', '--type', 'halt.lifted'])).toHaveLength(2);
  expect(await place.cli(['audit', 'verify'])).toMatchObject({ code: 0 });
});

test('a list that no statement holds is refused by name, with what to do', async () => {
  await using place = makePlace({ production: 'key' });
  await place.cli(['approvers', 'enroll', 'noa', '--no-passphrase']);
  const teams = Array.from({ length: 33 }, (_, at) => `--group=t${at}`);
  const refused = await place.cli(['approvers', 'enroll', 'mara', '--no-passphrase', ...teams, '--as', 'noa']);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('these are 33 teams') });
});
