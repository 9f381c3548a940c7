import type { GoesOn } from '../../src/kernel/goes-on.ts';
import { outside } from './words.ts';

/** As whom AWS does the work, and what that can break; safe text. */
export function goesOnText(goesOn: GoesOn): string {
  switch (goesOn.as) {
    case 'service_role':
      return `${outside(goesOn.role_arn, 220)} (the stack's service role)`;
    case 'session':
      return `this ticket's session, which ends ${goesOn.seconds / 60} minutes after it is sent: ${BROKEN}`;
    case 'executor':
      return `the executor's own credentials, while they last: ${BROKEN}`;
    default:
      return goesOn satisfies never;
  }
}

const BROKEN = 'what takes longer, a rollback too, may be left half done';
