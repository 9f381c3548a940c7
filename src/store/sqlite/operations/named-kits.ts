import type { Connection } from '../connection.ts';
import { NAMES_KIT } from '../migrations/0005.ts';

export const NAMED_KITS = `SELECT value FROM json_each(?) AS asked
  WHERE EXISTS (SELECT 1 FROM entry WHERE ${NAMES_KIT} IS NOT NULL AND ${NAMES_KIT} = asked.value)`;

/** Which of these kits does the log name? */
export function namedKits(connection: Connection, digests: readonly string[]): readonly string[] {
  return connection.all<{ value: string }>(NAMED_KITS, JSON.stringify(digests)).map(({ value }) => value);
}
