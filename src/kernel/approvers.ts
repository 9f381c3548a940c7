import { type Accepted, acceptedIn } from './accepted.ts';
import type { ApproverKey } from './approver-key.ts';
import type { Makers } from './attestation.ts';
import { type Binding, type Bindings, bindingIn, bindingsOf, mayFollowBindings } from './bindings.ts';
import { enrolledKey, isRootEnrolment, mostOf, recoveredAs } from './enrolment.ts';
import { identityKey } from './identity.ts';
import { type Pinned, type Recovery, recoveryDigest, recoveryIn } from './pinned.ts';
import { ASSURANCES, type Assurance, levelOf, weakerOf } from './requirement.ts';
import {
  bareKeyOf,
  claimedBy,
  provenOf,
  type Recorded,
  readStatement,
  type Signed,
  type Statement,
  type StatementOf,
} from './statement.ts';

/** The teams of a person from this place in the log on. */
interface Membership {
  readonly seq: number;
  readonly groups: readonly string[];
}

export interface Registry {
  /** By fingerprint: every key that was ever enrolled. */
  readonly keys: ReadonlyMap<string, ApproverKey>;
  /** By person, in log order. They belong to the person, not to a key: who loses a key stays in the team. */
  readonly memberships: ReadonlyMap<string, readonly Membership[]>;
  /** Which person an issuer's identity is. */
  readonly bindings: Bindings;
  /** The places in the log of the statements about people that count. */
  readonly counted: ReadonlySet<number>;
  /** In log order. */
  readonly recoveries: readonly Recovery[];
  /** Logs that an admin accepted, in log order. */
  readonly accepted: readonly Accepted[];
}

/**
 * Who may decide, worked out from the signed enrolments, memberships and revocations in log order. The first enrolment
 * signs itself and must be the key that this installation pinned in a file when it was made; each later statement must
 * be signed by a key that was enrolled, not revoked and an admin's at that point. The attacker can insert, delete or
 * reorder rows but holds no enrolled key: what doesn't verify is ignored. A key that only says of itself that a known
 * maker made it counts as one without a maker: so do all of a maker that is taken out of the configuration. Nobody
 * gains by that: who is enrolled, revoked and asked for more stays as it was signed, what such a key enrolls counts for
 * no more than itself, and nobody leaves a team by its word.
 *
 * The same holds for a recovery that this installation doesn't pin, or no longer: its key counts for as much as the one
 * that signed. What was lost is revoked all the same, and what the key revoked or stopped stays so: a file that is gone
 * must bring nothing back.
 *
 * With a key go the chat clients' keys that it enrolled; what they had denied, withdrawn or halted before stands.
 * @param statements by `seq`
 * @param makers as configured now
 */
