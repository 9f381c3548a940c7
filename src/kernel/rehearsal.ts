import { z } from 'zod';

/** Something in a rehearsal: `resource` as people call it where it is written. `what` may repeat their words. */
export const Finding = z.strictObject({
  resource: z.string().min(1).max(400),
  type: z.string().max(200),
  what: z.string().min(1).max(600),
});
export type Finding = z.infer<typeof Finding>;

/** How far a change, or its way back, came there: to its end, or it failed, or it wasn't tried. */
const ENDINGS = ['to_its_end', 'failed', 'not_tried'] as const;

const Event = z.strictObject({
  resource: z.string(),
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
});

const Counts = z.strictObject({
  events: z.int().positive().optional(),
  failed: z.int().positive().optional(),
  not_back: z.int().positive().optional(),
  model_lacks: z.int().positive().optional(),
});

/**
 * What came of playing a change, and its way back, on a copy in the embedded cloud. That cloud is a model of AWS: it
 * tests what was written and the recovery kit, and can't show what AWS would do. Nothing in here says that a change is
 * safe.
 */
export const Rehearsal = z.discriminatedUnion('carried_through', [
  z.strictObject({
    carried_through: z.literal(true),
    /** ISO 8601 */
    at: z.iso.datetime(),
    change: z.strictObject({ ended: z.enum(ENDINGS), detail: z.string(), events: z.array(Event) }),
    /** Absent: nothing is kept of what it changes. */
    way_back: z.strictObject({ ended: z.enum(ENDINGS), detail: z.string() }).optional(),
    failed: z.array(Finding),
    /** What isn't as it was after the way back; where there is none, or it failed, after the change. */
    not_back: z.array(Finding),
    /** What was made up, or is otherwise than AWS says. */
    model_lacks: z.array(z.string()),
    /** How many more there are of each. */
    left_out: Counts.optional(),
  }),
  z.strictObject({ carried_through: z.literal(false), at: z.iso.datetime(), why: z.string().min(1).max(600) }),
]);
export type Rehearsal = z.infer<typeof Rehearsal>;

/** One that a person had made of a ticket, and by whom, as they said. */
export interface Rehearsed {
  readonly at: string;
  readonly claimed: string;
  readonly rehearsal: Rehearsal;
}

/** What of a rehearsal a policy may ask: both are false where there is none that was carried through. */
export function rehearsalFacts(rehearsal: Rehearsal | undefined): {
  readonly rehearsed: boolean;
  readonly failed: boolean;
} {
  const through = rehearsal?.carried_through === true;
  return { rehearsed: through, failed: through && rehearsal.failed.length > 0 };
}
