import type { Desk } from '../../approvals/desk.ts';
import type { House } from './house.ts';

/** What people decide with. */
export function deskOf(house: House): Desk {
  return {
    store: house.store.forApprover(),
    policy: house.policy,
    rules: house.rules,
    makers: house.makers,
    keysDir: house.config.keysDir,
    now: () => new Date(),
    command: house.command,
    reviewUrl: house.reviewUrl,
  };
}
