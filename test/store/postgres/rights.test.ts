import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWNER, ROLES, type Role, roleName } from '../../../src/store/postgres/roles.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

/*
 * All that there is in the database, and what each role may do with it, as the database itself says. Written out here
 * once more, not taken from the schema: a new table, column, sequence or function that has no line fails, and so does a
 * right that nobody wrote down.
 */

const program = fromNpm();
if (!program) console.warn(`skipped: what each role may: ${MISSING}`);

const ALL = ROLES.join(' ');
const WRITERS = 'agent approver executor notifier';

/** By relation: each right that somebody has, with its columns where it is not for all of them, and whose it is. */
const RELATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  admitted: { SELECT: ALL },
  audit_events: { SELECT: ALL },
  entry: { SELECT: ALL },
  notice: { SELECT: 'notifier', 'UPDATE (claim_until, due_at, tries)': 'notifier' },
  operation: {},
  residue: {
    SELECT: 'executor',
    'INSERT (agent, announced_at, residue, ticket, tool)': 'agent',
    'UPDATE (claim_owner, claim_until)': 'executor',
  },
  ticket: { SELECT: ALL, 'UPDATE (claim_epoch, claim_owner, claim_until, progress)': 'executor' },
  ticket_decision: { SELECT: ALL },
  ticket_n_seq: {},
  ticket_overview: { SELECT: ALL },
  tree: { SELECT: ALL },
  version: { SELECT: ALL },
};

