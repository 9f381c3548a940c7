import { bindingsOf, mayFollowBindings, standingOf } from '../../src/kernel/bindings.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { Identity, identityText, unbindHint } from '../../src/kernel/identity.ts';
import type { StatementOf } from '../../src/kernel/statement.ts';
import type { Desk, Enrolled } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';
import { checkProof, recordStatement, signedAt } from '../record/record-statement.ts';
import { checkSigner } from './revoke.ts';

/** Whose login it is, or isn't any more. */
export interface Claim {
  readonly kind: 'bind' | 'unbind';
  readonly name: string;
  readonly identity: Identity;
}

/** An issuer and a subject from outside, exactly as they are given. @throws usage */
export function identityFrom(issuer: string, subject: string): Identity {
  const parsed = Identity.safeParse({ issuer, subject });
  if (parsed.success) return parsed.data;
  throw new HoldshortError(
    'usage',
    `this is no login: ${parsed.error.issues[0]?.message}`,
    "give the token's iss and sub exactly as they are in it",
  );
}

/**
 * Says that a login is an enrolled person, or isn't any more. What was opened with it before counts by what was said
 * then, or by nothing.
 * @throws as `claimOf`
 */
export function claim(desk: Desk, about: Claim, signer: Signer): Promise<Enrolled> {
  return recordStatement(desk, signer, claimEvent(about, signer), (enrolled) => claimOf(enrolled, about, signer));
}

/**
 * The statement that says it.
 * @throws not_found, not_enrolled, assurance_too_low
 * @throws conflict where it is bound already, or to be taken from someone who doesn't have it
 * @throws operator_excluded where the signer had it
 */
export function claimOf(
  enrolled: Enrolled,
  { kind, name, identity }: Claim,
  by: KeyHolder,
): StatementOf<'bind' | 'unbind'> {
  const { registry } = enrolled;
  if (![...registry.keys.values()].some((key) => key.name === name))
    throw new HoldshortError('not_found', `nobody called ${name} was ever enrolled`, 'see `holdshort approvers list`');
  const own = kind === 'unbind' && name === by.name;
  checkSigner(registry, by, own ? 'approver' : 'admin');
  const statement = { kind, name, identity, ...signedAt(by, enrolled.at) };
  if (!mayFollowBindings(registry, statement, by.name)) throw whyNot(enrolled, statement, by);
  checkProof(enrolled, statement, registry.keys.get(by.id)?.maxAssurance ?? 'client');
  return statement;
}

function whyNot({ registry }: Enrolled, { kind, name, identity }: Claim, by: KeyHolder): HoldshortError {
  const login = `the login ${identityText(identity)}`;
  const last = bindingsOf(registry, identity).at(-1);
  if (kind === 'unbind')
    return new HoldshortError(
      'conflict',
      last?.kind === 'bind' ? `${login} is ${last.name}, not ${name}` : `${login} is bound to nobody`,
      'see `holdshort approvers list`',
    );
  if (last?.kind === 'bind' && last.name === name && standingOf(registry, identity).kind === 'bound')
    return new HoldshortError('conflict', `${login} is ${name} already`, 'nothing needs doing');
  if (last?.kind === 'bind')
    return new HoldshortError(
      'conflict',
      `${login} is bound to ${last.name} (by ${last.by}, entry ${last.seq})`,
      `if that is wrong, take it back first: ${unbindHint(identity, last.name)}`,
    );
  return new HoldshortError(
    'operator_excluded',
    `${login} was bound to ${by.name} before, who can't say that it is somebody else's`,
    'let another admin do it: --as NAME',
  );
}

export function claimEvent({ kind, name, identity }: Claim, by: Pick<KeyHolder, 'name'>) {
  const type = kind === 'bind' ? 'approver.bound' : 'approver.unbound';
  return { type, actor: `approver:${by.name}`, detail: { name, ...identity } } as const;
}
