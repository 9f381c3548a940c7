import { type Remembered, stateAfter } from '../../audit/remembered.ts';
import type { HeadDatabase } from './database.ts';
import { isDecided } from './following.ts';

export interface HeadRow {
  readonly size: number;
  readonly peaks: Uint8Array;
  readonly at: string;
  readonly server: string | null;
  readonly accepted: number;
}

export const STANDING = 'SELECT state, digest FROM ticket WHERE id = ?';

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
