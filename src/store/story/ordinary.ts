import type { AuditEvent } from '../../audit/entry.ts';
import { isStatementEvent } from '../../audit/statement-events.ts';
import { stateOf } from '../../audit/ticket-log.ts';
import { HoldshortError } from '../../kernel/errors.ts';

/**
 * An event that moves nothing. Transitions, decisions and statements are only written by the operations that make them:
 * an entry of their type, or with their numbering, would otherwise pass for one.
 * @throws internal
 */
export function ordinary(event: AuditEvent): AuditEvent {
  if (stateOf(event.type) || event.type === 'decision.recorded' || isStatementEvent(event.type))
    throw new HoldshortError(
      'internal',
      `an entry of type ${event.type} belongs to an operation`,
      'report this as a defect',
    );
  return { ...event, detail: { ...event.detail, ticket_seq: undefined, statement_seq: undefined } };
}
