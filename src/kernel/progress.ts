import { z } from 'zod';

/**
 * How far AWS says that a ticket is that is under way. It is in no log: anyone who writes the database can set it, so
 * there is nothing in it but a state's name and numbers, no words that people or agents might follow.
 */
export const Progress = z.strictObject({
  status: z.string().regex(/^[A-Z_]{1,64}$/),
  /** Of the resources that AWS has begun with. */
  done: z.int().nonnegative().optional(),
  of: z.int().nonnegative().optional(),
});

export type Progress = z.infer<typeof Progress>;

/** The same in every place where a ticket is shown. */
export function progressText({ status, done, of }: Progress): string {
  const counts = done === undefined || of === undefined ? '' : `, ${done} of the ${of} resources begun with are done`;
  return `AWS reports ${status}${counts}`;
}
