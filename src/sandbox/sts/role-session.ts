/** What a policy allows or denies; texts may hold `*` and `?`. */
export interface Policy {
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** By the condition's operator, then by its key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> | undefined;
}

/** Of an assumed role, by the access key that AssumeRole handed out. */
export interface RoleSession {
  readonly arn: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
  readonly source_identity?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: all that the role may, which here is everything. */
  readonly policy?: Policy;
}
