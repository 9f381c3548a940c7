import { HoldshortError } from '../../kernel/errors.ts';
import type { StoredResidue } from '../port.ts';

/*
 * As with tickets, a claim keeps executors out of each other's way: what was left is removed by one at a time, and the
 * claim of one that died lapses. Nothing of it is logged.
 */

export interface ResidueClaim {
  readonly claim_owner: string | null;
  /** Milliseconds since 1970. */
  readonly claim_until: number | null;
}

/**
 * The claim as it is to be written; undefined where another executor has it, or there is nothing left.
 * @param row as it is stored
 */
export function residueTaken(
  row: ResidueClaim | undefined,
  owner: string,
  leaseMs: number,
  now: number,
): ResidueClaim | undefined {
  if (!row || (row.claim_until ?? 0) > now) return undefined;
  return { claim_owner: owner, claim_until: now + leaseMs };
}

/**
 * Only who has the newest claim says that it is gone. One that lapsed meanwhile, and that nobody took since, stands.
 * @throws conflict
 */
export function requireResidueClaim(
  row: ResidueClaim | undefined,
  owner: string,
  { ticket }: Pick<StoredResidue, 'ticket'>,
): void {
  if (row?.claim_owner === owner) return;
  throw new HoldshortError(
    'conflict',
    `what ${ticket} left is another executor's to remove`,
    'nothing to do: that one says what became of it',
  );
}
