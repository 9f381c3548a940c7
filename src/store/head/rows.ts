import { type Remembered, stateAfter } from '../../audit/remembered.ts';
import type { HeadDatabase } from './database.ts';
import { isDecided, type LogReader } from './following.ts';

export interface HeadRow {
  readonly size: number;
  readonly peaks: Uint8Array;
  readonly at: string;
  readonly server: string | null;
  readonly accepted: number;
}

export const STANDING = 'SELECT state, digest FROM ticket WHERE id = ?';

/** Where the log is, and from its first entry on what it is called. Only `audit verify` asks for that. */
export function keepPlace(db: HeadDatabase, log: LogReader): void {
  db.run('UPDATE place SET server = ?', log.server ?? null);
  const { log_id, size } = log.tree();
  if (size > 0) db.run('INSERT INTO named (one, log_id) VALUES (1, ?) ON CONFLICT DO NOTHING', log_id);
}

/** What has to be known of an entry from now on, within a transaction. */
export function keepRow(
  db: HeadDatabase,
  seq: number,
  { leaf, statement, decision, step }: Pick<Remembered, 'leaf' | 'statement' | 'decision' | 'step'>,
): void {
  if (statement !== undefined) db.run('INSERT INTO statement (seq, leaf, type) VALUES (?, ?, ?)', seq, leaf, statement);
  if (decision !== undefined) db.run('INSERT INTO decision (seq, leaf, ticket) VALUES (?, ?, ?)', seq, leaf, decision);
  if (!step) return;
  const before = db.get<{ state: string }>(STANDING, step.ticket)?.state;
  const state = stateAfter(before, step.state);
  db.run(
    'INSERT INTO ticket (id, state, digest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, digest = coalesce(excluded.digest, digest)',
    step.ticket,
    state,
    step.digest ?? null,
  );
  if (isDecided(state)) db.run('DELETE FROM decision WHERE ticket = ?', step.ticket);
}
