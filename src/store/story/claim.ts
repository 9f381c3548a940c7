import type { TicketState } from '../../kernel/ticket.ts';
import type { Claim } from '../port.ts';
import { conflict, type Row } from './row.ts';

/*
 * A claim says who works on a ticket. It keeps executors out of each other's way; what keeps an effect from happening
 * twice is the move from `approved` to `executing`. Claims aren't logged.
 */

/** What an executor may take: to be run, or to be observed. */
export const CLAIMABLE = ['approved', 'executing', 'unknown'] as const satisfies readonly TicketState[];

/**
 * The row, if this is still the newest claim on it.
 * @throws conflict
 */
export function requireClaim(row: Row, { owner, epoch }: Claim): Row {
  if (row.claim_owner !== owner || row.claim_epoch !== epoch) throw conflict(row, 'the claim on it was lost');
  return row;
}
