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

/** What a plan makes or changes, by the name that it shares with what was deleted before it. */
export interface Recreatable {
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly name: string;
}

interface Recreating {
  readonly account: string;
  readonly region: string;
  readonly lifecycle?: Lifecycle | undefined;
}

/** Undefined where nothing of it could have been deleted before. */
export function recreatableOf({ account, region, lifecycle }: Recreating): Recreatable | undefined {
  if (!lifecycle || lifecycle.event === 'delete') return undefined;
  return { account, region, kind: lifecycle.kind, name: lifecycle.name };
}

/**
 * Only deletions that were asked for until then count for this plan: what is changed may be deleted afterwards, by a
 * ticket of its own. What is made while it is deleted is none that was made first.
 */
export function askedUntil(plan: { readonly lifecycle?: Lifecycle | undefined; readonly created_at: string }) {
  return plan.lifecycle?.event === 'create' ? undefined : plan.created_at;
}

/** The deletion that makes this plan one that deletes and recreates, where the plan doesn't say so. */
export function untoldDeletion(
  plan: { readonly lifecycle?: Lifecycle | undefined; readonly circumstances: Circumstances },
  found: Deletion | undefined,
): Deletion | undefined {
  const told = plan.circumstances.deletion !== undefined;
  return plan.lifecycle && found && !told && recreates(plan.lifecycle, found) ? found : undefined;
}
