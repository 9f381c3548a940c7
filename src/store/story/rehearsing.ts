import type { Json } from '../../kernel/digest.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import type { Rehearsing } from '../looking.ts';
import { conflict, type Row } from './row.ts';
import { entered, type Told } from './step.ts';

/**
 * A numbered entry that moves nothing. Nobody proves who they are by rehearsing: the actor is the door.
 * @throws conflict where it is decided or run already
 * @throws wrong_digest
 */
export function rehearsed(row: Row, { digest, claimed, rehearsal }: Rehearsing): Told {
  if (row.state !== 'pending' && row.state !== 'approved') throw conflict(row, 'a rehearsal comes too late');
  if (row.digest !== digest)
    throw new HoldshortError(
      'wrong_digest',
      `ticket ${row.id} has another plan than was rehearsed`,
      'look at it again',
    );
  const detail = { digest, claimed, rehearsal: rehearsal as unknown as Json };
  return entered(row, { type: 'rehearsal.recorded', actor: 'cli', outcome: undefined, detail });
}
