/**
 * Everything that stops a call has one of these codes. Tests and callers rely on the code; the text is for people.
 * `refusal` says how to go on: an agent that is only told "no" tries the same thing another way.
 */
export type RefusalCode =
  // the call itself
  | 'invalid_input'
  | 'unknown_tool'
  | 'not_found'
  | 'read_only'
  // the plan
  | 'protected'
  | 'wrong_state'
  | 'in_use'
  | 'no_changes'
  | 'planning_failed'
  // the decision
  | 'policy_forbids'
  | 'denied'
  | 'expired'
  | 'withdrawn'
  | 'stale'
  | 'halted'
  | 'tampered'
  | 'log_not_continued'
  | 'approval_invalid'
  | 'wrong_digest'
  | 'not_enrolled'
  | 'assurance_too_low'
  | 'operator_excluded'
  | 'operator_unbound'
  | 'already_decided'
  | 'outcome_unknown'
  | 'not_confirmed'
  | 'interrupted'
  // what surrounds it
  | 'conflict'
  | 'other_account'
  | 'no_executor'
  | 'unsettled'
  | 'policy_invalid'
  | 'config_invalid'
  | 'store_unavailable'
  | 'clock_went_back'
  | 'key_invalid'
  | 'issuer_unavailable'
  | 'aws_denied'
  | 'aws_unreachable'
  | 'aws_rejected'
  | 'usage'
  | 'internal';

/** A failure with a code, what happened, and what to do next. `recovery` is never empty. */
export class HoldshortError extends Error {
  override readonly name = 'HoldshortError';
  readonly code: RefusalCode;
  readonly recovery: string;

  constructor(code: RefusalCode, message: string, recovery: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.recovery = recovery;
  }
}

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly recovery: string;
}

export function refusalOf({ code, message, recovery }: HoldshortError): Refusal {
  return { code, message, recovery };
}

/** Something came in between reading and writing, and what was read has to be read and weighed again. */
export class MovedOn extends HoldshortError {
  constructor(what: string) {
    super('conflict', `${what} while this was weighed`, 'nothing was changed; make the same call again');
  }
}
