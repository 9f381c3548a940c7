import type { PlanRecord } from '../../src/kernel/plan.ts';

/**
 * A statement of an IAM policy that allows something. The names of actions, resources and conditions are those of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By the condition's operator, then by its key. */
  readonly when?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What the session in which a request is sent may do. */
export interface Permits {
  readonly permissions: readonly Permission[];
  /**
   * AWS goes on with the caller's session when it has answered: the session lasts as long as it may, not only for the
   * request.
   */
  readonly goes_on?: true;
}

/** The least that AWS gives a session, for a request that is answered and over. */
const REQUEST_S = 900;
/** The most that it gives one that was assumed from another role's: what goes on with the session ends by then. */
const GOES_ON_S = 3_600;

/** How long the session of a request is asked to last. */
export function sessionSeconds({ goes_on }: Permits): number {
  return goes_on ? GOES_ON_S : REQUEST_S;
}

/** Where a plan is carried out, as ARNs need it. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** The caller's, for the partition. */
  readonly arn: string;
}

export function placeOf({
  caller_arn: arn,
  account,
  region,
}: Pick<PlanRecord, 'caller_arn' | 'account' | 'region'>): Place {
  return { arn, account, region };
}

export function partitionOf({ arn }: Place): string {
  return arn.split(':')[1] ?? 'aws';
}
