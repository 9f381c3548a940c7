import { HoldshortError, type Refusal, refusalOf } from '../kernel/errors.ts';

/** Why a ticket doesn't run now. */
export type NotNow =
  /** Not what was approved: the ticket ends here. */
  | { readonly kind: 'stop'; readonly to: 'stale' | 'denied'; readonly refusal: Refusal }
  | { readonly kind: 'expired' }
  /** Nothing wrong with the ticket, but it can't run now. */
  | { readonly kind: 'wait'; readonly refusal: Refusal };

export function stale(message: string, recovery: string): NotNow {
  return { kind: 'stop', to: 'stale', refusal: { code: 'stale', message, recovery } };
}

export function wait(error: HoldshortError): NotNow {
  return { kind: 'wait', refusal: refusalOf(error) };
}

/**
 * A refusal of planning means that AWS moved on; an AWS that can't be read, or a policy that can't be loaded, means not
 * now.
 */
export function whyNot(error: unknown): NotNow {
  if (!(error instanceof HoldshortError)) throw error;
  switch (error.code) {
    case 'tampered':
      return { kind: 'stop', to: 'denied', refusal: refusalOf(error) };
    case 'protected':
    case 'wrong_state':
    case 'in_use':
    case 'not_found':
    case 'no_changes':
    case 'invalid_input':
    case 'planning_failed':
      return stale(`AWS is no longer as planned: ${error.message}`, error.recovery);
    default:
      return wait(error);
  }
}
