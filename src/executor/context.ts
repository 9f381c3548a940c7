import type { Attempt, ChangeTool } from '../../tools/define.ts';
import type { Aws } from '../aws/index.ts';
import type { Verifying } from '../gate/cleared.ts';
import type { Kit } from '../kernel/kit.ts';
import type { Kept } from '../kernel/undo.ts';
import type { ExecutorStore } from '../store/port.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What was ever begun, kept where anyone who writes to the database can't reach. Each request by its `begunName`. */
export interface Executed {
  has(name: string): boolean;
  /** … with just this intent? The log's newest entries may be made up, or changed. */
  hasAs(name: string, intent: Attempt): boolean;
  /** Durable when it returns. @returns false where another host began it: then it is not to be sent */
  add(name: string, intent: Attempt): boolean;
  /**
   * AWS answered this ticket's request with yes: the one thing that no later look at AWS can tell. Durable when it
   * returns.
   */
  accept(ticket: string): void;
  /** It was not to be seen done in the time that this takes, whatever AWS answered. Durable when it returns. */
  doubt(ticket: string): void;
  /** … with yes, and nothing spoke against it since? */
  wasAccepted(ticket: string): boolean;
  wasDoubted(ticket: string): boolean;
  /** Nothing follows in this ticket any more, although steps are left. Durable when it returns. */
  end(ticket: string): void;
  hasEnded(ticket: string): boolean;
}

/** Where recovery kits are kept. */
export interface Kits {
  /** Seals it and writes it down; durable when it returns. @throws store_unavailable */
  keep(kit: Kit): Promise<Kept>;
  /** It isn't needed: what it was kept for didn't begin. */
  drop(kept: Kept): void;
  /** It is about to be named. @throws store_unavailable where it is gone */
  hold(kept: Kept): void;
  /** The ticket that a kit was made for; undefined where that can't be told. */
  ticketOf(sha256: string): Promise<string | undefined>;
  /** What nobody wrote, or needed, for a day. */
  readonly old: {
    whole(): readonly string[];
    remove(sha256: string): void;
    removeParts(): number;
  };
}

export interface RecheckContext extends Verifying {
  readonly store: ExecutorStore;
  /**
   * The clients of an account, which are for no other: the plan says which, and what is sent or believed is that
   * account's alone.
   * @throws other_account where there are none here
   */
  readonly awsOf: (account: string) => Promise<Aws>;
  /** The change tool of that name with the digest of its input schema, if this version has it. */
  readonly toolOf: (name: string) => { readonly tool: ChangeTool; readonly schema: string } | undefined;
  readonly executed: Executed;
  readonly kits: Kits;
  readonly telemetry: Telemetry;
}
