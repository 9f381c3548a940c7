import type { Asker } from '../../../kernel/draft.ts';
import type { Grounds } from '../../port.ts';
import type { GroundsNow } from '../../story/grounds.ts';
import type { Connection } from '../connection.ts';
import { askedBefore, deletionOf } from './asked-before.ts';
import { deniedBefore } from './denied-before.ts';
import { unsettledAbout } from './unsettled.ts';

export function newsOf(connection: Connection): number {
  return connection.get<{ news: number }>('SELECT news FROM tree')?.news ?? 0;
}

/** What a call is weighed against, as it is now. */
export function groundsNow(
  connection: Connection,
  asker: Asker,
  call: string,
  { subject, deletion }: Grounds,
): GroundsNow {
  return {
    asked: askedBefore(connection, asker, call),
    unsettled: unsettledAbout(connection, subject),
    denial: deniedBefore(connection, subject),
    deletion: deletion && deletionOf(connection, deletion.of),
  };
}
