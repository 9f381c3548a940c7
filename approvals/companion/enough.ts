import { isMet, type Requirement } from '../../src/kernel/requirement.ts';
import type { Assessment } from '../tickets/assess.ts';

const ONE_CLIENT = { client: 1, key: 0, presence: 0, hardware: 0 };

/** Would an approval worth `client` do, both as promised and as policy stands today? */
export function clientIsEnough({ requirement, today, login }: Assessment): boolean {
  // Nobody logs in at an issuer within a chat.
  if (login) return false;
  const counted = { all: ONE_CLIENT, without_operator: ONE_CLIENT };
  const only = (asked: Requirement) => isMet({ ...asked, approvals: 1 }, counted);
  return only(requirement) && today !== undefined && only(today);
}
