import type { Json } from '../kernel/digest.ts';
import { asciiJson } from '../kernel/plan.ts';
import type { EventType } from './events.ts';
import { fitting, plainly, SHORT_ENTRY } from './fitting.ts';

/** What happened, before the log gives it its place and time. */
export interface AuditEvent {
  readonly type: EventType;
  /**
   * `agent:NAME`, `executor:ID`, `client:NAME`; `approver:NAME` only where a signature proved it, otherwise the door:
   * `page` or `cli`, with `claimed` in the detail.
   */
  readonly actor: string;
  readonly session?: string | undefined;
  readonly ticket?: string | undefined;
  readonly tool?: string | undefined;
  readonly environment?: string | undefined;
  readonly outcome?: string | undefined;
  readonly detail: { readonly [key: string]: Json | undefined };
}

/**
 * The exact text of an entry, JSON in printable ASCII: this is what is hashed; it is written once and never made again
 * from its parts.
 * @param seq from 1, without gaps; the RFC 6962 leaf index is `seq - 1`
 * @param at ISO 8601 UTC with milliseconds
 */
export function entryText(seq: number, at: string, event: AuditEvent): string {
  return `{"seq":${seq},"at":"${at}",${entryRest(event)}`;
}

/** An entry's text without how it begins, which is its place and time: where another gives it those. */
export function entryRest(event: AuditEvent): string {
  const detail = plainly(event.detail) as AuditEvent['detail'];
  const rest = restOf({ ...event, detail });
  return rest.length <= SHORT_ENTRY ? rest : restOf({ ...event, detail: fitting(detail) });
}

function restOf({ type, actor, session, ticket, tool, environment, outcome, detail }: AuditEvent): string {
  return asciiJson({ type, actor, session, ticket, tool, environment, outcome, detail }).slice(1);
}
