import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { verifyLog } from '../../../src/audit/verify.ts';
import { openPostgresSnapshot } from '../../../src/store/postgres/snapshot.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { NOTHING_OUTSIDE } from '../../audit/verify-file.ts';
import { storeSuite } from '../store-suite.ts';
import { clocked, clockOf } from './clocked.ts';
import {
  debians,
  fromNpm,
  MISSING,
  makeDatabase,
  makeTemplate,
  type Server,
  startServer,
  TEST_CLOCK,
} from './server.ts';

for (const [name, program, missing] of [
  ['PostgreSQL from npm', fromNpm(), MISSING],
  ['PostgreSQL 15', debians(), "Debian's PostgreSQL 15 is not on this machine"],
] as const) {
  if (!program) console.warn(`skipped: the store's suite on ${name}: ${missing}`);
  describe.skipIf(!program)(name, () => {
    let server: Server;
    beforeAll(async () => {
      if (!program) return;
      server = await startServer(program);
      await makeTemplate(server, 'template', TEST_CLOCK);
    }, 60_000);
    afterAll(() => server?.stop());

    storeSuite(name, async () => {
      const database = await makeDatabase(server, 'template');
      const clock = await clockOf(server.superuser(database));
      const to = server.login('hub', database);
      const head = join(server.folder, `${database}.head`);
      return {
        open: (now) => clocked(openPostgresStore({ to, head }), clock, now),
        async verify() {
          const snapshot = await openPostgresSnapshot(to, TEST_CLOCK);
          try {
            return await verifyLog(snapshot, NOTHING_OUTSIDE);
          } finally {
            await snapshot.close();
          }
        },
        async cleanUp() {
          await clock.close();
          rmSync(head, { force: true });
        },
      };
    });
  });
}
