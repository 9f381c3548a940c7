import type { StoredEntry, TicketRow } from '../../../audit/log.ts';
import type { Connection } from '../connection.ts';
import { unavailable } from '../failures.ts';
import { peaksOf } from '../log-writer.ts';

export function readEntries(connection: Connection, from: number, limit: number): readonly StoredEntry[] {
  return connection.all<StoredEntry>(
    'SELECT seq, text, leaf FROM entry WHERE seq >= ? ORDER BY seq LIMIT ?',
    from,
    limit,
  );
}

export function readHead(connection: Connection) {
  const head = connection.get<{ size: number; frontier: Uint8Array }>('SELECT size, frontier FROM tree');
  if (!head) throw unavailable('the database has no log', 'put it back from a backup');
  return { size: head.size, frontier: peaksOf(head.frontier) };
}

export function readTicketRows(connection: Connection): readonly TicketRow[] {
  return connection
    .all<{ id: string; state: string; digest: string | null; plan: string | null; draft: string }>(
      'SELECT id, state, digest, plan, draft FROM ticket ORDER BY n',
    )
    .map(({ id, state, digest, plan, draft }) => ({
      id,
      state,
      draft,
      ...(digest !== null && { digest }),
      ...(plan !== null && { plan }),
    }));
}
