import type { Progress } from '../src/kernel/progress.ts';

/** What happened to one resource of an executed change. */
export interface ResourceOutcome {
  readonly resource: string;
  readonly outcome: 'succeeded' | 'failed' | 'unknown';
  readonly detail: string;
}

/**
 * What an observation rests on. `request`: a mark that only this ticket's request leaves, its token in AWS's records or
 * the tag that it writes. `state`: how things are, which anyone may have brought about; also a date that AWS gives a
 * change, because others change things at the same time.
 */
export type Evidence = 'request' | 'state';

/**
 * What AWS's own records say about an effect that was sent, or may have been. `pending`: AWS is still at it, look
 * again. A tool says what it sees and what that rests on; what it proves, the executor says: state confirms a request
 * that AWS accepted, and settles no other.
 */
export type Observation =
  | { readonly state: 'pending'; readonly detail: string; readonly progress?: Progress }
  | {
      readonly state: 'succeeded' | 'failed' | 'unknown';
      readonly evidence: Evidence;
      readonly detail: string;
      readonly resources: readonly ResourceOutcome[];
    };
