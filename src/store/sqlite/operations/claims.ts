import { stableJson } from '../../../kernel/digest.ts';
import type { Progress } from '../../../kernel/progress.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { Claim, Due, Taking } from '../../port.ts';
import { CLAIMABLE, requireClaim } from '../../story/claim.ts';
import type { Row } from '../../story/row.ts';
import type { Connection } from '../connection.ts';
import { rowOf } from '../ticket-rows.ts';
import { due } from './read-tickets.ts';

const claimable = CLAIMABLE.map((state) => `'${state}'`).join(', ');

export function claim(connection: Connection, id: TicketId, owner: string, leaseMs: number): Claim | undefined {
  return connection.writing(() => claimNow(connection, id, owner, leaseMs));
}

/** Those that are due at this moment, so that nobody asks for what someone else has just taken. */
export function take(connection: Connection, kind: Due, taking: Taking): readonly Claim[] {
  return connection.writing(() =>
    due(connection, kind, taking).flatMap((id) => claimNow(connection, id, taking.owner, taking.leaseMs) ?? []),
  );
}

function claimNow(connection: Connection, id: TicketId, owner: string, leaseMs: number): Claim | undefined {
  const now = connection.clock();
  const taken = connection.get<Pick<Row, 'claim_epoch'>>(
    `UPDATE ticket SET claim_owner = ?, claim_epoch = claim_epoch + 1, claim_until = ?
      WHERE id = ? AND state IN (${claimable}) AND (claim_until IS NULL OR claim_until <= ?) RETURNING claim_epoch`,
    owner,
    now + leaseMs,
    id,
    now,
  );
  return taken && { ticket: id, owner, epoch: taken.claim_epoch };
}

/** Also brings back claims that lapsed, if nobody took the ticket since. */
export function renew(connection: Connection, claims: readonly Claim[], leaseMs: number): readonly Claim[] {
  return connection.writing(() => {
    const until = connection.clock() + leaseMs;
    return claims.filter(
      ({ ticket, owner, epoch }) =>
        connection.run(
          'UPDATE ticket SET claim_until = ? WHERE id = ? AND claim_owner = ? AND claim_epoch = ?',
          until,
          ticket,
          owner,
          epoch,
        ).changes === 1,
    );
  });
}

/** When it was let go stays: a ticket that nobody comes back to says since when. */
export function release(connection: Connection, { ticket, owner, epoch }: Claim): void {
  connection.writing(() => {
    connection.run(
      'UPDATE ticket SET claim_owner = NULL, claim_until = ? WHERE id = ? AND claim_owner = ? AND claim_epoch = ?',
      connection.clock(),
      ticket,
      owner,
      epoch,
    );
  });
}

export function progressed(connection: Connection, { ticket, owner, epoch }: Claim, progress: Progress): void {
  connection.writing(() => {
    const mine = "id = ? AND claim_owner = ? AND claim_epoch = ? AND state = 'executing'";
    connection.run(`UPDATE ticket SET progress = ? WHERE ${mine}`, stableJson(progress), ticket, owner, epoch);
  });
}

/** The row, if this is still the newest claim on it. */
export function claimedRow(connection: Connection, claim: Claim): Row {
  return requireClaim(rowOf(connection, claim.ticket), claim);
}

/** Is there anything to release? Most tickets have ended, which releases them. */
export function stands(connection: Connection, { ticket, owner, epoch }: Claim): boolean {
  const row = connection.get<Pick<Row, 'claim_owner' | 'claim_epoch'>>(
    'SELECT claim_owner, claim_epoch FROM ticket WHERE id = ?',
    ticket,
  );
  return row?.claim_owner === owner && row.claim_epoch === epoch;
}
