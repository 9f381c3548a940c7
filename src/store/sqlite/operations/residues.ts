import type { AuditEvent } from '../../../audit/entry.ts';
import { type Json, stableJson } from '../../../kernel/digest.ts';
import type { StoredResidue } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { ordinary } from './append.ts';

/** Planning that never said how it ended is given this long: AWS makes a change set in minutes. */
const ORPHANED_AFTER_MS = 15 * 60_000;

/** Durable before the request goes out: after a crash it says what to look for in AWS. */
export function announceResidue(
  connection: Connection,
  agent: string,
  { ticket, tool, residue }: StoredResidue,
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
    connection.run('UPDATE residue SET abandoned = 1 WHERE ticket = ? AND agent = ?', ticket, agent);
  });
}

export function residueRemoved(connection: Connection, { ticket, residue }: StoredResidue, event: AuditEvent): void {
  writeLog(connection, (writing) => {
    connection.run('DELETE FROM residue WHERE ticket = ? AND residue = ?', ticket, stableJson(residue));
    writing.log(ordinary(event));
  });
}

const LEFT = `SELECT r.ticket, r.tool, r.residue FROM residue AS r LEFT JOIN ticket AS t ON t.id = r.ticket
  WHERE r.abandoned = 1 OR t.state IN ('refused', 'withdrawn', 'expired', 'denied', 'stale')
    OR (t.id IS NULL AND r.announced_at <= ?)`;

export function leftResidues(connection: Connection): readonly StoredResidue[] {
  return connection
    .all<{ ticket: string; tool: string; residue: string }>(LEFT, connection.clock() - ORPHANED_AFTER_MS)
    .map(({ ticket, tool, residue }) => ({ ticket, tool, residue: JSON.parse(residue) as { [key: string]: Json } }));
}
