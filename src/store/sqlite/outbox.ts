import { sha256 } from '../../kernel/digest.ts';
import { noticeKindOf } from '../../kernel/notice.ts';
import type { Writing } from './log-writer.ts';
import type { Row } from './ticket-rows.ts';

/**
 * Puts a notice of a ticket's step into the outbox, for each recipient that wants to be told, in the transaction of the step itself: there
 * is no step without its notice, and no notice of a step that didn't happen. The id follows from the step, so that it is the same
 * however often the notice is sent.
 */
export function announce({ connection, at }: Writing, row: Row, actor: string, seq: number): void {
  const kind = noticeKindOf(row.state, actor);
  const recipients = kind === undefined ? [] : connection.recipients(kind);
  if (recipients.length === 0) return;
  const log = connection.get<{ log_id: string }>('SELECT log_id FROM tree')?.log_id;
  for (const recipient of recipients) {
    connection.run(
      'INSERT INTO notice (id, recipient, ticket, seq, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      `msg_${sha256(`${log}/${seq}/${recipient}`).slice(0, 32)}`,
      recipient,
      row.id,
      seq,
      Date.parse(at),
      Date.parse(at),
    );
  }
}
