import { noticeId, recipientsOf } from '../story/outbox.ts';
import { conflict, type Row } from '../story/row.ts';
import type { Entry, Told } from '../story/step.ts';
import type { Connection } from './connection.ts';
import type { Writing } from './log-writer.ts';

/**
 * Writes what the story says of a ticket, within the transaction in which it was read, and gives the row as it is now.
 * @throws conflict where the row isn't any more as it was read
 */
export function apply(writing: Writing, told: Told): Row {
  const { before, after, entries, usedUp } = told;
  const { connection } = writing;
  if (!before) insert(connection, told);
  else if (update(connection, before, told) !== 1) throw conflict(before, 'it changed meanwhile');
  for (const entry of entries) writeEntry(writing, entry);
  if (usedUp) connection.run('DELETE FROM residue WHERE ticket = ?', after.id);
  return after;
}

function insert(connection: Connection, { after, call }: Told): void {
  connection.run(
    'INSERT INTO ticket (id, state, draft, plan, digest, call, entries) VALUES (?, ?, ?, ?, ?, ?, ?)',
    after.id,
    after.state,
    after.draft,
    after.plan,
    after.digest,
    call ?? null,
    after.entries,
  );
}

/** The indexes are on what a draft and a plan say: those are written only where they change. */
function update(connection: Connection, before: Row, { after, call }: Told): number {
  const planned = call === undefined ? '' : ', draft = ?, plan = ?, digest = ?, call = ?';
  return connection.run(
    `UPDATE ticket SET state = ?, entries = ?, claim_owner = ?, claim_until = ?${planned}
      WHERE id = ? AND state = ? AND entries = ? AND claim_epoch = ?`,
    after.state,
    after.entries,
    after.claim_owner,
    after.claim_until,
    ...(call === undefined ? [] : [after.draft, after.plan, after.digest, call]),
    before.id,
    before.state,
    before.entries,
    before.claim_epoch,
  ).changes;
}

/** An entry with its notices: nothing happens without them, and there are none of what didn't happen. */
export function writeEntry(writing: Writing, { event, tells }: Entry): void {
  const { connection, at } = writing;
  const seq = writing.log(event);
  const recipients = recipientsOf(tells, connection.recipients);
  if (recipients.length === 0) return;
  const log = connection.get<{ log_id: string }>('SELECT log_id FROM tree')?.log_id;
  for (const recipient of recipients) {
    connection.run(
      'INSERT INTO notice (id, recipient, ticket, seq, created_at, due_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      noticeId(log, seq, recipient),
      recipient,
      event.ticket ?? null,
      seq,
      Date.parse(at),
      Date.parse(at),
    );
  }
}
