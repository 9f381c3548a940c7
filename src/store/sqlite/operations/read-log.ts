import type { StoredEntry, TicketRow } from '../../../audit/log.ts';
import { peaksOf } from '../../../audit/merkle.ts';
import type { Connection } from '../connection.ts';
import { unavailable } from '../failures.ts';

type Reader = Pick<Connection, 'get' | 'all'>;

export function readEntries(connection: Reader, from: number, limit: number): readonly StoredEntry[] {
  return connection.all<StoredEntry>(
    'SELECT seq, text, leaf FROM entry NOT INDEXED WHERE seq >= ? ORDER BY seq LIMIT ?',
    from,
    limit,
  );
}

export function readHead(connection: Reader) {
  const head = connection.get<{ log_id: string; size: number; frontier: Uint8Array }>(
    'SELECT log_id, size, frontier FROM tree',
  );
  if (!head) throw unavailable('the database has no log', 'put it back from a backup');
  return { ...head, frontier: peaksOf(head.frontier) };
}

export function readTicketRows(connection: Reader, after: number, limit: number): readonly TicketRow[] {
  return connection
    .all<{
      n: number;
      id: string;
      state: string;
      digest: string | null;
      plan: string | null;
      draft: string;
      entries: number;
    }>(
      'SELECT n, id, state, digest, plan, draft, entries FROM ticket NOT INDEXED WHERE n > ? ORDER BY n LIMIT ?',
      after,
      limit,
    )
    .map(({ digest, plan, ...row }) => ({
      ...row,
      ...(digest !== null && { digest }),
      ...(plan !== null && { plan }),
    }));
}
