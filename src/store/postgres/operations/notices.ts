import type { AuditEvent } from '../../../audit/entry.ts';
import type { StoredNotice } from '../../port.ts';
import { ordinary } from '../../story/ordinary.ts';
import { giveUpUntil, isDue, type NoticeRow, noticeOf } from '../../story/outbox.ts';
import type { Reader } from '../reader.ts';
import type { Writing } from '../writing.ts';

const COLUMNS = 'id, recipient, ticket, seq, created_at, tries';

type Next = NoticeRow & { readonly due_at: number; readonly claim_until: number | null };

const OLDEST = `SELECT ${COLUMNS}, due_at, claim_until FROM holdshort.notice WHERE recipient = $1
  ORDER BY urgent DESC, seq LIMIT 1`;

/** Is there anything to take? Mostly there is not, and then nothing is written. */
export async function isAnyNoticeDue(db: Reader, recipients: readonly string[]): Promise<boolean> {
  const rows = await Promise.all(recipients.map((recipient) => db.get<Next>(OLDEST, recipient)));
  return rows.some((row) => row && isDue(row, db.now));
}

/**
 * Only a recipient's oldest notice is ever taken: they arrive in order, and one that can't be sent holds up no other
 * recipient. One that another notifier is just taking is that one's: its row is waited for, and looked at again.
 */
export async function takeNotices(
  db: Reader,
  recipients: readonly string[],
  leaseMs: number,
): Promise<readonly StoredNotice[]> {
  const taken: StoredNotice[] = [];
  for (const recipient of recipients) {
    const row = await db.get<Next>(`${OLDEST} FOR UPDATE`, recipient);
    if (!row || !isDue(row, db.now)) continue;
    await db.all(
      'UPDATE holdshort.notice SET claim_until = $1, tries = tries + 1 WHERE id = $2',
      db.now + leaseMs,
      row.id,
    );
    taken.push(noticeOf({ ...row, tries: row.tries + 1 }));
  }
  return taken;
}

export async function noticeSent(db: Reader, id: string): Promise<void> {
  await db.all('SELECT holdshort.remove_notice($1, true)', id);
}

export async function postponeNotice(db: Reader, id: string, ms: number): Promise<void> {
  await db.all('UPDATE holdshort.notice SET due_at = $1, claim_until = NULL WHERE id = $2', db.now + ms, id);
}

/** Older than a day, for whatever recipient, and not being sent just now. */
export async function overdueNotices(db: Reader): Promise<readonly StoredNotice[]> {
  const where = 'created_at <= $1 AND (claim_until IS NULL OR claim_until <= $2)';
  const rows = await db.all<NoticeRow>(
    `SELECT ${COLUMNS} FROM holdshort.notice WHERE ${where} ORDER BY seq LIMIT 100`,
    giveUpUntil(db.now),
    db.now,
  );
  return rows.map(noticeOf);
}

const GIVEN_UP = 'SELECT holdshort.remove_notice($1, false) AS removed';

export async function giveUpNotice(writing: Writing, id: string, event: AuditEvent): Promise<void> {
  // Otherwise someone else gave it up, or sent it at last, or is just at it.
  if ((await writing.get<{ removed: boolean }>(GIVEN_UP, id))?.removed)
    await writing.log({ event: ordinary(event), tells: [] });
}
