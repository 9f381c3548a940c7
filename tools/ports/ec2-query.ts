/** EC2's own name for what is looked at, and the values of which one must be there. */
export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** A page of what all filters let through. */
export interface Query {
  readonly filters: readonly Filter[];
  /** Absent: the first. */
  readonly cursor?: string | undefined;
  /** At most so many; EC2 gives at least 5. */
  readonly limit: number;
}
