import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { checkStore, migrateStore } from '../../../src/store/postgres/upkeep.ts';
import { asked, debians, fromNpm, MISSING, type Server, startServer } from './server.ts';

for (const [name, program, missing] of [
  ['from npm', fromNpm(), MISSING],
  ["15, Debian's", debians(), 'there is none in /usr/lib/postgresql'],
] as const) {
  if (!program) console.warn(`skipped: who migrates, and who is too mighty, on PostgreSQL ${name}: ${missing}`);

  describe.skipIf(!program)(`an administrator who is no superuser, on PostgreSQL ${name}`, () => {
    let server: Server;
    const superuser = (sql: string, database = 'd') => asked(server.superuser(database), (client) => client.query(sql));
    const faults = async () => (await checkStore(server.login('aud', 'd'))).faults;
    beforeAll(async () => {
      if (!program) return;
      server = await startServer(program);
      await superuser('CREATE ROLE adm LOGIN CREATEROLE', 'postgres');
      await superuser('CREATE DATABASE d OWNER adm', 'postgres');
      await migrateStore(server.login('adm', 'd'));
      await superuser('CREATE ROLE aud LOGIN IN ROLE holdshort_auditor; CREATE ROLE hub LOGIN IN ROLE holdshort_agent');
    }, 120_000);
    afterAll(() => server?.stop());

    it('migrates, and again, and is not left a member of the owner', async () => {
      expect(await migrateStore(server.login('adm', 'd'))).toEqual({ from: 1, to: 1 });
      expect(await faults()).toEqual([]);
      const become = asked(server.login('adm', 'd'), (client) => client.query('DELETE FROM holdshort.entry'));
      await expect(become).rejects.toMatchObject({ code: '42501' });
    });

    it('makes nothing in a schema that somebody else made', async () => {
      await superuser('CREATE DATABASE taken OWNER adm', 'postgres');
      await superuser('CREATE SCHEMA holdshort AUTHORIZATION hub; GRANT ALL ON SCHEMA holdshort TO PUBLIC', 'taken');
      await expect(migrateStore(server.login('adm', 'taken'))).rejects.toThrow('the schema holdshort belongs to hub');
    });

    it('is told of logins that could change the log, and those are let into no process', async () => {
      const opened = () => {
        const store = openPostgresStore({ to: server.login('hub', 'd'), patienceMs: 1_000 });
        return store
          .forAudit()
          .head()
          .finally(() => store.close());
      };
      for (const [give, take, why] of [
        ['ALTER ROLE hub CREATEROLE', 'ALTER ROLE hub NOCREATEROLE', 'may create roles'],
        ['ALTER ROLE hub REPLICATION', 'ALTER ROLE hub NOREPLICATION', 'may replicate'],
        ['ALTER ROLE hub BYPASSRLS', 'ALTER ROLE hub NOBYPASSRLS', 'passes by row level security'],
        ...['pg_write_all_data', 'pg_execute_server_program', 'pg_write_server_files'].map((role) => [
          `GRANT ${role} TO hub`,
          `REVOKE ${role} FROM hub`,
          `is a member of ${role}`,
        ]),
        [
          'CREATE ROLE staff CREATEROLE; GRANT staff TO hub',
          'REVOKE staff FROM hub; DROP ROLE staff',
          'may create roles',
        ],
      ] as [string, string, string][]) {
        await superuser(give);
        await expect(opened(), give).rejects.toThrow(`the login hub ${why}`);
        expect(await faults(), give).toEqual([`the login hub ${why}`]);
        await superuser(take);
      }
      expect(await opened()).toMatchObject({ size: 0 });
      expect(await faults()).toEqual([]);
    });

    it('is told what was changed in the schema', async () => {
      for (const [make, undo, fault] of [
        [
          "INSERT INTO holdshort.admitted VALUES ('agent', 'halt.lifted', '', 'statement', '.')",
          "DELETE FROM holdshort.admitted WHERE role = 'agent' AND type = 'halt.lifted'",
          'rule of who writes what: agent halt.lifted - statement . was put in',
        ],
        [
          'GRANT UPDATE (state) ON holdshort.ticket TO hub',
          'REVOKE UPDATE (state) ON holdshort.ticket FROM hub',
          'hub may UPDATE (state) ticket',
        ],
        [
          'DROP TRIGGER ticket_follows ON holdshort.ticket; CREATE TRIGGER ticket_follows BEFORE UPDATE ON holdshort.ticket FOR EACH ROW WHEN (false) EXECUTE FUNCTION holdshort.follows()',
          'DROP TRIGGER ticket_follows ON holdshort.ticket; CREATE TRIGGER ticket_follows BEFORE UPDATE ON holdshort.ticket FOR EACH ROW EXECUTE FUNCTION holdshort.follows()',
          'trigger ticket_follows is not as it was made',
        ],
        [
          "SET ROLE holdshort_owner; DROP INDEX holdshort.ticket_call; CREATE UNIQUE INDEX ticket_call ON holdshort.ticket (call) WHERE state = 'planning'",
          "SET ROLE holdshort_owner; DROP INDEX holdshort.ticket_call; CREATE UNIQUE INDEX ticket_call ON holdshort.ticket (call, agent, operator) WHERE state = 'pending'",
          'index ticket_call is not as it was made',
        ],
        [
          'CREATE RULE quiet AS ON DELETE TO holdshort.notice DO INSTEAD NOTHING',
          'DROP RULE quiet ON holdshort.notice',
          'rule quiet was put on notice',
        ],
        [
          'ALTER TABLE holdshort.entry ENABLE ROW LEVEL SECURITY',
          'ALTER TABLE holdshort.entry DISABLE ROW LEVEL SECURITY',
          'row level security is on for entry',
        ],
        [
          'CREATE POLICY h ON holdshort.entry USING (true)',
          'DROP POLICY h ON holdshort.entry',
          'policy h was put on entry',
        ],
      ] as const) {
        await superuser(make);
        expect(await faults(), make).toEqual([fault]);
        await superuser(undo);
      }
      expect(await faults()).toEqual([]);
    });

    it('reads and writes nothing by tables that show to some only, or do something else', async () => {
      for (const [make, undo] of [
        [
          'ALTER TABLE holdshort.entry ENABLE ROW LEVEL SECURITY',
          'ALTER TABLE holdshort.entry DISABLE ROW LEVEL SECURITY',
        ],
        ['CREATE RULE quiet AS ON DELETE TO holdshort.entry DO INSTEAD NOTHING', 'DROP RULE quiet ON holdshort.entry'],
      ] as const) {
        await superuser(make);
        const store = openPostgresStore({ to: server.login('hub', 'd'), patienceMs: 1_000 });
        await expect(store.forAudit().head()).rejects.toThrow('a rule was put on holdshort.entry');
        await store.close();
        await superuser(undo);
      }
    });
  });
}
