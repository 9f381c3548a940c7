/** What a change set that was made only to show it says of how things really are. */
export interface LiveComparison {
  readonly status: string;
  readonly status_reason?: string;
  /** It is the one that was asked for, and compares with the actual state. */
  readonly compares: boolean;
  /** All pages. */
  readonly resources: readonly LiveResource[];
}

export interface LiveResource {
  readonly logical_id: string;
  /** `IN_SYNC`, `MODIFIED`, `DELETED`, `UNKNOWN`, `UNSUPPORTED`… */
  readonly drift: string;
  /** What isn't as it was deployed, and would be written over. Values are absent where they are or may be secret. */
  readonly differences: readonly { readonly path: string; readonly actual?: string; readonly template?: string }[];
}
