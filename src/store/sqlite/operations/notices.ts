import type { AuditEvent } from '../../../audit/entry.ts';
import type { StoredNotice } from '../../port.ts';
import { ordinary } from '../../story/ordinary.ts';
import { giveUpUntil, isDue, type NoticeRow, noticeOf } from '../../story/outbox.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';

const COLUMNS = 'id, recipient, ticket, seq, created_at, tries';

/**
 * Only a recipient's oldest notice is ever taken: they arrive in order, and one that can't be sent holds up no other
 * recipient.
 */
export function takeNotices(
  connection: Connection,
  recipients: readonly string[],
  leaseMs: number,
): readonly StoredNotice[] {
  const now = connection.clock();
  const next = (recipient: string) =>
    connection.get<NoticeRow & { readonly due_at: number; readonly claim_until: number | null }>(
      `SELECT ${COLUMNS}, due_at, claim_until FROM notice WHERE recipient = ? ORDER BY seq LIMIT 1`,
      recipient,
    );
  const due = recipients.filter((recipient) => {
    const row = next(recipient);
    return row && isDue(row, now);
  });
  // Mostly there is nothing: then no lock is asked for.
  if (due.length === 0) return [];
  return connection.writing(() =>
    due.flatMap((recipient) => {
      const row = next(recipient);
      if (!row || !isDue(row, now)) return [];
      connection.run('UPDATE notice SET claim_until = ?, tries = tries + 1 WHERE id = ?', now + leaseMs, row.id);
      return [noticeOf({ ...row, tries: row.tries + 1 })];
    }),
  );
}

export function noticeSent(connection: Connection, id: string): void {
  connection.writing(() => void connection.run('DELETE FROM notice WHERE id = ?', id));
}

export function postponeNotice(connection: Connection, id: string, ms: number): void {
  connection.writing(
    () =>
      void connection.run('UPDATE notice SET due_at = ?, claim_until = NULL WHERE id = ?', connection.clock() + ms, id),
  );
}

/** Older than a day, for whatever recipient, and not being sent just now. */
export function overdueNotices(connection: Connection): readonly StoredNotice[] {
  const now = connection.clock();
  const where = 'created_at <= ? AND (claim_until IS NULL OR claim_until <= ?)';
  return connection
    .all<NoticeRow>(`SELECT ${COLUMNS} FROM notice WHERE ${where} ORDER BY seq LIMIT 100`, giveUpUntil(now), now)
    .map(noticeOf);
}

export function giveUpNotice(connection: Connection, id: string, event: AuditEvent): void {
  writeLog(connection, (writing) => {
    const { changes } = connection.run('DELETE FROM notice WHERE id = ?', id);
    // Someone else gave it up, or sent it at last.
    if (changes > 0) writing.log(ordinary(event));
  });
}
