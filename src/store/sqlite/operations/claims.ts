import type { TicketId } from '../../../kernel/ticket.ts';
import type { Claim } from '../../port.ts';
import { CLAIMABLE, requireClaim } from '../../story/claim.ts';
import type { Row } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { rowOf } from '../ticket-rows.ts';

const claimable = CLAIMABLE.map((state) => `'${state}'`).join(', ');

export function claim(connection: Connection, id: TicketId, owner: string, leaseMs: number): Claim | undefined {
  return connection.writing(() => {
    const now = connection.clock();
    const { changes } = connection.run(
      `UPDATE ticket SET claim_owner = ?, claim_epoch = claim_epoch + 1, claim_until = ?
        WHERE id = ? AND state IN (${claimable}) AND (claim_until IS NULL OR claim_until <= ?)`,
      owner,
      now + leaseMs,
      id,
      now,
    );
    const row = rowOf(connection, id);
    return changes === 1 ? { ticket: id, owner, epoch: row.claim_epoch } : undefined;
  });
}

/** Also brings back a claim that lapsed, if nobody took the ticket since. */
export function renew(connection: Connection, { ticket, owner, epoch }: Claim, leaseMs: number): boolean {
  return connection.writing(() => {
    const { changes } = connection.run(
      'UPDATE ticket SET claim_until = ? WHERE id = ? AND claim_owner = ? AND claim_epoch = ?',
      connection.clock() + leaseMs,
      ticket,
      owner,
      epoch,
    );
    return changes === 1;
  });
}

export function release(connection: Connection, { ticket, owner, epoch }: Claim): void {
  connection.writing(() => {
    connection.run(
      'UPDATE ticket SET claim_owner = NULL, claim_until = NULL WHERE id = ? AND claim_owner = ? AND claim_epoch = ?',
      ticket,
      owner,
      epoch,
    );
  });
}

/** The row, if this is still the newest claim on it. */
export function claimedRow(connection: Connection, claim: Claim): Row {
  return requireClaim(rowOf(connection, claim.ticket), claim);
}
