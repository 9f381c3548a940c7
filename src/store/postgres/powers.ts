import { OWNER, ROLES, roleName } from './roles.ts';

/*
 * What makes a login as good as the owner, whatever role of ours it has: the adversary has its password and writes SQL
 * of their own. Who creates roles gives themselves any (on version 15), who replicates reads every file, and the rest
 * write any table, file or program's input. What isn't listed is no way past a function of ours that we know of.
 */
const ATTRIBUTES = `(r.rolsuper, 'is a superuser'), (r.rolbypassrls, 'passes by row level security'),
  (r.rolcreaterole, 'may create roles'), (r.rolreplication, 'may replicate')`;
/** pg_maintain is there from version 17 on. */
const MIGHTY = [OWNER, 'pg_write_all_data', 'pg_execute_server_program', 'pg_write_server_files', 'pg_maintain'];

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** An array, for a login (an expression), of what it could be or become: `is a superuser` comes first. */
export const powersOf = (login: string) => `ARRAY(
  SELECT has.what FROM pg_roles r, LATERAL (VALUES ${ATTRIBUTES}) AS has (so, what)
    WHERE has.so AND pg_has_role(${login}, r.oid, 'MEMBER')
  UNION ALL SELECT 'is a member of ' || r.rolname FROM pg_roles r
    WHERE r.rolname IN (${quoted(MIGHTY)}) AND pg_has_role(${login}, r.oid, 'MEMBER'))`;

/**
 * Who made a role may let others in, from version 16 on, and is called a member of it for that; it isn't one that acts
 * in its name. The login that migrated is such a one.
 */
const ACTS = "CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET, USAGE' ELSE 'MEMBER' END";
const acts = (names: readonly string[]) =>
  `EXISTS (SELECT 1 FROM pg_roles o WHERE o.rolname IN (${quoted(names)}) AND pg_has_role(l.oid, o.oid, ${ACTS}))`;

/** Logins that are to be told of, each with why: the administrator's own is not, as long as it has no role of ours. */
export const MIGHTY_LOGINS = `SELECT l.rolname AS name, what FROM pg_roles l, LATERAL unnest(${powersOf('l.oid')}) AS what
  WHERE l.rolcanlogin AND NOT l.rolsuper AND (${acts(ROLES.map(roleName))}
    OR (what = 'is a member of ${OWNER}' AND ${acts([OWNER])})
    OR (what = 'is a member of pg_write_all_data' AND ${acts(['pg_write_all_data'])}))`;
