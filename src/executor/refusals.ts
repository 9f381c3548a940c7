import { HoldshortError } from '../kernel/errors.ts';

/** Several executors with credentials for several accounts may share a store; each does what is its own. */
export function otherAccount(wanted: string, have: string): HoldshortError {
  return new HoldshortError(
    'other_account',
    `this executor's credentials are for account ${have}, not ${wanted}`,
    `run an executor with credentials for ${wanted}`,
  );
}

/** Another executor has it, or it is another account's: nothing went wrong. */
export function isConflict(error: unknown): boolean {
  return error instanceof HoldshortError && (error.code === 'conflict' || error.code === 'other_account');
}
