import type { HoldshortError } from '../../src/kernel/errors.ts';
import type { Desk, Enrolled } from '../desk.ts';
import type { Signer } from '../keys/keys.ts';
import type { Budget } from '../record/unproven.ts';

/** What the companion is given. It decides for one person, in whose client it runs. */
export interface CompanionContext extends Desk {
  /** `--as NAME` */
  readonly as?: string | undefined;
  readonly osUser: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What signs this person's answers, worth `client`. @throws not_enrolled */
  readonly signer: (enrolled: Enrolled, person: string) => Promise<Signer>;
  /** Said of someone for whom nothing signs. */
  readonly unsigned: (person: string) => string;
  /** `holdshort/1.2.3` */
  readonly software: string;
  /** The card's page: one HTML document, read when a client asks for it. */
  readonly card: () => Promise<string>;
  /** Why nothing is shown or asked here, where that is so. */
  readonly refused?: HoldshortError | undefined;
  /** Limits what the client sends by itself. */
  readonly unproven?: Budget | undefined;
}
