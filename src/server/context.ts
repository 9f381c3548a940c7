import type { Logger } from 'pino';
import type { Tool } from '../../tools/define.ts';
import type { Accounts } from '../aws/accounts.ts';
import type { Aws } from '../aws/index.ts';
import type { AccountRef } from '../kernel/account.ts';
import type { Registry } from '../kernel/approvers.ts';
import type { Environment } from '../kernel/environment.ts';
import type { Identity } from '../kernel/identity.ts';
import type { Kit } from '../kernel/kit.ts';
import type { Rehearsable } from '../kernel/plan.ts';
import type { Rehearsal } from '../kernel/rehearsal.ts';
import type { Rules } from '../kernel/rules.ts';
import type { Kept } from '../kernel/undo.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { AgentStore } from '../store/port.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

export interface ServerRules extends Rules {
  /** How long a ticket waits for a decision, in milliseconds. */
  readonly expireAfterMs: (environment: Environment) => number;
  /** Code of the account that may run while a change is being planned, by name. */
  readonly macros: readonly string[];
  /** May plans be compared with how things really are, which takes requests and time? Absent: yes. */
  readonly compareLive?: boolean;
}

/** Opens recovery kits. */
export interface KitReading {
  /**
   * @throws not_found where it is gone
   * @throws tampered where it isn't the one that the log names
   */
  open(ticket: string, kept: Kept): Promise<Kit>;
}

/** What a call works with, once it is known which account it is about: `placed`. */
export interface PlacedContext extends ServerContext {
  /** The clients of that account, which are for no other. */
  readonly aws: Pick<Aws, 'caller' | 'readers' | 'planners' | 'defaultRegion' | 'perRequest'>;
  /** Absent where the configuration lists none. */
  readonly account?: AccountRef | undefined;
}

/** What the agent's server works with; `src/cli.ts` wires it. There is no writer and no verb that decides in here. */
export interface ServerContext {
  readonly agent: string;
  /** The person or team that it works for; of an identity, what `operatorFor` says. The store is that one's. */
  readonly operator: string;
  /**
   * As whom an issuer knows the person that the agent works for, from a token that was verified. Absent: this machine's
   * own user, over stdio.
   */
  readonly identity?: Identity | undefined;
  /** This process's name in the log. */
  readonly session: string;
  /** `holdshort/VERSION` */
  readonly software: string;
  /** Every tool that may be called; `tools/list` shows them all, because many clients call nothing that isn't there. */
  readonly tools: readonly Tool[];
  readonly store: AgentStore;
  /** Those that the agent may ask about. */
  readonly accounts: Accounts;
  readonly policy: () => Promise<PolicyEngine>;
  /** The configuration as it is now. @throws config_invalid */
  readonly rules: () => Promise<ServerRules>;
  /** What was kept of what tickets changed. */
  readonly kits: KitReading;
  /**
   * Plays a plan, and its way back, on a copy of what it changes, in a cloud of its own. What keeps it from that is in
   * what it returns.
   */
  readonly rehearse: (plan: Rehearsable) => Promise<Rehearsal>;
  /** Keyed digest that stands for a secret in stored bytes. */
  readonly hideSecret: (secret: string) => string;
  /** Who may decide, as the signed statements say. */
  readonly enrolled: () => Promise<Registry>;
  /** How this program was started, for the commands that people are told to run. */
  readonly command: string;
  /** A ticket's address on the approval page, where one is configured. */
  readonly reviewUrl?: ((ticket: string) => string) | undefined;
  readonly newTicketBytes: () => Uint8Array;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly telemetry: Telemetry;
}
