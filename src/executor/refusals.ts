import { HoldshortError } from '../kernel/errors.ts';
import type { StoredTicket } from '../store/port.ts';

export function tampered({ id }: Pick<StoredTicket, 'id'>, what: string): HoldshortError {
  return new HoldshortError(
    'tampered',
    `${id} was altered in the database: ${what}`,
    'run `holdshort audit verify`, find out who wrote to the database, and look at AWS before it is asked for anew',
  );
}

/** Several executors with credentials for several accounts may share a store; each does what is its own. */
export function otherAccount(wanted: string, have: string): HoldshortError {
  return new HoldshortError(
    'other_account',
    `this executor's credentials are for account ${have}, not ${wanted}`,
    `run an executor with credentials for ${wanted}`,
  );
}
