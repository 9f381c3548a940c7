import type { Deletion, Recreatable } from '../kernel/circumstances.ts';
import type { Json } from '../kernel/digest.ts';
import type { TicketDraft } from '../kernel/draft.ts';
import type { Refusal } from '../kernel/errors.ts';
import type { SealedPlan } from '../kernel/plan.ts';
import type { Asked } from '../kernel/quotas.ts';
import type { Subject } from '../kernel/same-subject.ts';
import type { TicketId } from '../kernel/ticket.ts';
import type { Unsettled } from '../kernel/unsettled.ts';

/**
 * What was so when a call was weighed. A ticket is opened only where it still is: two calls at once don't both take the
 * last place of a quota.
 */
export interface Grounds {
  /** `AgentStore.news` from before anything else of this was read. */
  readonly news: number;
  readonly subject: Subject;
  readonly asked: Asked;
  readonly unsettled: readonly Unsettled[];
  /** Where the call makes something that could have been deleted: the ticket that deletes the one of this name. */
  readonly deletion?: { readonly of: Recreatable; readonly found: Deletion | undefined } | undefined;
}

export interface Opening {
  readonly id: TicketId;
  readonly draft: TicketDraft;
  readonly plan: SealedPlan;
  /** `callDigest`: while a ticket with the same one is pending, that one is returned instead. */
  readonly call: string;
  readonly state: 'pending' | 'approved' | 'refused';
  readonly refusal?: Refusal;
  readonly environment: string;
  readonly detail: { readonly [key: string]: Json | undefined };
  readonly grounds: Grounds;
}
