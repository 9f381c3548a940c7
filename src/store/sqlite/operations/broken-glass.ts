import { TicketId } from '../../../kernel/ticket.ts';
import type { Connection } from '../connection.ts';
import { BREAKS_GLASS } from '../migrations/0003.ts';

export function brokenGlass(connection: Connection, limit: number): readonly TicketId[] {
  const rows = connection.all<{ ticket: unknown }>(
    `SELECT ticket FROM entry WHERE ${BREAKS_GLASS} GROUP BY ticket ORDER BY max(seq) DESC LIMIT ?`,
    limit,
  );
  return rows.flatMap(({ ticket }) => TicketId.safeParse(ticket).data ?? []);
}
