import { stableJson } from '../../../kernel/digest.ts';
import type { Progress } from '../../../kernel/progress.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { Claim, Due, Taking } from '../../port.ts';
import { CLAIMABLE } from '../../story/claim.ts';
import type { Row } from '../../story/row.ts';
import type { Reader, Value } from '../reader.ts';
import { due } from './read-tickets.ts';

/*
 * In no log, and without its lock: each is one statement on few rows, conditional on who has them. A row that a writer
 * of the log has just changed is waited for, and looked at again.
 */

const claimable = CLAIMABLE.map((state) => `'${state}'`).join(', ');
const FREE = '(claim_until IS NULL OR claim_until <= $3)';

const CLAIM = `UPDATE holdshort.ticket SET claim_owner = $1, claim_epoch = claim_epoch + 1, claim_until = $2
  WHERE id = $4 AND state IN (${claimable}) AND ${FREE} RETURNING claim_epoch`;

export async function claim(db: Reader, id: TicketId, owner: string, leaseMs: number): Promise<Claim | undefined> {
  const taken = await db.get<Pick<Row, 'claim_epoch'>>(CLAIM, owner, db.now + leaseMs, db.now, id);
  return taken && { ticket: id, owner, epoch: taken.claim_epoch };
}

/** What others are just taking is left to them: no one waits, and nothing is taken twice. */
export async function take(db: Reader, kind: Due, taking: Taking): Promise<readonly Claim[]> {
  const { owner, leaseMs, most } = taking;
  const { where, values } = due(db.now, kind, taking);
  const next = values.length + 1;
  const rows = await db.all<Pick<Row, 'id' | 'claim_epoch'>>(
    `WITH due AS MATERIALIZED (SELECT id, n, claim_epoch AS before FROM holdshort.ticket WHERE ${where}
        LIMIT $${next} FOR UPDATE SKIP LOCKED),
      taken AS (UPDATE holdshort.ticket t SET claim_owner = $${next + 1}, claim_epoch = t.claim_epoch + 1, claim_until = $${next + 2}
        FROM due WHERE t.id = due.id RETURNING t.id, t.claim_epoch, due.before, due.n)
      SELECT id, claim_epoch FROM taken ORDER BY before, n`,
    ...values,
    most,
    owner,
    db.now + leaseMs,
  );
  return rows.map(({ id, claim_epoch }) => ({ ticket: id, owner, epoch: claim_epoch }));
}

const MINE = 'id = $1 AND claim_owner = $2 AND claim_epoch = $3';
const mine = ({ ticket, owner, epoch }: Claim): readonly Value[] => [ticket, owner, epoch];

/** Also brings back a claim that lapsed, if nobody took the ticket since. */
export async function renew(db: Reader, held: Claim, leaseMs: number): Promise<boolean> {
  const renewed = `UPDATE holdshort.ticket SET claim_until = greatest(claim_until, $4) WHERE ${MINE} RETURNING 1 AS one`;
  return (await db.get(renewed, ...mine(held), db.now + leaseMs)) !== undefined;
}

/** When it was let go stays: a ticket that nobody comes back to says since when. */
export async function release(db: Reader, held: Claim): Promise<void> {
  await db.all(`UPDATE holdshort.ticket SET claim_owner = NULL, claim_until = $4 WHERE ${MINE}`, ...mine(held), db.now);
}

/** Is there anything to release? Most tickets have ended, which releases them. */
export async function stands(db: Reader, held: Claim): Promise<boolean> {
  return (await db.get(`SELECT 1 AS one FROM holdshort.ticket WHERE ${MINE}`, ...mine(held))) !== undefined;
}

export async function progressed(db: Reader, held: Claim, progress: Progress): Promise<void> {
  const sql = `UPDATE holdshort.ticket SET progress = $4 WHERE ${MINE} AND state = 'executing'`;
  await db.all(sql, ...mine(held), stableJson(progress));
}
