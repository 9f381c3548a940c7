import { sha256 } from '../../kernel/digest.ts';
import { NOTICE_KINDS, noticeKindOf } from '../../kernel/notice.ts';
import type { Writing } from './log-writer.ts';
import type { Row } from './ticket-rows.ts';

/**
 * Puts a notice of a ticket's step into the outbox, for each recipient that wants to be told, in the transaction of the step itself: there
 * is no step without its notice, and no notice of a step that didn't happen. The id follows from the step, so that it is the same
 * however often the notice is sent.
 * @param step.loud broken glass: everybody is told, whatever else they want to hear of
 */
export function announce(
  { connection, at }: Writing,
  row: Row,
  { actor, seq, loud }: { readonly actor: string; readonly seq: number; readonly loud: boolean },
): void {
  const kind = noticeKindOf(row.state, actor);
  const kinds = loud ? NOTICE_KINDS : kind === undefined ? [] : [kind];
  const recipients = [...new Set(kinds.flatMap((one) => connection.recipients(one)))];
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
