/** One request that was answered, as CloudTrail tells of it. */
export interface TrailEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly region: string;
  readonly access_key: string;
  /** The event's own text. */
  readonly text: string;
}
