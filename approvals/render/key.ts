import type { ApproverKey } from '../../src/kernel/approvers.ts';

/** What a key is, for people. */
export function keyKind({ publicKey, maxAssurance }: Pick<ApproverKey, 'publicKey' | 'maxAssurance'>): string {
  if (publicKey.startsWith('{')) return 'passkey';
  if (publicKey.startsWith('sk-')) return 'ssh security key';
  if (publicKey.includes(' ')) return 'ssh key';
  return maxAssurance === 'client' ? 'chat key file' : 'key file';
}
