import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { type Registry, registryOf } from '../../src/kernel/approvers.ts';
import type { Operators } from '../../src/kernel/bindings.ts';
import type { Identity } from '../../src/kernel/identity.ts';
import type { Assurance } from '../../src/kernel/requirement.ts';
import {
  keyIdOf,
  type RecordedDecision,
  type Signed,
  type SignedDecision,
  type StatementOf,
  signStatement,
} from '../../src/kernel/statement.ts';

/** A person with a real Ed25519 key. */
export interface Person {
  readonly name: string;
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function person(name: string): Person {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return { name, id: keyIdOf(spki), publicKey: spki, privateKey };
}

export const NOW = '2026-11-22T12:00:00.000Z';
export const LATER = '2026-11-22T16:00:00.000Z';

function common(by: Person) {
  return { by: by.name, key: by.id, nonce: randomBytes(16).toString('hex'), signed_at: NOW };
}

type Rights = Partial<Pick<StatementOf<'enroll'>, 'max_assurance' | 'role' | 'groups' | 'name'>>;

/** @param who has that public key, whatever it is of */
export function enroll(who: Omit<Person, 'privateKey'>, by: Person, rights: Assurance | Rights = {}): Signed {
  const { name, publicKey: public_key, id: public_key_id } = who;
  const more = typeof rights === 'string' ? { max_assurance: rights } : rights;
  return signStatement(
    { kind: 'enroll', name, public_key, public_key_id, max_assurance: 'key', ...more, ...common(by) },
    by.privateKey,
  );
}

export function revoke(who: Pick<Person, 'id'>, by: Person): Signed {
  return signStatement(
    { kind: 'revoke', public_key_id: who.id, reason: 'left the team', ...common(by) },
    by.privateKey,
  );
}

export function membership(name: string, by: Person, groups: readonly string[]): Signed {
  return signStatement({ kind: 'membership', name, groups: [...groups], ...common(by) }, by.privateKey);
}

export function bind(name: string, identity: Identity, by: Person): Signed {
  return signStatement({ kind: 'bind', name, identity, ...common(by) }, by.privateKey);
}

export function unbind(name: string, identity: Identity, by: Person): Signed {
  return signStatement({ kind: 'unbind', name, identity, ...common(by) }, by.privateKey);
}

/** Whom an agent works for where that is known. */
export function workingFor(...names: string[]): Operators {
  return { names: new Set(names), anyone: false };
}

/** These, one after the other in a log, from that place on. */
export function logged(statements: readonly SignedDecision[], from = 1, at = NOW): RecordedDecision[] {
  return statements.map((signed, index) => ({ ...signed, seq: from + index, at }));
}

export function enrolled(statements: readonly Signed[], root: Pick<Person, 'id'>): Registry {
  return registryOf(logged(statements), { rootKeyId: root.id, recoveries: new Set() }, []);
}

export function halt(by: Person): Signed {
  return signStatement({ kind: 'halt', reason: 'something is wrong', ...common(by) }, by.privateKey);
}

export function accept(by: Person): Signed {
  const about = { size: 1, root: 'b'.repeat(64), reason: 'a new machine' };
  return signStatement({ kind: 'accept', ...about, ...common(by) }, by.privateKey);
}

export function resume(by: Person, ...halts: Signed[]): Signed {
  const nonces = halts.map(({ statement }) => JSON.parse(statement).nonce as string);
  return signStatement({ kind: 'resume', halts: nonces, ...common(by) }, by.privateKey);
}

export function review(by: Person, about: { ticket: string; digest: string }): Signed {
  return signStatement({ kind: 'review', ...about, ...common(by) }, by.privateKey);
}

export function resolution(
  by: Person,
  { seen, ...about }: Partial<StatementOf<'resolve'>> & Pick<StatementOf<'resolve'>, 'ticket' | 'digest' | 'seen'>,
): Signed {
  const said = { happened: true, reason: 'looked at the console', seen, ...about };
  return signStatement({ kind: 'resolve', ...said, ...common(by) }, by.privateKey);
}

export function decision(
  by: Person,
  about: { ticket: string; digest: string },
  more: Partial<StatementOf<'decision'>> = {},
): Signed {
  return signStatement(
    { kind: 'decision', decision: 'approve', assurance: 'key', expires_at: LATER, ...about, ...common(by), ...more },
    by.privateKey,
  );
}
