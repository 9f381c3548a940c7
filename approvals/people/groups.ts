import { groupsOf } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { StatementOf } from '../../src/kernel/statement.ts';
import type { Desk, Enrolled } from '../desk.ts';
import type { KeyHolder, Signer } from '../keys/keys.ts';
import { checkProof, recordStatement, signedAt } from '../record/record-statement.ts';
import { checkSigner } from './revoke.ts';

/** A person's teams, before and after. */
export interface Membership {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Says which teams a person belongs to from now on, signed by an admin. Who leaves a team goes on counting among it for
 * the tickets that are open.
 * @throws not_found, not_enrolled, assurance_too_low
 * @throws conflict where nothing would change
 */
export async function setGroups(
  desk: Desk,
  name: string,
  groups: readonly string[],
  signer: Signer,
): Promise<Membership> {
  let before: readonly string[] = [];
  const { registry } = await recordStatement(desk, signer, membershipEvent(name, groups, signer), (enrolled) => {
    before = groupsOf(enrolled.registry, name);
    return membershipOf(enrolled, name, groups, signer);
  });
  return { before, after: groupsOf(registry, name) };
}

/** The statement that says it. @throws as `setGroups` */
export function membershipOf(
  enrolled: Enrolled,
  name: string,
  groups: readonly string[],
  by: KeyHolder,
): StatementOf<'membership'> {
  const { registry } = enrolled;
  if (![...registry.keys.values()].some((key) => key.name === name))
    throw new HoldshortError('not_found', `nobody called ${name} was ever enrolled`, 'see `holdshort approvers list`');
  const before = groupsOf(registry, name);
  if (before.length === groups.length && before.every((group) => groups.includes(group)))
    throw new HoldshortError('conflict', `${name} is in these teams already`, 'nothing needs doing');
  checkSigner(registry, by, 'admin');
  const statement = { kind: 'membership' as const, name, groups: [...groups], ...signedAt(by, enrolled.at) };
  checkProof(enrolled, statement, registry.keys.get(by.id)?.maxAssurance ?? 'client');
  return statement;
}

export function membershipEvent(name: string, groups: readonly string[], by: Pick<KeyHolder, 'name'>) {
  return { type: 'approver.groups_set', actor: `approver:${by.name}`, detail: { name, groups: [...groups] } } as const;
}
