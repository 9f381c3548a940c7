import { z } from 'zod';
import type { Json } from './digest.ts';
import { MadeByPart } from './made-part.ts';
import { TicketId } from './ticket.ts';

const JsonValue: z.ZodType<Json> = z.json();

/**
 * A recovery kit: what one ticket was about to change or destroy, as it was right before, and the calls that bring it
 * back. It holds secrets, as they are: it is only ever written sealed.
 */
export const Kit = z.strictObject({
  format: z.literal('holdshort/kit/v1'),
  ticket: TicketId,
  /** The tool whose change it takes back, and where. */
  tool: z.string(),
  account: z.string(),
  region: z.string(),
  /** ISO 8601 */
  made_at: z.iso.datetime(),
  /** What to ask for, in this order. */
  calls: z
    .array(
      z.strictObject({
        tool: z.string(),
        /** What its tool takes, without region and reason, and without what `made` adds. */
        arguments: z.record(z.string(), JsonValue),
        made: z.array(MadeByPart).exactOptional(),
      }),
    )
    .min(1)
    .refine(
      (calls) => calls.every(({ made = [] }, at) => made.every(({ part }) => part <= at)),
      'a part needs what a later one makes',
    ),
  /** For people: all that was read. */
  as_it_was: JsonValue,
});
export type Kit = z.infer<typeof Kit>;

export type KitCall = Kit['calls'][number];
