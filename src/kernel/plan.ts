import { z } from 'zod';
import { AccountName } from './account.ts';
import { Circumstances } from './circumstances.ts';
import { digestOf, type Json, stableJson } from './digest.ts';
import { EFFECTS, effectsOf } from './effects.ts';
import { ENVIRONMENTS } from './environment.ts';
import { HoldshortError } from './errors.ts';
import { GoesOn } from './goes-on.ts';
import { Identity } from './identity.ts';
import { Label } from './label.ts';
import { Lifecycle } from './lifecycle.ts';
import { Rehearsal } from './rehearsal.ts';
import { Requirement } from './requirement.ts';
import { PersonName } from './statement.ts';
import { Target } from './target.ts';
import { TicketId } from './ticket.ts';
import { actionOf } from './tool-name.ts';
import { Restores, Undo } from './undo.ts';

const JsonValue: z.ZodType<Json> = z.json();

/**
 * What a property was and will be. Neither value: it isn't told which; one of them: there is none on that side. Anyone
 * who writes what is deployed, or a tag, chooses names and values, so that they are in fields of their own:
 * within a text, a value could go on as another finding.
 */
export const PropertyDifference = z.strictObject({
  name: z.string().min(1),
  before: z.string().optional(),
  after: z.string().optional(),
  /** AWS replaces the resource because of it, or may. */
  replaces: z.enum(['always', 'maybe']).optional(),
});
export type PropertyDifference = z.infer<typeof PropertyDifference>;

/**
 * One line of what would happen. `detail` says in our own words what is lost or changed; `recoverable` whether it could
 * be put back as it was; `properties` what they are changed to, where AWS tells.
 */
export const Impact = z.strictObject({
  resource: z.string().min(1),
  type: z.string().min(1),
  effect: z.enum(EFFECTS),
  detail: z.string(),
  recoverable: z.boolean(),
  /** How much it is about (everyone, everything), among lines of the same effect. Absent: nothing beyond its effect. */
  weight: z.number().positive().optional(),
  properties: z.array(PropertyDifference).optional(),
  /** How many more there are. */
  properties_left_out: z.int().positive().optional(),
});
export type Impact = z.infer<typeof Impact>;

/** One request of a change that takes several, in the order in which they are sent. */
export const Step = z.strictObject({
  /** The tool that sends this request by itself: policy is asked about it as about that tool. */
  tool: z.string().min(1),
  /** Its IAM action, where it is another than that tool's own. */
  action: z.string().min(1).optional(),
  /** In our own words: what it does, and what things are like if nothing follows it. */
  detail: z.string().min(1),
  leaves: z.string().min(1),
});
export type Step = z.infer<typeof Step>;

/** What a plan rests on in AWS, compared member by member before execution. */
export const Guard = z.record(z.string(), JsonValue);
export type Guard = z.infer<typeof Guard>;

/** Of the form that its tool declares. */
export const Made = z
  .object({
    what: Label,
    id: z.string().min(1),
  })
  .catchall(JsonValue);
export type Made = z.infer<typeof Made>;

/**
 * Everything that matters about a change. Its bytes are stored once, hashed, shown and run; they are never
 * re-serialised. Times are ISO 8601 UTC with milliseconds.
 */
export const PlanRecord = z.strictObject({
  format: z.literal('holdshort/plan/v1'),
  ticket: TicketId,
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  agent: z.string(),
  /** In the form of approvers' names: policy may exclude the operator from approving, whatever the spelling. */
  operator: PersonName,
  /** As whom an issuer knows them; absent for the user of this machine, over stdio. */
  identity: Identity.optional(),
  session: z.string(),
  tool: z.string(),
  /** Digest of the tool's input schema: a later version of the tool doesn't run an earlier version's plan. */
  tool_schema: z.string(),
  /** The call's own arguments; secrets and long texts stand as digests. */
  arguments: z.record(z.string(), JsonValue),
  account: z.string(),
  /** What the configuration called it, where it lists accounts. */
  account_name: AccountName.optional(),
  region: z.string(),
  caller_arn: z.string(),
  environment: z.enum(ENVIRONMENTS),
  summary: z.string(),
  targets: z.array(Target),
  effects: z.array(z.enum(EFFECTS)).min(1),
  impact: z.array(Impact),
  /** Absent: the change is one request. */
  steps: z.array(Step).min(2).max(21).optional(),
  /** Its steps take a snapshot first of each thing that it deletes and snapshots are taken of. Absent: of none. */
  snapshot_first: z.literal(true).optional(),
  /** Absent: nothing is made or deleted that could be made again. */
  lifecycle: Lifecycle.optional(),
  /** Absent: nothing is kept that would bring back what it changes. */
  undo: Undo.optional(),
  /** Of one that brings back what another ticket changed. */
  restores: Restores.optional(),
  /** What came of playing it on a copy, where that was asked for. */
  rehearsal: Rehearsal.optional(),
  /** Absent: AWS is done when it has answered. */
  goes_on: GoesOn.optional(),
  guard: Guard,
  circumstances: Circumstances,
  /** What planning left in AWS and execution uses: `what` it is for people, its id, and what the tool adds to it. */
  made: Made.optional(),
  policy: z.string(),
  requirement: Requirement,
  reason: z.string(),
  software: z.string(),
});
export type PlanRecord = z.infer<typeof PlanRecord>;

