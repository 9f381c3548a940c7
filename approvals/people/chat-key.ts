import { knownKey } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { bareKeyOf, type StatementOf } from '../../src/kernel/statement.ts';
import type { Enrolled } from '../desk.ts';
import type { ChatKeys } from '../keys/chat-keys.ts';
import type { KeyHolder } from '../keys/keys.ts';
import { signedAt } from '../record/record-statement.ts';
import { checkSigner } from './revoke.ts';

/**
 * The statement by which a person lets what they answer in a chat client, through a hub, count as theirs. Nobody else
 * says so for them.
 * @throws not_enrolled
 * @throws conflict where it counts already
 */
export function chatKeyEnrolment({ registry, at }: Enrolled, keys: ChatKeys, by: KeyHolder): StatementOf<'enroll'> {
  checkSigner(registry, by, 'approver');
  const { id, publicKey } = keys.of(registry, by.name);
  if (knownKey(registry, bareKeyOf(publicKey)))
    throw new HoldshortError('conflict', `${by.name}'s answers in chat clients count already`, 'nothing needs doing');
  return {
    kind: 'enroll',
    name: by.name,
    public_key: publicKey,
    public_key_id: id,
    max_assurance: 'client',
    role: 'approver',
    ...signedAt(by, at),
  };
}
