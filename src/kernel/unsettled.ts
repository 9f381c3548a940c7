import { z } from 'zod';
import { TicketId } from './ticket.ts';

/** States in which an effect is happening, or may have happened without anyone knowing. */
export const UNSETTLED_STATES = ['executing', 'unknown'] as const;

/** Another ticket, of whatever agent, that is about the same as a call and isn't settled. */
export const Unsettled = z.strictObject({
  ticket: TicketId,
  agent: z.string(),
  tool: z.string(),
  state: z.enum(UNSETTLED_STATES),
  /** ISO 8601: when it was asked for. */
  at: z.iso.datetime(),
});
export type Unsettled = z.infer<typeof Unsettled>;

/** Those that a plan's people weren't told of, or were told of in another state. */
export function untold(now: readonly Unsettled[], told: readonly Unsettled[] | undefined): readonly Unsettled[] {
  return now.filter(({ ticket, state }) => !told?.some((known) => known.ticket === ticket && known.state === state));
}

/** `ticket tkt_… on this target is not settled: nobody knows whether its TOOL happened` */
export function unsettledText([first, ...more]: readonly Unsettled[]): string {
  if (!first) return '';
  const others = more.length > 0 ? `, and ${more.length} more` : '';
  const what =
    first.state === 'unknown'
      ? `nobody knows whether its ${first.tool} happened`
      : `its ${first.tool} is being carried out`;
  return `ticket ${first.ticket}${others} on this target is not settled: ${what}`;
}
