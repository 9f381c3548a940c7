import { HoldshortError } from '../kernel/errors.ts';

/** Several executors with credentials for several accounts may share a store; each does what is its own. */
export function otherAccount(wanted: string, have: string): HoldshortError {
  return new HoldshortError(
    'other_account',
    `this executor's credentials are for account ${have}, not ${wanted}`,
    `run an executor with credentials for ${wanted}`,
  );
}
