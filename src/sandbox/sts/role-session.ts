import type { Caller, Policy } from '../iam/policy.ts';

/** Of an assumed role, by the access key that AssumeRole handed out. */
export interface RoleSession extends Caller {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
  readonly source_identity?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The keys of those tags that a session which is assumed from this one has, too. */
  readonly transitive: readonly string[];
  /** Absent: all that the role may. */
  readonly policy?: Policy;
}
