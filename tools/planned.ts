import type { Lifecycle } from '../src/kernel/lifecycle.ts';
import type { Guard, Impact, Step } from '../src/kernel/plan.ts';
import type { Target } from '../src/kernel/target.ts';
import type { Undo } from '../src/kernel/undo.ts';

/** What a change would do, from AWS as it is now. */
export interface Planned {
  readonly summary: string;
  readonly targets: readonly Target[];
  readonly impact: readonly Impact[];
  /** The requests that it takes, in their order, where it isn't one alone. */
  readonly steps?: readonly Step[];
  /** Its steps take a snapshot of each EBS volume that it deletes, and wait for it, before anything is deleted. */
  readonly snapshot_first?: true;
  /** Where it makes, changes or deletes something as a whole that can be made again under the same name. */
  readonly lifecycle?: Lifecycle;
  /** How it could be taken back from what `keep` keeps; absent: in no way. */
  readonly undo?: Undo;
  /** The role (ARN) that it has of its own, as which AWS does what is left when it has answered. */
  readonly service_role?: string | undefined;
  readonly guard: Guard;
}

/** What identifies one execution: the token that AWS may know it by, and when the intent became durable (ISO 8601). */
export interface Attempt {
  readonly token: string;
  readonly intended_at: string;
  /** The date in its signature (ISO 8601), by the clock of the host that sends it; absent before it is signed. */
  readonly signed_at?: string | undefined;
  /** Which of the plan's steps, from 1; absent where the change is one request. */
  readonly step?: number | undefined;
  /** What the steps before it made, of those that make something: ARNs, in the steps' order. */
  readonly made?: readonly string[] | undefined;
  /** In which it is sent, where it is an execution role's: its access key, and until when it can send (ISO 8601). */
  readonly session?: { readonly access_key: string; readonly ends_at: string } | undefined;
}
