import { isTerminal } from '../../../src/kernel/ticket.ts';
import { type Assessment, mayBeCutShort } from '../../tickets/assess.ts';

/** How far a ticket has come: a heading's worth. */
export function headline(assessment: Assessment): string {
  const { state, counted, clearance, ticket } = assessment;
  switch (state) {
    case 'pending':
      return counted.approvals.length > 0 ? 'An approval is recorded; others must join' : 'It waits for a decision';
    case 'approved':
      return clearance.cleared ? 'Approved' : 'Approved, but it will not run';
    case 'denied':
      return 'Denied';
    case 'executing':
      if (counted.denials.length > 0) return 'Denied while it was running';
      if (lapsed(assessment)) return 'Running, without the approval that its next request needs';
      return ticket.waiting ? 'Approved, under way, and it waits' : 'Approved, and running';
    case 'succeeded':
      return 'Done';
    case 'failed':
      return 'It failed';
    case 'unknown':
      return "It can't be told whether this happened";
    case 'resolved':
      return 'Resolved by a person, not by AWS';
    default:
      return `It is ${state}`;
  }
}

/** And what comes next. */
export function nextText(assessment: Assessment): string {
  const { state, missing, counted } = assessment;
  switch (state) {
    case 'pending':
      return `It doesn't run yet. Still needed: ${missing ?? 'nothing'}.`;
    case 'approved':
      return missing === undefined
        ? 'An executor checks everything again and runs it, once, exactly as shown. Until it begins it can still be denied.'
        : `What approved it isn't enough any more. Still needed: ${missing}.`;
    case 'denied':
      return 'It will never run. The agent is told so, with the reason.';
    case 'executing':
      if (counted.denials.length > 0 || lapsed(assessment))
        return 'After the request that is under way, no other is sent. How it ends is shown here.';
      return mayBeCutShort(assessment)
        ? 'It has begun. A denial keeps the requests from being sent that have not begun yet, and leaves things as they are then.'
        : 'It has begun, so it can no longer be denied. How it ends is shown here.';
    case 'succeeded':
      return "AWS's own records say that it happened.";
    case 'unknown':
      return 'It is never sent again. Somebody whom the agent does not work for looks at AWS and says what became of it, here or with holdshort tickets resolve.';
    case 'resolved':
      return "AWS's records can't tell what became of it: what is said in the outcome is a person's word.";
    case 'failed':
      return 'What did happen is in the outcome.';
    default:
      return 'It did not run, and will not.';
  }
}

/** Between two of its requests, and what let it begin was taken back or is over. */
function lapsed(assessment: Assessment): boolean {
  return !assessment.clearance.cleared && mayBeCutShort(assessment);
}

/** Nothing that its pages show changes any more. */
export function isOver({ state, glass }: Assessment): boolean {
  return isTerminal(state) && (glass.broken.length === 0 || glass.reviewedBy !== undefined);
}