export function registryOf(statements: readonly Recorded[], pinned: Pinned, makers: Makers): Registry {
  const keys = new Map<string, ApproverKey>();
  const memberships = new Map<string, readonly Membership[]>();
  const bindings = new Map<string, readonly Binding[]>();
  const recoveries: Recovery[] = [];
  const accepted: Accepted[] = [];
  const counted = new Set<number>();
  const registry = { keys, memberships, bindings, counted, recoveries, accepted };
  const seen = new Set<string>();
  const enroll = (statement: StatementOf<'enroll'>, seq: number, limit?: Assurance, bar?: Assurance) => {
    const spki = bareKeyOf(statement.public_key);
    // A key that was revoked doesn't come back under another fingerprint.
    const most = mostOf(statement, makers);
    if (!spki || !most || knownKey(registry, spki)) return;
    const maxAssurance = limit ? weakerOf(most, limit) : most;
    const weighs = weakerOf(statement.max_assurance, bar ?? 'hardware');
    keys.set(statement.public_key_id, { ...enrolledKey(statement, seq, keys.size === 0), spki, maxAssurance, weighs });
    if (statement.groups) join(statement.name, seq, [...groupsOf(registry, statement.name), ...statement.groups]);
  };
  const revoke = (id: string, revokedAt: string, revokedSeq: number) => {
    const going = [keys.get(id), ...clientKeysBy(registry, id)];
    for (const key of going) if (key && !key.revokedAt) keys.set(key.id, { ...key, revokedAt, revokedSeq });
  };
  const join = (person: string, seq: number, groups: readonly string[]) =>
    memberships.set(person, [...(memberships.get(person) ?? []), { seq, groups }]);
  for (const signed of statements) {
    const statement = readStatement(signed);
    if (!statement || !(isAboutPeople(statement) || statement.kind === 'accept')) continue;
    // Brought again by anyone who writes the database: it would put back the teams that an admin has changed since.
    if (seen.has(statement.nonce)) continue;
    const isRoot = keys.size === 0 && isRootEnrolment(statement, pinned.rootKeyId);
    const signer = isRoot
      ? { name: statement.name, publicKey: statement.public_key, maxAssurance: statement.max_assurance }
      : activeKey(registry, statement.key);
    // A statement that names another signer than its key's owner was made to be misread.
    if (signer?.name !== statement.by) continue;
    const claimed = claimedBy(signed, signer.publicKey);
    if (claimed === undefined) continue;
    seen.add(statement.nonce);
    if (statement.kind === 'accept') {
      if (keys.get(statement.key)?.role === 'admin') accepted.push(acceptedIn(statement, signed.seq));
      continue;
    }
    if (!isRoot && !mayManage(registry, statement, claimed)) continue;
    const proven = weakerOf(provenOf(claimed, signer.publicKey, makers) ?? 'client', signer.maxAssurance);
    const isWhole =
      statement.kind === 'recover'
        ? pinned.recoveries.has(recoveryDigest(signed.statement))
        : isRoot || mayManage(registry, statement, proven);
    const limit = isWhole ? undefined : proven;
    const { seq } = signed;
    counted.add(seq);
    switch (statement.kind) {
      case 'revoke':
        revoke(statement.public_key_id, statement.signed_at, seq);
        break;
      case 'membership':
        join(statement.name, seq, [...(isWhole ? [] : groupsOf(registry, statement.name)), ...statement.groups]);
        break;
      case 'bind':
      case 'unbind': {
        const said = bindingIn(statement, seq, isWhole);
        bindings.set(identityKey(statement.identity), [...bindingsOf(registry, statement.identity), said]);
        break;
      }
      case 'enroll':
        enroll(statement, seq, limit);
        break;
      case 'recover':
        recoveries.push(recoveryIn(statement, seq, isWhole));
        for (const id of statement.lost) revoke(id, statement.signed_at, seq);
        enroll(recoveredAs(statement), seq, limit, adminProof(registry));
        break;
      default:
        statement satisfies never;
    }
  }
  return registry;
}

/**
 * What is revoked together with that key: the thief may have signed for chat clients' keys of their own, in any name,
 * and no list tells those from the true ones. A true one is soon made again.
 */
function clientKeysBy({ keys }: Pick<Registry, 'keys'>, id: string): readonly ApproverKey[] {
  return [...keys.values()].filter((key) => key.enrolledWith === id && key.id !== id && key.enrolledFor === 'client');
}

type AboutPeople = StatementOf<'enroll' | 'recover' | 'revoke' | 'membership' | 'bind' | 'unbind'>;

const ABOUT_PEOPLE: ReadonlySet<string> = new Set<AboutPeople['kind']>([
  ...(['enroll', 'recover', 'revoke', 'membership', 'bind', 'unbind'] as const),
]);

export function isAboutPeople(statement: Statement): statement is AboutPeople {
  return ABOUT_PEOPLE.has(statement.kind);
}

/**
 * May the owner of this active key make that statement? Admins may, and a person may give away rights of their own:
 * revoke one of their keys, enroll one that is only good for a chat client, or say that a login isn't theirs. The
 * attacker may hold an admin's key file: once a person who is an admin has a key that proves more, no weaker key
 * enrolls what would count for more than itself, or revokes it where it is someone else's. One's own is revoked with
 * whatever key is left: who lost the stronger one has only the weaker one to say so with, and gains nothing by it.
 */
export function mayManage(registry: Registry, statement: AboutPeople, proven: Assurance): boolean {
  const signer = registry.keys.get(statement.key);
  const worth = worthOf(registry, statement);
  if (!signer || worth === undefined) return false;
  if (statement.kind === 'revoke' && registry.keys.get(statement.public_key_id)?.name === signer.name) return true;
  const level = Math.min(levelOf(proven), levelOf(signer.enrolledFor));
  if (level < levelOf(worth) && level < levelOf(adminProof(registry))) return false;
  if (isAboutIdentity(statement) && !mayFollowBindings(registry, statement, signer.name)) return false;
  if (signer.role === 'admin') return true;
  switch (statement.kind) {
    case 'revoke':
    case 'membership':
    case 'recover':
    case 'bind':
      return false;
    case 'unbind':
      return statement.name === signer.name;
    case 'enroll': {
      const plain = statement.role !== 'admin' && (statement.groups ?? []).length === 0;
      return statement.name === signer.name && statement.max_assurance === 'client' && plain;
    }
    default:
      return statement satisfies never;
  }
}

