import type { Desk } from '../desk.ts';
import type { Budget } from '../record/unproven.ts';

/** What the companion is given. It decides for one person, on whose machine and in whose client it runs. */
export interface CompanionContext extends Desk {
  /** `--as NAME` */
  readonly as?: string | undefined;
  readonly osUser: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `holdshort/1.2.3` */
  readonly software: string;
  /** The card's page: one HTML document, read when a client asks for it. */
  readonly card: () => Promise<string>;
  /** Limits what the client sends by itself. */
  readonly unproven?: Budget | undefined;
}
