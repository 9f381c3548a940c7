import { HoldshortError } from '../../kernel/errors.ts';

/** What stands in a file whose tickets and log are in a database now, or on their way there. */
export interface Seal {
  /** The database's address, without a login. */
  readonly place: string;
  /** Which database it is: see `serverOf` of PostgreSQL. */
  readonly server: string;
  readonly at: number;
  /** 1 once everything is there and is believed there. */
  readonly whole: number;
}

export const SEAL = 'SELECT place, server, at, whole FROM moved';

/** @throws store_unavailable where this file is not the store any more */
export function refuseMoved(get: (sql: string) => unknown, file: string): void {
  const seal = get(SEAL) as Seal | undefined;
  if (seal) throw wasMoved(seal, file);
}

export function wasMoved({ place, at, whole }: Seal, file: string): HoldshortError {
  const when = new Date(at).toISOString();
  if (whole === 0)
    return new HoldshortError(
      'store_unavailable',
      `the tickets and the log in ${file} are on their way to ${place} since ${when}`,
      'nothing was changed; wait until `holdshort store copy` is through, or run it again as it was if it was interrupted: it goes on',
    );
  return new HoldshortError(
    'store_unavailable',
    `the tickets and the log in ${file} were moved to ${place} at ${when}`,
    'nothing was changed; name that database as `store` in the configuration, in HOLDSHORT_STORE or with --store, with a login of your own',
  );
}
