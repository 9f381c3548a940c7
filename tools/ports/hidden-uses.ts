/**
 * Digests of what members have, with all that decides what they come to; `null` where something that isn't known does.
 */
export type Beside = null | string | { readonly [member: string]: Beside };

/** A place of a template that takes a hidden value. */
export interface HiddenUse {
  /** `Resources/Function`, `Outputs/Url`: what gets it. */
  readonly at: string;
  /** Of a resource. */
  readonly type?: string;
  /** Where in it, with the names of items: `Properties.Environment.PASSWORD.Value`. */
  readonly place: string;
  /** The same with `*` for each item of a list. */
  readonly path: string;
  /** All that the value comes from and through, each told apart from others. */
  readonly sources: readonly string[];
  /** What it is a value of, in words: `parameter DbPassword`. */
  readonly of: readonly string[];
  /** Of a property, what the resource's properties have. */
  readonly beside?: Beside;
  /** It stands in an address: a digest of that, with all that decides what it comes to. */
  readonly address?: string;
  /** Some of it is what a nested stack has as an output. */
  readonly handed_out?: true;
  /** Nobody can tell whether the condition holds under which it is there. */
  readonly maybe?: true;
}

export interface HiddenUses {
  /** Where a template puts hidden values; empty where nobody gave what its values are worked out with. */
  readonly hidden_uses: readonly HiddenUse[];
  /** Intrinsic functions that aren't known here, and what has them: `Resources/Topic`. */
  readonly unknown_functions: readonly { readonly at: string; readonly name: string }[];
}
