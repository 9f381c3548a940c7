import type { AuditEvent } from '../../../audit/entry.ts';
import { type Json, stableJson } from '../../../kernel/digest.ts';
import type { StoredResidue } from '../../port.ts';
import { AT_ONCE } from '../../story/finding.ts';
import { ordinary } from '../../story/ordinary.ts';
import { type ResidueClaim, requireResidueClaim, residueTaken } from '../../story/residues.ts';
import { LEAVING, orphanedUntil } from '../../story/windows.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';

/** Durable before the request goes out: after a crash it says what to look for in AWS. */
export function announceResidue(
  connection: Connection,
  agent: string,
  { ticket, tool, residue }: Omit<StoredResidue, 'announced_at'>,
  event: AuditEvent,
): void {
  writeLog(connection, (writing) => {
    connection.run(
      'INSERT INTO residue (ticket, residue, tool, agent, announced_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ticket,
      stableJson(residue),
      tool,
      agent,
      Date.parse(writing.at),
    );
    writing.log(ordinary(event));
  });
}

export function abandonResidue(connection: Connection, agent: string, ticket: string): void {
  connection.writing(() => {
    const { changes } = connection.run(
      `UPDATE residue SET abandoned = 1 WHERE ticket = ? AND agent = ? AND abandoned = 0
        AND NOT EXISTS (SELECT 1 FROM ticket WHERE id = residue.ticket)`,
      ticket,
      agent,
    );
    if (changes > 0) connection.run('UPDATE tree SET news = news + 1');
  });
}

type Named = Pick<StoredResidue, 'ticket' | 'residue'>;

/** Is it this executor's to remove, for so long? */
export function takeResidue(connection: Connection, of: Named, owner: string, leaseMs: number): boolean {
  return connection.writing(() => {
    const taken = residueTaken(claimOn(connection, of), owner, leaseMs, connection.clock());
    if (taken) writeClaim(connection, of, taken);
    return taken !== undefined;
  });
}

export function releaseResidue(connection: Connection, of: Named, owner: string): void {
  connection.writing(() => {
    if (claimOn(connection, of)?.claim_owner === owner)
      writeClaim(connection, of, { claim_owner: null, claim_until: null });
  });
}

function claimOn(connection: Connection, { ticket, residue }: Named): ResidueClaim | undefined {
  const claim = 'SELECT claim_owner, claim_until FROM residue WHERE ticket = ? AND residue = ?';
  return connection.get<ResidueClaim>(claim, ticket, stableJson(residue));
}

function writeClaim(connection: Connection, { ticket, residue }: Named, { claim_owner, claim_until }: ResidueClaim) {
  const claim = 'UPDATE residue SET claim_owner = ?, claim_until = ? WHERE ticket = ? AND residue = ?';
  connection.run(claim, claim_owner, claim_until, ticket, stableJson(residue));
}

export function residueRemoved(connection: Connection, of: StoredResidue, owner: string, event: AuditEvent): void {
  const { ticket, residue } = of;
  writeLog(connection, (writing) => {
    requireResidueClaim(claimOn(connection, of), owner, of);
    connection.run('DELETE FROM residue WHERE ticket = ? AND residue = ?', ticket, stableJson(residue));
    writing.log(ordinary(event));
  });
}

const LEFT = `SELECT r.ticket, r.tool, r.residue, r.announced_at FROM residue AS r LEFT JOIN ticket AS t ON t.id = r.ticket
  WHERE r.ticket > ? AND ((r.abandoned = 1 AND t.id IS NULL) OR t.state IN (${LEAVING.map((state) => `'${state}'`).join(', ')})
    OR (t.id IS NULL AND r.announced_at <= ?))
  ORDER BY r.ticket, r.residue LIMIT ?`;

export function leftResidues(connection: Connection, after?: StoredResidue): readonly StoredResidue[] {
  return connection
    .all<{ ticket: string; tool: string; residue: string; announced_at: number }>(
      LEFT,
      after?.ticket ?? '',
      orphanedUntil(connection.clock()),
      AT_ONCE,
    )
    .map(({ ticket, tool, residue, announced_at }) => ({
      ticket,
      tool,
      residue: JSON.parse(residue) as { [key: string]: Json },
      announced_at: new Date(announced_at).toISOString(),
    }));
}
