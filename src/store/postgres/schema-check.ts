import { CLOCK, migrationsBy } from './migrate.ts';
import type { Reader } from './reader.ts';
import { OWNER, roleName } from './roles.ts';

const FUNCTIONS = `SELECT p.proname AS name, p.prosrc AS body, p.prosecdef AS definer,
  coalesce(p.proconfig, '{}') = '{"search_path=pg_catalog, pg_temp"}' AS pinned, pg_get_userbyid(p.proowner) AS owner
  FROM pg_proc p WHERE p.pronamespace = 'holdshort'::regnamespace`;
const TRIGGERS = `SELECT t.tgname AS name, t.tgenabled = 'O' AS enabled FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'holdshort'::regnamespace AND NOT t.tgisinternal`;
const RELATIONS = `SELECT c.relname AS name, c.relkind AS kind, pg_get_userbyid(c.relowner) AS owner,
  coalesce(i.indisvalid, true) AS valid FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.relnamespace = 'holdshort'::regnamespace`;
const WRITERS = `SELECT c.relname AS name, pg_get_userbyid(a.grantee) AS grantee, a.privilege_type AS privilege
  FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'holdshort'::regnamespace
    AND a.privilege_type <> 'SELECT' AND a.grantee <> c.relowner`;
const OWNERS = `SELECT rolname AS name FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND pg_has_role(oid, '${OWNER}', 'MEMBER')`;

/** What may be written without a function of ours looking at it: claims and the outbox, by those whose they are. */
const OPEN = new Set([`residue DELETE ${roleName('executor')}`, `notice DELETE ${roleName('notifier')}`]);

interface Fault {
  readonly name: string;
}

/**
 * What in the schema isn't as the migrations make it: functions, fences, indexes, who owns them and who may write past
 * them. Types of columns and checks are not compared.
 * @returns a line each
 */
export async function schemaFaults(db: Reader, clock = CLOCK): Promise<readonly string[]> {
  const text = migrationsBy(clock).join('\n');
  const [functions, triggers, relations, writers, owners] = await Promise.all([
    db.all<Fault & { body: string; definer: boolean; pinned: boolean; owner: string }>(FUNCTIONS),
    db.all<Fault & { enabled: boolean }>(TRIGGERS),
    db.all<Fault & { kind: string; owner: string; valid: boolean }>(RELATIONS),
    db.all<Fault & { grantee: string; privilege: string }>(WRITERS),
    db.all<Fault>(OWNERS),
  ]);
  const wanted = new Map(
    [...text.matchAll(/^CREATE FUNCTION holdshort\.(\w+)\(([\s\S]*?)\$\$([\s\S]*?)\$\$/gm)].map(
      ([, name, head, body]) => [name ?? '', { body, definer: head?.includes('SECURITY DEFINER') ?? false }],
    ),
  );
  const fences = names(text, /^CREATE TRIGGER (\w+)/gm);
  const indexes = names(text, /^CREATE (?:UNIQUE )?INDEX (\w+)/gm);
  return [
    ...compared('function', wanted.keys(), functions, ({ name, body, definer, pinned, owner }) => {
      const made = wanted.get(name);
      return made?.body === body && made.definer === definer && pinned && owner === OWNER;
    }),
    ...compared('trigger', fences, triggers, ({ enabled }) => enabled),
    ...compared(
      'index',
      indexes,
      relations.filter(({ kind, name }) => kind === 'i' && indexes.includes(name)),
      ({ valid }) => valid,
    ),
    ...relations.filter(({ owner }) => owner !== OWNER).map(({ name, owner }) => `${name} is owned by ${owner}`),
    ...writers
      .filter(({ name, privilege, grantee }) => !OPEN.has(`${name} ${privilege} ${grantee}`))
      .map(({ name, privilege, grantee }) => `${grantee} may ${privilege} ${name}`),
    ...owners.map(({ name }) => `the login ${name} is a member of ${OWNER}`),
  ];
}

function names(text: string, of: RegExp): readonly string[] {
  return [...text.matchAll(of)].map(([, name]) => name ?? '');
}

function compared<Found extends Fault>(
  kind: string,
  wanted: Iterable<string>,
  found: readonly Found[],
  isAsMade: (one: Found) => boolean,
): readonly string[] {
  const expected = new Set(wanted);
  const there = new Set(found.map(({ name }) => name));
  return [
    ...[...expected].filter((name) => !there.has(name)).map((name) => `${kind} ${name} is missing`),
    ...found
      .filter((one) => expected.has(one.name) && !isAsMade(one))
      .map(({ name }) => `${kind} ${name} is not as it was made`),
    ...found.filter(({ name }) => !expected.has(name)).map(({ name }) => `${kind} ${name} was put in`),
  ];
}
