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

/**
 * What a rehearsal comes to, for policies and people: both are false where there is none that was carried through.
 * Failed is whatever did not come to its end, for whatever reason it was not tried, and whatever something failed in.
 */
export function rehearsalFacts(rehearsal: Rehearsal | undefined): {
  readonly rehearsed: boolean;
  readonly failed: boolean;
} {
  if (!rehearsal?.carried_through) return { rehearsed: false, failed: false };
  const { change, way_back, failed } = rehearsal;
  const ended = [change, ...(way_back ? [way_back] : [])].every((one) => one.ended === 'to_its_end');
  return { rehearsed: true, failed: !ended || failed.length > 0 };
}

/**
 * Which of a ticket's own rehearsals is shown: the newest, but one that failed stays until another fails. Nobody signs
 * these: the attacker, who can run the command or write to the database, may add one that went well.
 */
export function shownOf(before: Rehearsed | undefined, newer: Rehearsed): Rehearsed {
  const failed = (one: Rehearsed | undefined) => rehearsalFacts(one?.rehearsal).failed;
  return before && failed(before) && !failed(newer) ? before : newer;
}