function isAboutIdentity(statement: AboutPeople): statement is StatementOf<'bind' | 'unbind'> {
  return statement.kind === 'bind' || statement.kind === 'unbind';
}

/**
 * How much the key counts for that the statement enrolls or revokes. Someone who leaves a team may approve more with
 * every key, and so may anyone whose agent is said to work for someone else.
 */
function worthOf(registry: Registry, statement: AboutPeople): Assurance | undefined {
  switch (statement.kind) {
    case 'enroll':
      return statement.max_assurance;
    case 'recover':
      // It may be signed with whatever key is left: the installation's file says how much the new key counts for.
      return 'client';
    case 'revoke':
      return registry.keys.get(statement.public_key_id)?.weighs;
    case 'membership':
      return groupsOf(registry, statement.name).every((group) => statement.groups.includes(group)) ? 'key' : 'hardware';
    case 'bind':
      // Only of someone who is enrolled.
      return [...registry.keys.values()].some(({ name }) => name === statement.name) ? 'hardware' : undefined;
    case 'unbind':
      return 'key';
    default:
      return statement satisfies never;
  }
}

/**
 * The most that a key of a person who is an admin is good for, whatever role that key has. Revoked keys are among them:
 * losing the stronger one must not give its power back to the weaker one.
 */
export function adminProof({ keys }: Pick<Registry, 'keys'>): Assurance {
  const all = [...keys.values()];
  const admins = new Set(all.filter(({ role }) => role === 'admin').map(({ name }) => name));
  const levels = all.filter(({ name }) => admins.has(name)).map(({ weighs }) => levelOf(weighs));
  return ASSURANCES[Math.max(0, ...levels)] ?? 'hardware';
}

/** The enrolled key that is this key, under whatever fingerprint. */
export function knownKey({ keys }: Registry, spki: string | undefined): ApproverKey | undefined {
  return [...keys.values()].find((key) => key.spki === spki);
}

/** The keys that may enroll, revoke and resume now. */
export function activeAdmins(registry: Registry): readonly ApproverKey[] {
  return [...registry.keys.values()].filter(({ id, role }) => role === 'admin' && activeKey(registry, id));
}

/** The teams that a person belongs to now. */
export function groupsOf(registry: Registry, person: string): readonly string[] {
  return groupsSince(registry, person, Number.POSITIVE_INFINITY);
}

/**
 * All the teams that a person belonged to at any time since that place in the log. Who leaves the operator's team after
 * a ticket was opened approves it no more as someone else than before.
 */
export function groupsSince(registry: Registry, person: string, place: number): readonly string[] {
  return groupsBetween(registry, person, place, Number.POSITIVE_INFINITY);
}

/** The same until a later place in the log, for what was said there once and for all. */
export function groupsBetween({ memberships }: Registry, person: string, place: number, until: number) {
  const all = (memberships.get(person) ?? []).filter(({ seq }) => seq < until);
  const first = Math.max(
    0,
    all.findLastIndex(({ seq }) => seq < place),
  );
  return [...new Set(all.slice(first).flatMap(({ groups }) => groups))];
}

/** How well an enrolled key's signature proves its owner now; undefined where it didn't sign this. */
export function countsFor(signed: Signed, { publicKey, maxAssurance }: ApproverKey): Assurance | undefined {
  const claimed = claimedBy(signed, publicKey);
  return claimed && weakerOf(claimed, maxAssurance);
}

/** A key that may still sign: enrolled, not revoked, and good for more than a chat client's answer. */
export function activeKey({ keys }: Pick<Registry, 'keys'>, id: string): ApproverKey | undefined {
  const key = keys.get(id);
  return key && !key.revokedAt && key.maxAssurance !== 'client' ? key : undefined;
}

/** Was it enrolled, and not revoked yet, at that place in the log? */
export function isActiveAt({ enrolledSeq, revokedSeq }: ApproverKey, place: number): boolean {
  return enrolledSeq < place && (revokedSeq === undefined || place < revokedSeq);
}
