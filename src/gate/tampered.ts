import { HoldshortError } from '../kernel/errors.ts';
import type { StoredTicket } from '../store/port.ts';

export function tampered({ id }: Pick<StoredTicket, 'id'>, what: string): HoldshortError {
  return new HoldshortError(
    'tampered',
    `${id} was altered in the database: ${what}`,
    'run `holdshort audit verify`, find out who wrote to the database, and look at AWS before it is asked for anew',
  );
}
