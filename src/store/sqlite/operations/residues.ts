import type { AuditEvent } from '../../../audit/entry.ts';
import { type Json, stableJson } from '../../../kernel/digest.ts';
import type { StoredResidue } from '../../port.ts';
import { AT_ONCE } from '../../story/finding.ts';
import { ordinary } from '../../story/ordinary.ts';
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
      'UPDATE residue SET abandoned = 1 WHERE ticket = ? AND agent = ? AND abandoned = 0',
      ticket,
      agent,
    );
    if (changes > 0) connection.run('UPDATE tree SET news = news + 1');
  });
}

export function residueRemoved(connection: Connection, { ticket, residue }: StoredResidue, event: AuditEvent): void {
  writeLog(connection, (writing) => {
    connection.run('DELETE FROM residue WHERE ticket = ? AND residue = ?', ticket, stableJson(residue));
    writing.log(ordinary(event));
  });
}

const LEFT = `SELECT r.ticket, r.tool, r.residue, r.announced_at FROM residue AS r LEFT JOIN ticket AS t ON t.id = r.ticket
  WHERE r.ticket > ? AND (r.abandoned = 1 OR t.state IN (${LEAVING.map((state) => `'${state}'`).join(', ')})
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
