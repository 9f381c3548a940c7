import { CLOCK, migrationsBy } from './migrate.ts';
import { MIGHTY_LOGINS } from './powers.ts';
import type { Reader } from './reader.ts';
import { ADMITTED, type Admitted, OWNER } from './roles.ts';

const FUNCTIONS = `SELECT p.proname AS name, p.prosrc AS body, p.prosecdef AS definer,
  coalesce(p.proconfig, '{}') = '{"search_path=pg_catalog, pg_temp"}' AS pinned, pg_get_userbyid(p.proowner) AS owner
  FROM pg_proc p WHERE p.pronamespace = 'holdshort'::regnamespace`;
const TRIGGERS = `SELECT t.tgname AS name, t.tgenabled = 'O' AS enabled, pg_get_triggerdef(t.oid) AS text FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'holdshort'::regnamespace AND NOT t.tgisinternal`;
const RELATIONS = `SELECT c.relname AS name, c.relkind AS kind, pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS veiled,
  coalesce(i.indisvalid, true) AS valid, CASE WHEN c.relkind = 'i' THEN pg_get_indexdef(c.oid) ELSE '' END AS text
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relnamespace = 'holdshort'::regnamespace`;
const WRITERS = `SELECT c.relname AS name, pg_get_userbyid(a.grantee) AS grantee, a.privilege_type AS privilege
  FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'holdshort'::regnamespace
    AND a.privilege_type <> 'SELECT' AND a.grantee <> c.relowner
  UNION ALL SELECT c.relname, pg_get_userbyid(a.grantee), a.privilege_type || ' (' || t.attname || ')'
  FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
  WHERE c.relnamespace = 'holdshort'::regnamespace AND a.privilege_type <> 'SELECT' AND a.grantee <> c.relowner`;
const PUT_ON = `SELECT c.relname AS name, 'rule ' || w.rulename AS what FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
    WHERE c.relnamespace = 'holdshort'::regnamespace AND NOT (c.relkind = 'v' AND w.rulename = '_RETURN')
  UNION ALL SELECT c.relname, 'policy ' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relnamespace = 'holdshort'::regnamespace`;
const RULES = 'SELECT role, type, moves, numbered, actor FROM holdshort.admitted';

interface Fault {
  readonly name: string;
}

/**
 * What in the schema isn't as the migrations make it: functions, fences, indexes, the table of who may write what, who
 * owns them and who may write past them. Types of columns, their checks and views are not compared.
 * @returns a line each
 */
export async function schemaFaults(db: Reader, clock = CLOCK): Promise<readonly string[]> {
  const text = migrationsBy(clock).join('\n');
  const [functions, triggers, relations, writers, rules, putOn, mighty] = await Promise.all([
    db.all<Fault & { body: string; definer: boolean; pinned: boolean; owner: string }>(FUNCTIONS),
    db.all<Fault & { enabled: boolean; text: string }>(TRIGGERS),
    db.all<Fault & { kind: string; owner: string; valid: boolean; veiled: boolean; text: string }>(RELATIONS),
    db.all<Fault & { grantee: string; privilege: string }>(WRITERS),
    db.all<Record<keyof Admitted, string>>(RULES),
    db.all<Fault & { what: string }>(PUT_ON),
    db.all<Fault & { what: string }>(MIGHTY_LOGINS),
  ]);
  const wanted = new Map(
    [...text.matchAll(/^CREATE FUNCTION holdshort\.(\w+)\(([\s\S]*?)\$\$([\s\S]*?)\$\$/gm)].map(
      ([, name, head, body]) => [name ?? '', { body, definer: head?.includes('SECURITY DEFINER') ?? false }],
    ),
  );
  const fences = defined(text, /^CREATE TRIGGER (\w+)[^;]*/gm);
  const indexes = defined(text, /^CREATE (?:UNIQUE )?INDEX (\w+)[^;]*/gm);
  const granted = writesGranted(text);
  return [
    ...compared('function', wanted.keys(), functions, ({ name, body, definer, pinned, owner }) => {
      const made = wanted.get(name);
      return made?.body === body && made.definer === definer && pinned && owner === OWNER;
    }),
    ...compared(
      'trigger',
      fences.keys(),
      triggers,
      ({ name, enabled, text }) => enabled && plain(text) === plain(fences.get(name)),
    ),
    ...compared(
      'index',
      indexes.keys(),
      relations.filter(({ kind, name }) => kind === 'i' && indexes.has(name)),
      ({ name, valid, text }) => valid && plain(text) === plain(indexes.get(name)),
    ),
    ...compared(
      'rule of who writes what:',
      ADMITTED.map(ruleOf),
      rules.map((rule) => ({ name: ruleOf(rule) })),
      () => true,
    ),
    ...relations.filter(({ owner }) => owner !== OWNER).map(({ name, owner }) => `${name} is owned by ${owner}`),
    ...relations.filter(({ veiled }) => veiled).map(({ name }) => `row level security is on for ${name}`),
    ...putOn.map(({ name, what }) => `${what} was put on ${name}`),
    ...writers
      .filter(({ name, privilege, grantee }) => !granted.has(`${name} ${privilege} ${grantee}`))
      .map(({ name, privilege, grantee }) => `${grantee} may ${privilege} ${name}`),
    ...mighty.map(({ name, what }) => `the login ${name} ${what}`),
  ];
}

function ruleOf({ role, type, moves, numbered, actor }: Record<keyof Admitted, string>): string {
  return `${role} ${type} ${moves || '-'} ${numbered} ${actor}`;
}

function defined(text: string, of: RegExp): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(of)].map(([whole, name]) => [name ?? '', whole]));
}

/** What may be written without a function of ours looking at it: claims and the outbox, by those whose they are. */
function writesGranted(text: string): ReadonlySet<string> {
  const all = new Set<string>();
  for (const [, rights, table, grantees] of text.matchAll(/^GRANT ([^;]*?) ON holdshort\.(\w+) TO ([^;]*);/gm))
    for (const [, right, columns] of (rights ?? '').matchAll(/(\w+)(?: \(([^)]*)\))?/g))
      for (const grantee of (grantees ?? '').split(', '))
        for (const column of columns?.split(', ') ?? [undefined])
          all.add(`${table} ${right}${column === undefined ? '' : ` (${column})`} ${grantee}`);
  return all;
}

/** A definition as it was written and as the server tells it, whichever version, are the same without these. */
function plain(definition = ''): string {
  return definition
    .replaceAll(/::text(\[\])?/g, '')
    .replace(' USING btree', '')
    .replaceAll(/= ANY \(ARRAY\[(.*?)\]\)/g, 'IN ($1)')
    .replace(/(?<= BEFORE ).*(?= ON holdshort)/s, (events) => events.split(' OR ').sort().join(' OR '))
    .replaceAll(/[()\s]/g, '');
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
