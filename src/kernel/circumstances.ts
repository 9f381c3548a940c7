import { z } from 'zod';
import type { Lifecycle } from './lifecycle.ts';
import { Asked } from './quotas.ts';
import { TicketId } from './ticket.ts';
import { Unsettled } from './unsettled.ts';

/** States in which a ticket that deletes something has deleted it, may have, or may yet. */
export const DELETING_STATES = ['pending', 'approved', 'executing', 'unknown', 'succeeded', 'resolved'] as const;

/** Another ticket, of whatever agent, that deletes what a plan makes or changes. */
export const Deletion = z.strictObject({
  ticket: TicketId,
  agent: z.string(),
  state: z.enum(DELETING_STATES),
  /** ISO 8601: when it was done, or settled by a person's word; otherwise when it was asked for. */
  at: z.iso.datetime(),
});

export type Deletion = z.infer<typeof Deletion>;

/**
 * What surrounded a plan when it was made and isn't in AWS. It is part of the record, so that the policy of then and
 * that of the execution are asked the same question.
 */
export const Circumstances = z.strictObject({
  asked: Asked,
  deletion: Deletion.optional(),
  /** Oldest first. */
  unsettled: z.array(Unsettled).min(1).optional(),
});

export type Circumstances = z.infer<typeof Circumstances>;

/** How long what was deleted counts as deleted for the sake of making it again. */
export const RECREATION_MS = 24 * 3_600_000;

/**
 * Does this deletion make a plan one that deletes and recreates? One that waits does in any case: with it, what looks
 * like an update is the second half of a replacement. One that is done, or may be, does when the same is being created.
 */
export function recreates({ event }: Lifecycle, { state }: Deletion): boolean {
  return event === 'create' || state === 'pending' || state === 'approved';
}
