import { MovedOn } from '../../../kernel/errors.ts';
import { untold } from '../../../kernel/unsettled.ts';
import type { Grounds } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { askedBefore, deletionOf } from './asked-before.ts';
import { deniedBefore } from './denied-before.ts';
import { unsettledAbout } from './unsettled.ts';

export function newsOf(connection: Connection): number {
  return connection.get<{ news: number }>('SELECT news FROM tree')?.news ?? 0;
}

/**
 * An agent has as many servers as it likes, and all of them may count at the same moment: what its call was weighed
 * against is looked up once more under the write lock. What only got less since does no harm.
 * @throws MovedOn
 */
export function demandGrounds(connection: Connection, agent: string, call: string, grounds: Grounds): void {
  if (newsOf(connection) <= grounds.news) return;
  const { subject, asked, unsettled, deletion } = grounds;
  const now = askedBefore(connection, agent, call);
  if (now.pending > asked.pending || now.destructive_last_hour > asked.destructive_last_hour)
    throw new MovedOn('the agent asked for something else');
  if (untold(unsettledAbout(connection, subject), unsettled).length > 0)
    throw new MovedOn('a ticket about the same began, or ended as unknown,');
  if (deniedBefore(connection, { ...subject, targets: subject.targets.map(({ id }) => id) }))
    throw new MovedOn('the same was denied');
  if (!deletion) return;
  const found = deletionOf(connection, deletion.stack);
  if (found && (found.ticket !== deletion.found?.ticket || found.state !== deletion.found.state))
    throw new MovedOn('a ticket that deletes the stack moved on');
}
