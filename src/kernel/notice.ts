import type { Statement } from './statement.ts';
import type { TicketState } from './ticket.ts';

/**
 * What people can be told of: a ticket that waits, was decided, was run, or ended without either; and `people`: that
 * someone signed who may decide, or what is stopped.
 */
export const NOTICE_KINDS = ['pending', 'decided', 'executed', 'ended', 'people'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/**
 * Who is told of a signed statement: `everyone`, whatever else they want to hear of, of what an installation would be
 * taken over by. Undefined for what decides nothing (anyone can ask for an enrolment, without end) and for what is told
 * with its ticket.
 */
export function toldOf(kind: Statement['kind']): 'everybody' | 'people' | undefined {
  switch (kind) {
    case 'recover':
    case 'accept':
      return 'everybody';
    case 'enroll':
    case 'revoke':
    case 'membership':
    case 'bind':
    case 'unbind':
    case 'halt':
    case 'resume':
      return 'people';
    case 'request':
    case 'review':
    case 'decision':
    case 'resolve':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** What a ticket's step is, for those who want to be told; undefined for steps that nobody waits for. */
export function noticeKindOf(state: TicketState, actor: string): NoticeKind | undefined {
  switch (state) {
    case 'pending':
      return 'pending';
    case 'approved':
      // What policy allows at once was decided by nobody.
      return actor.startsWith('approver:') ? 'decided' : undefined;
    case 'denied':
      return 'decided';
    case 'succeeded':
    case 'failed':
    case 'unknown':
    case 'resolved':
      return 'executed';
    case 'refused':
    case 'expired':
    case 'withdrawn':
    case 'stale':
      return 'ended';
    case 'planning':
    case 'executing':
      return undefined;
    default:
      return state satisfies never;
  }
}
