import { mayArriveUntil } from '../../kernel/arrival.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { evidenceOf, isTooEarly, mayStillArrive } from '../../kernel/resolution.ts';
import { readStatement } from '../../kernel/statement.ts';
import type { ApproverStore } from '../port.ts';
import { conflict, type TicketRows, ticketOf } from './row.ts';
import { moved, nextState, type Told } from './step.ts';

type Resolution = Parameters<ApproverStore['recordResolution']>[0];

/**
 * `unknown` → `resolved`: the entry holds the statement, its signature and what was known of the outcome. Says nothing
 * about the signature.
 * @throws conflict where AWS has told meanwhile, or what is known isn't what the person was shown
 * @throws wrong_digest
 * @throws wrong_state while AWS may still take the request, for what is said not to have happened
 */
export function resolved(rows: TicketRows, { signed, actor }: Resolution, at: string): Told {
  const { row } = rows;
  const { result, intent } = ticketOf(rows);
  const statement = readStatement(signed);
  if (statement?.kind !== 'resolve' || statement.ticket !== row.id || statement.digest !== row.digest)
    throw new HoldshortError(
      'wrong_digest',
      `what was signed is not about ticket ${row.id} with digest ${row.digest}`,
      'look at the ticket again',
    );
  const to = nextState(row, { kind: 'resolve' }, at);
  if (statement.seen !== evidenceOf(result)) throw conflict(row, 'an executor has seen something new of it meanwhile');
  const until = mayArriveUntil(intent);
  if (isTooEarly(statement, until, at)) throw mayStillArrive(row.id, until);
  const { happened, reason } = statement;
  const told = moved(row, to, { actor, detail: { happened, reason, ...signed, result } });
  // What planning left was used up by a request that arrived; otherwise it is removed.
  return { ...told, usedUp: happened };
}
