import type { TicketState } from './ticket.ts';

/** What people can be told of: a ticket that waits, was decided, was run, or ended without either. */
export const NOTICE_KINDS = ['pending', 'decided', 'executed', 'ended'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

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
