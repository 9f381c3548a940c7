import type { Statement } from '../kernel/statement.ts';
import type { EventType } from './events.ts';

/**
 * Decisions and words on outcomes are recorded with their ticket; everything else that approvers sign has an event of
 * its own.
 */
export const STATEMENT_EVENTS: Record<Exclude<Statement['kind'], 'decision' | 'resolve'>, EventType> = {
  enroll: 'approver.enrolled',
  request: 'approver.requested',
  recover: 'approver.recovered',
  revoke: 'approver.revoked',
  membership: 'approver.groups_set',
  bind: 'approver.bound',
  unbind: 'approver.unbound',
  review: 'decision.reviewed',
  halt: 'halt.set',
  resume: 'halt.lifted',
  accept: 'log.accepted',
};

const TYPES: ReadonlySet<string> = new Set(Object.values(STATEMENT_EVENTS));

export function isStatementEvent(type: string): boolean {
  return TYPES.has(type);
}