/** By function: who may call it; `as owner`: it does more than its caller may, and so looks at what it is given. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  'abandon(text,text)': 'agent, as owner',
  'admit(text,text,text,bigint,bigint)': '',
  'announced()': ', as owner',
  'appended()': '',
  'asked_for(text,jsonb)': ALL,
  'begins()': '',
  'canonical(text)': '',
  'canonical_number(text)': '',
  'follows()': '',
  'grows()': '',
  'hints()': '',
  'legible(text)': ALL,
  'lock_log(uuid)': `${WRITERS}, as owner`,
  'moment()': ALL,
  'parsed(text)': ALL,
  'readable(text)': ALL,
  'refuse()': '',
  'remove_notice(text,boolean)': 'notifier, as owner',
  'remove_residue(text,text)': 'executor, as owner',
  'tell()': '',
  'was_committed(uuid)': `${WRITERS}, as owner`,
  'write_at_once(uuid,jsonb)': WRITERS,
  'write_steps(text,jsonb)': `${WRITERS}, as owner`,
  'write_ticket(jsonb)': '',
};

const TABLE_RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] as const;
const SEQUENCE_RIGHTS = ['USAGE', 'SELECT', 'UPDATE'] as const;
const VIEW = /^(INSERT INTO|UPDATE|DELETE FROM) holdshort\.(audit_events|ticket_decision|ticket_overview)\b/;
const PER_COLUMN: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']);

describe.skipIf(!program)('of all that there is in the database', () => {
  let server: Server;
  let database: string;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    database = await makeDatabase(server, 'template');
    await rows('CREATE ROLE a_stranger LOGIN');
  }, 120_000);
  afterAll(() => server?.stop());

  const rows = (sql: string, ...values: unknown[]) =>
    asked(
      server.superuser(database),
      async (client) => (await client.query(sql, values)).rows as Record<string, any>[],
    );
  const relations = () =>
    rows(
      `SELECT oid, relname AS name, relkind AS kind FROM pg_class
        WHERE relnamespace = 'holdshort'::regnamespace AND relkind NOT IN ('i', 'I', 'c') ORDER BY relname`,
    );
  const functions = () =>
    rows(
      `SELECT oid, replace(oid::regprocedure::text, 'holdshort.', '') AS name, prosecdef AS as_owner, proname, proconfig,
          pronargs AS args, prorettype = 'trigger'::regtype AS triggers
        FROM pg_proc WHERE pronamespace = 'holdshort'::regnamespace ORDER BY name`,
    );

  /** By right, with its columns, who has it. */
  async function rightsIn({ oid, kind }: Record<string, any>): Promise<Record<string, string>> {
    const found: Record<string, string[]> = {};
    const add = (right: string, role: Role) => {
      found[right] = [...(found[right] ?? []), role];
    };
    for (const role of ROLES)
      for (const right of kind === 'S' ? SEQUENCE_RIGHTS : TABLE_RIGHTS) {
        const has = kind === 'S' ? 'has_sequence_privilege' : 'has_table_privilege';
        const [whole] = await rows(`SELECT ${has}($1::name, $2::oid, $3) AS may`, roleName(role), oid, right);
        if (whole?.may) add(right, role);
        if (whole?.may || kind === 'S' || !PER_COLUMN.has(right)) continue;
        const columns = await rows(
          `SELECT attname FROM pg_attribute WHERE attrelid = $2 AND attnum > 0 AND NOT attisdropped
            AND has_column_privilege($1::name, $2::oid, attnum, $3) ORDER BY attname`,
          ...[roleName(role), oid, right],
        );
        const names = columns.map(({ attname }) => attname).join(', ');
        if (names !== '') add(`${right} (${names})`, role);
      }
    return Object.fromEntries(Object.entries(found).map(([right, roles]) => [right, roles.join(' ')]));
  }

  it('each table, view and sequence is known, and what each role may do with it', async () => {
    const found: Record<string, object> = {};
    for (const relation of await relations()) found[relation.name] = await rightsIn(relation);
    expect(found).toEqual(RELATIONS);
  });

  it('each function is known, who may call it, and looks for names in no schema of its caller', async () => {
    const found: Record<string, string> = {};
    for (const { oid, name, as_owner, proconfig } of await functions()) {
      const may = await rows(
        `SELECT role FROM unnest($1::text[]) AS role WHERE has_function_privilege('holdshort_' || role, $2::oid, 'EXECUTE')`,
        ...[ROLES, oid],
      );
      found[name] = may.map(({ role }) => role).join(' ') + (as_owner ? ', as owner' : '');
      expect(proconfig, name).toEqual(['search_path=pg_catalog, pg_temp']);
    }
    expect(found).toEqual(FUNCTIONS);
  });

  it('nothing belongs to a role, no role is another, or may do more in the whole server than log in', async () => {
    const names = ROLES.map(roleName);
    for (const [table, owner] of [
      ['pg_class', 'relowner'],
      ['pg_proc', 'proowner'],
      ['pg_namespace', 'nspowner'],
      ['pg_type', 'typowner'],
      ['pg_database', 'datdba'],
    ])
      expect(await rows(`SELECT 1 FROM ${table} WHERE pg_get_userbyid(${owner}) = ANY ($1)`, names), table).toEqual([]);
    expect(
      await rows(
        `SELECT rolname FROM pg_roles WHERE rolname = ANY ($1) AND
          (rolsuper OR rolcreatedb OR rolcreaterole OR rolcanlogin OR rolreplication OR rolbypassrls)`,
        [...names, OWNER],
      ),
    ).toEqual([]);
    expect(
      await rows(
        `SELECT pg_get_userbyid(member) AS member, pg_get_userbyid(roleid) AS of FROM pg_auth_members
          WHERE pg_get_userbyid(member) = ANY ($1) OR pg_get_userbyid(roleid) = $2`,
        ...[names, OWNER],
      ),
    ).toEqual([]);
    for (const name of [...names, 'a_stranger']) {
      const [may] = await rows(
        `SELECT has_schema_privilege($1::name, 'holdshort', 'USAGE') AS uses,
          has_schema_privilege($1::name, 'holdshort', 'CREATE') OR has_schema_privilege($1::name, 'public', 'CREATE') AS makes,
          has_database_privilege($1::name, current_database(), 'CREATE') AS schemas`,
        name,
      );
      expect(may, name).toEqual({ uses: name !== 'a_stranger', makes: false, schemas: false });
    }
    // What is made later gives nobody anything by itself.
    expect(await rows('SELECT defaclrole FROM pg_default_acl')).toEqual([]);
    expect(
      await rows(
        `SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public', 'holdshort')`,
      ),
    ).toEqual([]);
  });

  /** Everything that is not in the lists, tried by a login that has that role alone, or none. */
  it.each([...ROLES, 'stranger'] as const)('%s is refused whatever it may not, when it tries', async (who) => {
    const mine = (roles = '') =>
      roles
        .replace(', as owner', '')
        .split(' ')
        .includes(who as Role);
    const tries: string[] = [];
    for (const { oid, name, kind } of await relations()) {
      const columns = kind === 'S' ? [] : await columnsOf(oid);
      const may = (right: string) => mine(RELATIONS[name]?.[right]);
      const mayColumn = (right: string, column: string) =>
        Object.entries(RELATIONS[name] ?? {}).some(
          ([key, roles]) =>
            (key === right ||
              (key.startsWith(`${right} (`) &&
                key
                  .slice(0, -1)
                  .split(/[(,] ?/)
                  .includes(column))) &&
            mine(roles),
        );
      if (kind === 'S') tries.push(`SELECT nextval('holdshort.${name}')`, `SELECT last_value FROM holdshort.${name}`);
      else {
        if (!may('SELECT')) tries.push(`SELECT 1 FROM holdshort.${name}`);
        tries.push(`DELETE FROM holdshort.${name} WHERE false`, `LOCK TABLE holdshort.${name} IN SHARE MODE`);
        if (kind === 'r') tries.push(`TRUNCATE holdshort.${name}`);
        tries.push(
          `DROP ${kind === 'v' ? 'VIEW' : 'TABLE'} holdshort.${name}`,
          `COMMENT ON ${kind === 'v' ? 'VIEW' : 'TABLE'} holdshort.${name} IS 'mine'`,
        );
        for (const column of columns) {
          if (!mayColumn('UPDATE', column)) tries.push(`UPDATE holdshort.${name} SET ${column} = DEFAULT WHERE false`);
          if (!mayColumn('INSERT', column)) tries.push(`INSERT INTO holdshort.${name} (${column}) VALUES (DEFAULT)`);
        }
      }
    }
    for (const { name, proname, args, triggers } of await functions())
      if (!triggers && !mine(FUNCTIONS[name]))
        tries.push(`SELECT holdshort.${proname}(${Array(args).fill('NULL').join(', ')})`);
    const login = who === 'stranger' ? 'a_stranger' : `an_${who}`;
    const outcomes = await asked(server.login(login, database), async (client) => {
      const found: [string, string][] = [];
      for (const sql of tries) {
        await client.query('BEGIN');
        const outcome = await client.query(sql).then(
          () => 'went through',
          ({ code }) => code,
        );
        await client.query('ROLLBACK');
        found.push([sql, outcome]);
      }
      return found;
    });
    expect(outcomes.length).toBeGreaterThan(100);
    // Into a view of several tables nobody writes (55000).
    const refusal = (sql: string) => (VIEW.test(sql) ? /^(42501|55000)$/ : /^42501$/);
    expect(outcomes.filter(([sql, outcome]) => !refusal(sql).test(outcome))).toEqual([]);
  });

  const columnsOf = async (oid: unknown) => {
    const found = await rows(
      'SELECT attname FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum',
      oid,
    );
    return found.map(({ attname }) => attname as string);
  };
});
