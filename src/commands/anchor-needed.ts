import { HoldshortError } from '../kernel/errors.ts';
import type { Installation } from './installation.ts';

/**
 * Executors of a database that several hosts may share have to know what others began also where the database lost it.
 * How many hosts there are nobody can tell from that very database.
 * @throws config_invalid
 */
export function requireAnchor({ anchor, storeAddress }: Pick<Installation, 'anchor' | 'storeAddress'>): void {
  if (storeAddress === undefined || anchor !== undefined) return;
  throw new HoldshortError(
    'config_invalid',
    'an executor on a PostgreSQL database needs an anchor, so that nothing is sent again where the database loses what was begun',
    'make a folder that all hosts with executors share (mode 700; on one host, any folder), and name it as `anchor` in the configuration (docs/store.md); a server without an executor has --no-executor',
  );
}
