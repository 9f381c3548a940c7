import { HoldshortError } from '../kernel/errors.ts';

/** Several executors with credentials for several accounts may share a store; each does what is its own. */
export function otherAccount(wanted: string, have: string): HoldshortError {
  return new HoldshortError(
    'other_account',
    `this executor's credentials are for account ${have}, not ${wanted}`,
    `run an executor with credentials for ${wanted}`,
  );
}

/** AWS would go on with all that this executor's own credentials may. */
export function noSession(account: string): HoldshortError {
  return new HoldshortError(
    'config_invalid',
    'it was planned to go on in a session of this ticket, and this executor has no execution role',
    `set execution_role_arn of account ${account} where the executor runs, as where it was planned, and start it again`,
  );
}

/** Another executor has it, or it is another account's: nothing went wrong. */
export function isConflict(error: unknown): boolean {
  return error instanceof HoldshortError && (error.code === 'conflict' || error.code === 'other_account');
}