/** What of a plan a rehearsal goes by: what it would send, and how it could be taken back. */
export type Rehearsable = Pick<
  PlanRecord,
  | 'ticket'
  | 'tool'
  | 'arguments'
  | 'account'
  | 'region'
  | 'targets'
  | 'impact'
  | 'guard'
  | 'lifecycle'
  | 'undo'
  | 'made'
>;

/** What several requests, with what AWS takes for each, may need. */
const STEPS_MS = 15 * 60_000;

/**
 * Why a plan of several requests may not begin any more: each of them begins before the plan expires, and one that
 * begins at the last minute leaves things half-way.
 * @param now ISO 8601
 */
export function tooLate(
  { steps, created_at, expires_at }: Pick<PlanRecord, 'steps' | 'created_at' | 'expires_at'>,
  now: string,
): string | undefined {
  const [made, ends] = [Date.parse(created_at), Date.parse(expires_at)];
  if (!steps || ends - Date.parse(now) >= Math.min(STEPS_MS, (ends - made) / 2)) return undefined;
  return `its time ends at ${expires_at}, too soon for all ${steps.length} of its requests: it could stop half-way`;
}

/**
 * How many requests of a change aren't begun yet. @param begun of which one the intent is durable, from 1; undefined
 * before the first
 */
export function stepsLeft({ steps }: Pick<PlanRecord, 'steps'>, begun: number | undefined): number {
  return (steps?.length ?? 1) - (begun ?? 0);
}

/** The IAM action of a step's request, which AWS's records have for its name. */
export function actionOfStep({ tool, action }: Pick<Step, 'tool' | 'action'>): string {
  return action ?? actionOf(tool);
}

/**
 * How far a change of several requests has come, for people: `1 of its 3 requests is begun`; undefined where it takes
 * one.
 */
export function begunText({ steps }: Pick<PlanRecord, 'steps'>, begun = 1): string | undefined {
  return steps && `${begun} of its ${steps.length} requests ${begun === 1 ? 'is' : 'are'} begun`;
}

/** The stored form of a plan: its exact text and the digest that decisions sign. */
export interface SealedPlan {
  readonly bytes: string;
  readonly digest: string;
}

export function sealPlan(plan: PlanRecord): SealedPlan {
  const bytes = asciiJson(plan);
  return { bytes, digest: planDigest(bytes) };
}

export function planDigest(bytes: string): string {
  return digestOf('holdshort/plan/v1', bytes);
}

/**
 * Reads a stored plan back. The attacker can write to the database: bytes that don't give the digest, or aren't a plan
 * for this ticket, are refused as `tampered`.
 */
export function readPlan(sealed: SealedPlan, ticket: string): PlanRecord {
  const tampered = (what: string, cause?: unknown) =>
    new HoldshortError(
      'tampered',
      `the stored plan of ${ticket} ${what}`,
      'do not decide or run this ticket; run `holdshort audit verify`, and find out who wrote to the database',
      cause,
    );
  if (planDigest(sealed.bytes) !== sealed.digest) throw tampered('does not match its digest');
  let plan: PlanRecord;
  try {
    plan = PlanRecord.parse(JSON.parse(sealed.bytes));
  } catch (cause) {
    throw tampered('is not a plan', cause);
  }
  if (plan.ticket !== ticket) throw tampered('belongs to another ticket');
  // Policy is asked about the effects, people read the impact.
  if (effectsOf(plan.impact).join() !== plan.effects.join())
    throw tampered('has effects that are not those of its impact');
  return plan;
}

/**
 * Two calls are the same when agent, operator, tool, arguments and guard are: the second gets the first one's pending
 * ticket.
 */
export function callDigest(call: {
  agent: string;
  operator: string;
  tool: string;
  account: string;
  region: string;
  arguments: Json;
  guard: Guard;
  /** Asked for to bring back what another ticket changed: no ticket that wasn't is the same. */
  restores?: { ticket: string; part: number };
}): string {
  return digestOf('holdshort/call/v1', stableJson({ ...call }));
}

/**
 * JSON in printable ASCII: a database shell or a terminal shows it without being moved by what is inside. It parses to
 * the same value.
 */
export function asciiJson(value: unknown): string {
  return inAscii(JSON.stringify(value));
}

/** JSON on one line, in printable ASCII. */
export function inAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
