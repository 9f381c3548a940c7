import { activeAdmins, adminProof, type Registry } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { ASSURANCES, type Assurance } from '../../src/kernel/requirement.ts';
import { MOST_GROUPS, PersonName, type Role } from '../../src/kernel/statement.ts';

/** What a key is enrolled for, besides deciding. */
export interface Rights {
  /** Undefined: an admin's where its owner is one. */
  readonly role?: Role | undefined;
  /** Teams that its owner belongs to, besides those before. */
  readonly groups?: readonly string[] | undefined;
}

/** Names of teams from outside. @throws usage */
export function groupNames(groups: readonly string[]): readonly string[] {
  const wrong = groups.find((one) => !PersonName.safeParse(one).success);
  const all = [...new Set(groups)];
  if (wrong === undefined && all.length <= MOST_GROUPS) return all;
  if (wrong === undefined)
    throw new HoldshortError(
      'usage',
      `these are ${all.length} teams, and one statement names ${MOST_GROUPS} at most`,
      'name fewer: a person is asked about as one of each',
    );
  throw new HoldshortError(
    'usage',
    `'${wrong}' is not the name of a team`,
    '1 to 64 of a-z 0-9 . _ @ -, beginning with a letter or digit; the same name as in serve --operator',
  );
}

/** The teams in a text that someone typed. @throws usage */
export function groupsIn(text: string): readonly string[] {
  return groupNames(text.split(/[\s,]+/).filter((name) => name !== ''));
}

/**
 * The role of a new key. That of an admin is an admin's, unless someone says otherwise: with it their weaker keys lose
 * the right to enroll such keys, and someone must have it.
 * @param worth the most that it is enrolled for
 * @throws usage where nobody would be left who has it
 */
export function roleOf(registry: Registry, name: string, worth: Assurance, asked: Role | undefined): Role {
  if (worth === 'client') return asked ?? 'approver';
  const admins = activeAdmins(registry);
  const role = asked ?? (admins.some((key) => key.name === name) ? 'admin' : 'approver');
  const level = (assurance: Assurance) => ASSURANCES.indexOf(assurance);
  const isAdmin = role === 'admin' || admins.some((key) => key.name === name);
  const own = [...registry.keys.values()].flatMap((key) => (key.name === name ? [level(key.maxAssurance)] : []));
  const most = isAdmin ? Math.max(level(worth), ...own) : 0;
  const left = Math.max(...admins.map((key) => level(key.maxAssurance)), role === 'admin' ? level(worth) : 0);
  if (most <= left || most <= level(adminProof(registry))) return role;
  throw new HoldshortError(
    'usage',
    `${name} would be an admin with a key that proves ${ASSURANCES[most]}, and no admin's key would prove as much: nobody could enroll such a key any more`,
    `first enroll a key of ${name} that proves ${ASSURANCES[most]} with --role admin`,
  );
}
