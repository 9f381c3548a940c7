import type { ApproverKey } from '../../src/kernel/approvers.ts';
import type { MakeClaim } from '../../src/kernel/attestation.ts';

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
  return maxAssurance === 'client' ? 'chat key file' : 'key file';
}
