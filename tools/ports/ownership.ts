/** An existing thing by what a template, a call or AWS calls it. */
export interface NamedThing {
  /** ARN, id or name. */
  readonly name: string;
  /** Its CloudFormation type, where that is known: without one a bare name could be anything's. */
  readonly type?: string | undefined;
}

/** Whose a thing is, by one of AWS's records. */
export interface Owner {
  readonly found_by: 'its own tag' | 'the stack that has it' | 'its tags';
  /** The outermost stack that it is in. */
  readonly stack?: { readonly id: string; readonly name: string };
  /** Its own tags, or those of the stack; without AWS's own. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What was found out about one named thing. */
export interface FoundThing {
  /** ARN where one is known, otherwise what it was called. */
  readonly id: string;
  readonly name: string;
  readonly type: string | undefined;
  /** Where it is, if that isn't here; `unknown` where that can't be told. */
  readonly account?: string;
  readonly region?: string;
  /** Records may differ: all of them count. Empty: nobody can tell whose it is. */
  readonly owners: readonly Owner[];
  /** Why nobody can tell. */
  readonly unknown_because?: string;
}

/** Finds the owners of existing things, for a plan. */
export interface Ownership {
  /**
   * In the order of `things`. Asks AWS at most `most` times, each name once; what is over that, or refused, or fails,
   * is a thing without owners, never an error.
   * @param mine names of things whose stack is known: only their own tags are asked for
   * @param most requests; absent, the 50 of one plan
   */
  find(things: readonly NamedThing[], mine?: readonly NamedThing[], most?: number): Promise<Found>;
}

export interface Found {
  readonly things: readonly FoundThing[];
  /** Their own tags, in the order of `mine`; empty where AWS tells of none, undefined where they can't be read. */
  readonly mine: readonly (Readonly<Record<string, string>> | undefined)[];
}
