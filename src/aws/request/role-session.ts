/** A session of a role: what it is called, and what it may do of what its role may. */
export interface RoleSession {
  readonly arn: string;
  readonly name: string;
  /** What the role's trust may ask for, so that it isn't assumed by mistake for others. */
  readonly external_id?: string | undefined;
  /** Absent: all that the role may, for an hour, renewed. */
  readonly grant?: Grant;
}

/** One ticket's request, and by CloudTrail's records the way back from it to the ticket and its people. */
export interface Grant {
  /** A policy's text, at most 2,048 characters. */
  readonly policy: string;
  /** Stays in each event to which the session leads, whatever roles are assumed from it. */
  readonly source_identity: string;
  readonly tags: Readonly<Record<string, string>>;
  /** From 900. */
  readonly seconds: number;
}
