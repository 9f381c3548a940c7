import type { Refusal } from '../../../kernel/errors.ts';
import type { TicketId } from '../../../kernel/ticket.ts';
import type { StoredTicket } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { moveTicket, nextState } from '../moves.ts';
import { readTicket, rowOf } from '../ticket-rows.ts';

interface Caller {
  readonly agent: string;
  readonly session: string;
}

/** `planning`, `pending` or `approved` → `withdrawn`, by the agent that asked. */
export function withdraw(
  connection: Connection,
  { agent, session }: Caller,
  id: TicketId,
  reason: string,
): StoredTicket {
  return writeLog(
    connection,
    (writing) => {
      const row = rowOf(connection, id, agent);
      const refusal: Refusal = {
        code: 'withdrawn',
        message: 'the agent withdrew it',
        recovery: 'ask again if the change is still wanted',
      };
      const to = nextState(row, { kind: 'withdraw' }, writing.at);
      return readTicket(
        connection,
        moveTicket(writing, row, to, { actor: `agent:${agent}`, session, refusal, detail: { reason } }),
      );
    },
    'stops',
  );
}

/** `planning` → `refused`. */
export function refusePlanning(
  connection: Connection,
  { agent, session }: Caller,
  id: TicketId,
  refusal: Refusal,
): void {
  writeLog(
    connection,
    (writing) => {
      const row = rowOf(connection, id, agent);
      const to = nextState(row, { kind: 'planned', verdict: 'refuse' }, writing.at);
      moveTicket(writing, row, to, { actor: `agent:${agent}`, session, refusal });
    },
    'stops',
  );
}
