import type { Deletion } from '../../kernel/circumstances.ts';
import { MovedOn } from '../../kernel/errors.ts';
import type { Asked } from '../../kernel/quotas.ts';
import { type Unsettled, untold } from '../../kernel/unsettled.ts';
import type { Denial } from '../denial.ts';
import type { Grounds, Opening } from '../opening.ts';

/** The same as `Grounds`, read again in the transaction that opens the ticket. Each of them has to be looked up. */
export interface GroundsNow {
  readonly asked: Asked;
  readonly unsettled: readonly Unsettled[];
  readonly denial: Denial | undefined;
  /** Of what the call makes; undefined where it makes nothing that could have been deleted. */
  readonly deletion: Deletion | undefined;
}

/** Must the grounds of this opening be read again? What is refused stays so, whatever more was asked since. */
export function weighsAgain({ state, grounds }: Pick<Opening, 'state' | 'grounds'>, news: number): boolean {
  return state !== 'refused' && news > grounds.news;
}

/**
 * An agent has as many servers as it likes, and all of them may count at the same moment: what its call was weighed
 * against is compared with what is so now, under the write lock. What only got less since does no harm.
 * @throws MovedOn
 */
export function demandGrounds({ asked, unsettled, deletion }: Grounds, now: GroundsNow): void {
  if (now.asked.pending > asked.pending || now.asked.destructive_last_hour > asked.destructive_last_hour)
    throw new MovedOn('the agent asked for something else');
  if (untold(now.unsettled, unsettled).length > 0)
    throw new MovedOn('a ticket about the same began, or ended as unknown,');
  if (now.denial) throw new MovedOn('the same was denied');
  const told = deletion?.found;
  if (now.deletion && (now.deletion.ticket !== told?.ticket || now.deletion.state !== told.state))
    throw new MovedOn(`a ticket that deletes the ${deletion?.of.kind} moved on`);
}
