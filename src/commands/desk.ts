import type { Desk } from '../../approvals/desk.ts';
import type { Installation } from './installation.ts';

/** What people decide with. */
export function deskOf(installation: Installation): Desk {
  return {
    store: installation.store.forApprover(),
    policy: installation.policy,
    rules: installation.rules,
    makers: installation.makers,
    ...installation.logins,
    keysDir: installation.config.keysDir,
    command: installation.command,
    reviewUrl: installation.reviewUrl,
  };
}
