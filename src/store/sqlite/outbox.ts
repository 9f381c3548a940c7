import { sha256 } from '../../kernel/digest.ts';
import { NOTICE_KINDS, type NoticeKind, noticeKindOf, toldOf } from '../../kernel/notice.ts';
import type { Statement } from '../../kernel/statement.ts';
import type { Row } from '../story/row.ts';
import type { Writing } from './log-writer.ts';

/**
 * Puts a notice of a ticket's step into the outbox, for each recipient that wants to be told.
 * @param step.loud broken glass: everyone is told, whatever else they want to hear of
 */
export function announce(
  writing: Writing,
  row: Row,
  { actor, seq, loud }: { readonly actor: string; readonly seq: number; readonly loud: boolean },
): void {
  const kind = noticeKindOf(row.state, actor);
  put(writing, loud ? NOTICE_KINDS : kind === undefined ? [] : [kind], seq, row.id);
}

/** The same for a signed statement. */
export function announceStatement(writing: Writing, kind: Statement['kind'], seq: number): void {
  const told = toldOf(kind);
  put(writing, told === 'everybody' ? NOTICE_KINDS : told === undefined ? [] : [told], seq);
}

/**
 * In the transaction of what it tells: nothing happens without its notice, and there is no notice of what didn't
 * happen. The id follows from the entry, so that it is the same however often the notice is sent.
 */
function put({ connection, at }: Writing, kinds: readonly NoticeKind[], seq: number, ticket?: string): void {
  const recipients = [...new Set(kinds.flatMap((one) => connection.recipients(one)))];
  if (recipients.length === 0) return;
  const log = connection.get<{ log_id: string }>('SELECT log_id FROM tree')?.log_id;
  for (const recipient of recipients) {
    connection.run(
      'INSERT INTO notice (id, recipient, ticket, seq, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      `msg_${sha256(`${log}/${seq}/${recipient}`).slice(0, 32)}`,
      recipient,
      ticket ?? null,
      seq,
      Date.parse(at),
      Date.parse(at),
    );
  }
}
