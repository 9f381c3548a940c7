import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import type { MakeClaim } from '../../src/kernel/attestation.ts';
import type { Revocation } from '../people/revoke.ts';

/** What a passkey says of its make, and what there is to it. */
export function makeText(make: MakeClaim): string {
  return make.verified
    ? `claims hardware: verified against ${make.maker}`
    : `claims hardware, NOT verified (${make.why}); it counts as presence`;
}

/** What a key is, for people. */
export function keyKind({ publicKey, maxAssurance }: Pick<ApproverKey, 'publicKey' | 'maxAssurance'>): string {
  if (publicKey.startsWith('{')) return 'passkey';
  if (publicKey.startsWith('sk-')) return 'ssh security key';
  if (publicKey.includes(' ')) return 'ssh key';
  return maxAssurance === 'client' ? 'chat key' : 'key file';
}

/** Keys that are named; the rest are counted. */
const NAMED = 20;

/** What people are told of what revoked keys had enrolled: the first is gone with them, the second isn't. */
export function madeByText({ withThem, goOn }: Pick<Revocation, 'withThem' | 'goOn'>): readonly string[] {
  const rows = (keys: readonly ApproverKey[]) => [
    ...keys.slice(0, NAMED).map((key) => `  ${key.name}   ${keyKind(key)}   ${key.id}`),
    ...(keys.length > NAMED ? [`  and ${keys.length - NAMED} more: holdshort approvers list`] : []),
  ];
  const names = [...new Set(withThem.map(({ name }) => name))];
  return [
    ...(withThem.length > 0 ? ['Revoked with it, because it had enrolled them:', ...rows(withThem)] : []),
    ...names.slice(0, NAMED).map((name) => `  a new one for ${name}: holdshort approvers enroll ${name}`),
    ...(goOn.length > 0
      ? [
          'It had enrolled these too, which go on. If it was stolen, revoke what its owner does not know:',
          ...rows(goOn),
        ]
      : []),
  ];
}
