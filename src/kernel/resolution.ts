import { adminProof, groupsBetween, type Registry } from './approvers.ts';
import { isOperator, type Operated, type Operators, operatorsAt } from './bindings.ts';
import { provenSigner, type SignerFault } from './decisions.ts';
import { type Json, sha256, stableJson } from './digest.ts';
import { HoldshortError } from './errors.ts';
import { type Assurance, isWeaker, type Requirement } from './requirement.ts';
import { type Recorded, type Role, readStatement, type StatementOf } from './statement.ts';

/** What was known of a ticket's outcome, as one digest: a word about it counts for nothing about anything else. */
export function evidenceOf(result: Json | undefined): string {
  return sha256(stableJson(result));
}

/** Who asked, and how well policy wanted those proven who let it run. */
interface Asked extends Operated {
  readonly requirement: Requirement;
}

interface About {
  readonly ticket: string;
  readonly digest: string;
  /** Where in the log the ticket was opened. */
  readonly opened: number;
  readonly registry: Registry;
  readonly plan: Asked;
  /** `evidenceOf` what is known of its outcome. */
  readonly seen: string;
  /** `mayArriveUntil` of the request that nobody knows of. */
  readonly arrives_until: string | undefined;
}

/** Why a person's word on an unknown outcome doesn't count. */
export type Unheard =
  | SignerFault
  | 'not_a_resolution'
  | 'other_ticket'
  | 'other_digest'
  | 'other_evidence'
  | NotHeard
  | 'may_still_arrive';

/**
 * Does this word settle the ticket? The attacker is the one who gains when what happened counts as not having happened,
 * or the other way round: whom the agent works for, who holds a chat client's key, or who writes to the database what
 * nobody signed. The danger without one is haste: for a time the request may still arrive.
 */
export function checkResolution(
  signed: Recorded,
  about: About,
): { readonly statement: StatementOf<'resolve'> } | { readonly why: Unheard } {
  const statement = readStatement(signed);
  if (statement?.kind !== 'resolve') return { why: 'not_a_resolution' };
  if (statement.ticket !== about.ticket) return { why: 'other_ticket' };
  if (statement.digest !== about.digest) return { why: 'other_digest' };
  if (statement.seen !== about.seen) return { why: 'other_evidence' };
  const signer = provenSigner(signed, statement, about.registry);
  if ('why' in signer) return signer;
  const groups = groupsBetween(about.registry, statement.by, about.opened, signed.seq);
  const role = about.registry.keys.get(statement.key)?.role ?? 'approver';
  const hearing = hearingAt(about, signed.seq);
  const why = whyNotHeard({ person: statement.by, groups, assurance: signer.proven, role }, hearing);
  if (why) return { why };
  return isTooEarly(statement, about.arrives_until, statement.signed_at) ? { why: 'may_still_arrive' } : { statement };
}

/** What a word on an outcome is weighed against. */
export interface Hearing {
  readonly operators: Operators;
  readonly requirement: Requirement;
  /** The most that a key of any admin was enrolled for. */
  readonly adminProof: Assurance;
}

/** By what was known at that place in the log: what is said of people later changes no word that counted. */
export function hearingAt(
  { registry, plan, opened }: Pick<About, 'registry' | 'plan' | 'opened'>,
  place: number,
): Hearing {
  const keys = new Map([...registry.keys].filter(([, { enrolledSeq }]) => enrolledSeq < place));
  const operators = operatorsAt(registry, plan, opened, place);
  return { operators, requirement: plan.requirement, adminProof: adminProof({ keys }) };
}

type NotHeard = 'operator_unknown' | 'operator_excluded' | 'assurance_too_low';

interface Speaker {
  readonly person: string;
  readonly groups: readonly string[];
  readonly assurance: Assurance;
  /** Of their key. */
  readonly role: Role;
}

/**
 * By the rules of an approval: someone else than whom the agent works for, and as well proven as the plan asked. Where
 * nobody can tell for whom it works, the outcome must be settled all the same, or calls about the same are held for
 * ever. Then an admin's word counts to whom that login was never bound, with a key that proves as much as any admin's:
 * who holds one could as well bind the login to another and say it then.
 */
export function whyNotHeard(who: Speaker, { operators, requirement, adminProof: most }: Hearing): NotHeard | undefined {
  if (isOperator(who, { ...operators, anyone: false })) return 'operator_excluded';
  if (operators.anyone && (who.role !== 'admin' || isWeaker(who.assurance, most))) return 'operator_unknown';
  return isWeaker(who.assurance, resolutionProof(requirement)) ? 'assurance_too_low' : undefined;
}

/** How well a person must be proven whose word it is: never less than by a key of their own. */
export function resolutionProof({ approvals, assurance }: Requirement): Assurance {
  return approvals === 0 || isWeaker(assurance, 'key') ? 'key' : assurance;
}

/**
 * That it didn't happen can be said only of what can't happen any more: what is asked for again otherwise may happen
 * twice.
 * @param until `mayArriveUntil`
 * @param at when it is said
 */
export function isTooEarly(
  { happened }: Pick<StatementOf<'resolve'>, 'happened'>,
  until: string | undefined,
  at: string,
): boolean {
  // Where nobody can tell until when, it is never said.
  return !happened && !(Date.parse(at) >= Date.parse(until ?? ''));
}

/** Why it can't be said yet that it didn't happen. */
export function mayStillArrive(id: string, until: string | undefined): HoldshortError {
  return new HoldshortError(
    'wrong_state',
    `it can't be said yet that ${id} did not happen: AWS may take its request until ${until ?? 'nobody can tell when'}, also from a process that was suspended as it was sent`,
    until === undefined
      ? 'run `holdshort audit verify`: what is known of its request is not whole'
      : `look at AWS again after ${until}, and say it then; that it happened can be said at any time`,
  );
}

/** What a person said became of a ticket, for people, agents and programs. */
export interface Resolution {
  readonly happened: boolean;
  readonly by: string;
  /** ISO 8601 */
  readonly at: string;
  readonly reason: string;
}

/** Of a ticket whose log was checked: whether the signature is good, `checkResolution` says. */
export function resolutionIn(resolution: Recorded | undefined): Resolution | undefined {
  const statement = resolution && readStatement(resolution);
  if (statement?.kind !== 'resolve') return undefined;
  const { happened, by, signed_at: at, reason } = statement;
  return { happened, by, at, reason };
}

/** `noa says that it happened (not known from AWS): REASON` */
export function resolutionText({ by, happened, reason }: Resolution): string {
  return `${by} says that it ${happened ? 'happened' : 'did not happen'} (not known from AWS): ${reason}`;
}

/** The command by which a person says it. */
export function resolveHint(ticket: string): string {
  return `holdshort tickets resolve ${ticket} --as-happened|--as-not-happened --reason TEXT`;
}
