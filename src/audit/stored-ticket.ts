import type { Json } from '../kernel/digest.ts';
import type { TicketDraft } from '../kernel/draft.ts';
import type { Refusal } from '../kernel/errors.ts';
import type { SealedPlan } from '../kernel/plan.ts';
import type { Progress } from '../kernel/progress.ts';
import type { Rehearsed } from '../kernel/rehearsal.ts';
import type { Recorded, RecordedDecision } from '../kernel/statement.ts';
import type { TicketId, TicketState } from '../kernel/ticket.ts';
import type { Kept } from '../kernel/undo.ts';
import type { Waiting } from '../kernel/waiting.ts';
import type { Intent, TrailStep } from './ticket-log.ts';

/**
 * A ticket as it is stored. Nothing in it is checked yet, so that nothing is shown of it and nothing run: `judge` says
 * what the log vouches for (believe.ts), `countDecisions` which decisions count.
 */
export interface StoredTicket {
  readonly id: TicketId;
  readonly state: TicketState;
  readonly draft: TicketDraft;
  /** Absent in `planning`, and in `refused`, `withdrawn` and `expired` when planning never ended. */
  readonly plan?: SealedPlan;
  /** The outcome of an executed ticket (per resource), for people and agents. */
  readonly result?: Json;
  /** Why it ended without running. */
  readonly refusal?: Refusal;
  readonly intent?: Intent;
  /** The recovery kit that was made before the first request that changes something. */
  readonly kit?: Kept;
  /** What keeps an approved ticket from running. */
  readonly waiting?: Waiting;
  /** How far AWS says that it is, while it is under way; the log knows nothing of it. */
  readonly progress?: Progress;
  readonly finished_at?: string;
  /** The rehearsal that a person had made of it, the newest or the newest that failed. It decides nothing. */
  readonly rehearsed?: Rehearsed;
  /** The signed decisions that were recorded, in log order. */
  readonly decisions: readonly RecordedDecision[];
  /** A person's signed word on what became of it, where AWS's records couldn't tell. */
  readonly resolution?: Recorded;
  /** Its transitions, in log order. */
  readonly trail: readonly TrailStep[];
  /**
   * Whether every log entry about this ticket still gives the leaf hash that was stored with it, in an unbroken
   * sequence.
   */
  readonly trail_intact: boolean;
}
