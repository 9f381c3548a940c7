import { groupsSince, isActiveAt, type Registry } from './approvers.ts';
import { isOperator, type Operators } from './bindings.ts';
import { type Glass, glassOf, isGlassInOrder, NO_GLASS } from './break-glass.ts';
import { type LoginFault, type Logins, whyNoLogin } from './login.ts';
import {
  type Approval,
  ASSURANCES,
  type Assurance,
  isMet,
  type Requirement,
  type Tally,
  tally,
  weakerOf,
} from './requirement.ts';
import {
  appended,
  claimedBy,
  type Recorded,
  type RecordedDecision,
  readStatement,
  type SignedDecision,
  type Statement,
  type StatementOf,
} from './statement.ts';

/** Why a decision doesn't count. */
export type Rejection =
  | 'not_a_decision'
  | 'other_ticket'
  | 'other_digest'
  | SignerFault
  | 'assurance_too_high'
  | 'expired'
  | 'glass_out_of_order'
  | LoginFault
  | 'repeated';

/** An approval that counts, with the teams of the one who gave it. */
export interface CountedApproval extends Approval {
  readonly groups: readonly string[];
  /** It came without the login that is asked for: it breaks the glass, and is nobody's plain approval. */
  readonly only_glass?: true;
}

export interface Counted {
  readonly approvals: readonly CountedApproval[];
  /** Those of them who break the glass, at the assurance with which they do. */
  readonly glass: readonly Approval[];
  readonly denials: readonly StatementOf<'decision'>[];
  /** Those who took their approval back and didn't approve again. */
  readonly withdrawn: readonly string[];
  readonly rejected: readonly { readonly signed: RecordedDecision; readonly why: Rejection }[];
  /** Whose approvals would count if their logins could be verified now. */
  readonly unverified: readonly string[];
}

interface About {
  readonly ticket: string;
  readonly digest: string;
  /** Where in the log the ticket was opened. */
  readonly opened: number;
  readonly registry: Registry;
  /** ISO 8601 */
  readonly now: string;
  /** The logins that approvals must come with; undefined where the configuration asks for none. */
  readonly logins: Logins | undefined;
}

/**
 * Which decisions count: signed by a key that was good where they are in the log, about exactly this ticket and digest,
 * not a replay of one that is already there. Order is the log's. What stops (a denial, a withdrawal) then counts
 * whatever follows: neither time nor the key's revocation undoes it. What lets run (an approval) must also be
 * unexpired, not withdrawn, by a key that is still good, and come with its signer's login where that is asked for.
 * Breaking the glass needs none: the issuer may be what is down.
 */
export function countDecisions(decisions: readonly RecordedDecision[], about: About): Counted {
  const approvals = new Map<string, Approval>();
  const glass = new Map<string, Approval>();
  const withdrawn = new Set<string>();
  const unverified = new Set<string>();
  const denials: StatementOf<'decision'>[] = [];
  const rejected: { signed: RecordedDecision; why: Rejection }[] = [];
  const seen = new Set<string>();
  for (const signed of decisions) {
    const proven = provenDecision(signed, about);
    if ('why' in proven) {
      rejected.push({ signed, why: proven.why });
      continue;
    }
    const { statement } = proven;
    const why = seen.has(statement.nonce) ? 'repeated' : whyNotNow(signed, statement, about);
    // It is noted even where it doesn't count: the attacker may bring it again after it was taken back.
    seen.add(statement.nonce);
    if (why === 'login_unverified') unverified.add(statement.by);
    if (why) {
      rejected.push({ signed, why });
      continue;
    }
    const { by, assurance, decision } = statement;
    if (decision === 'deny') denials.push(statement);
    if (decision === 'withdraw') {
      const given = [approvals.delete(by), glass.delete(by), unverified.delete(by)];
      if (given.includes(true)) withdrawn.add(by);
    }
    if (decision === 'approve') {
      withdrawn.delete(by);
      const approval = { person: by, assurance };
      // Breaking the glass without a login leaves a plain approval waiting for its issuer.
      if (!whyNoLogin(signed, statement, about)) {
        approvals.set(by, stronger(approvals.get(by), approval));
        unverified.delete(by);
      }
      if (statement.break_glass) glass.set(by, stronger(glass.get(by), approval));
    }
  }
  const groups = ({ person }: Approval) => groupsSince(about.registry, person, about.opened);
  const plain = [...approvals.values()].map((one) => ({ ...one, groups: groups(one) }));
  const alone = [...glass.values()].filter(({ person }) => !approvals.has(person));
  return {
    approvals: [...plain, ...alone.map((one) => ({ ...one, groups: groups(one), only_glass: true as const }))],
    glass: [...glass.values()],
    denials,
    withdrawn: [...withdrawn],
    rejected,
    unverified: [...unverified],
  };
}

/** What was decided but isn't in the log yet: it will be after everything that is. @param at the store's time */
export function appendedDecision({ statement, signature, login }: SignedDecision, at: string): RecordedDecision {
  return { ...appended({ statement, signature }), login, at };
}

/** One decision on its own: the statement if it may count, otherwise why not. */
export function checkDecision(
  signed: RecordedDecision,
  about: Omit<About, 'opened'>,
): { readonly statement: StatementOf<'decision'> } | { readonly why: Rejection } {
  const proven = provenDecision(signed, about);
  if ('why' in proven) return proven;
  const why = whyNotNow(signed, proven.statement, about);
  return why ? { why } : { statement: proven.statement };
}

/** Why a decision that was good when it was recorded doesn't count now. What stops goes on counting. */
function whyNotNow(
  signed: RecordedDecision,
  statement: StatementOf<'decision'>,
  about: Pick<About, 'registry' | 'now' | 'logins'>,
): Rejection | undefined {
  const { registry, now } = about;
  if (statement.decision !== 'approve') return undefined;
  const key = registry.keys.get(statement.key);
  if (!key || key.revokedAt) return 'revoked_key';
  if (claims(statement.assurance, key.maxAssurance)) return 'assurance_too_high';
  if (statement.break_glass && !isGlassInOrder(statement, now)) return 'glass_out_of_order';
  if (Date.parse(now) >= Date.parse(statement.expires_at)) return 'expired';
  return statement.break_glass ? undefined : whyNoLogin(signed, statement, about);
}

/**
 * Checks that a key which was good at that place in the log signed this decision about this plan. Whether the decision
 * still counts is another question.
 */
export function provenDecision(
  signed: Recorded,
  about: Omit<About, 'now' | 'opened' | 'logins'>,
): { readonly statement: StatementOf<'decision'> } | { readonly why: Rejection } {
  const statement = readStatement(signed);
  if (statement?.kind !== 'decision') return { why: 'not_a_decision' };
  if (statement.ticket !== about.ticket) return { why: 'other_ticket' };
  if (statement.digest !== about.digest) return { why: 'other_digest' };
  const signer = provenSigner(signed, statement, about.registry);
  if ('why' in signer) return signer;
  // That the key's maker is no longer believed takes an approval away (`whyNotNow`), and undoes nothing that stops.
  return claims(statement.assurance, signer.proven) ? { why: 'assurance_too_high' } : { statement };
}

/** Why a statement isn't by the person that it names. */
export type SignerFault = 'unknown_key' | 'revoked_key' | 'wrong_person' | 'bad_signature';

/**
 * How well a statement about a ticket proves the person that it names, by a key that was good at that place in the log;
 * weighed by what the key was enrolled for.
 */
export function provenSigner(
  signed: Recorded,
  statement: Statement,
  registry: Registry,
): { readonly proven: Assurance } | { readonly why: SignerFault } {
  const key = registry.keys.get(statement.key);
  if (!key || signed.seq <= key.enrolledSeq) return { why: 'unknown_key' };
  if (!isActiveAt(key, signed.seq)) return { why: 'revoked_key' };
  // Identity comes from the enrolled key; a statement that claims another name was made to be misread.
  if (key.name !== statement.by) return { why: 'wrong_person' };
  const proven = claimedBy(signed, key.publicKey);
  return proven === undefined ? { why: 'bad_signature' } : { proven: weakerOf(proven, key.enrolledFor) };
}

function claims(assurance: Assurance, more: Assurance): boolean {
  return ASSURANCES.indexOf(assurance) > ASSURANCES.indexOf(more);
}

function stronger(a: Approval | undefined, b: Approval): Approval {
  return a && ASSURANCES.indexOf(a.assurance) > ASSURANCES.indexOf(b.assurance) ? a : b;
}

/** How many distinct people approved; where the operator is a team, nobody of that team counts as someone else. */
function tallyOf(approvals: readonly CountedApproval[], operators: Operators): Tally {
  const plain = approvals.filter(({ only_glass }) => !only_glass);
  const others = plain.filter((approval) => !isOperator(approval, operators));
  return { all: tally(plain, '').all, without_operator: tally(others, '').all };
}

/** Whether a change may run, as far as people and policy are concerned. */
export type Clearance =
  | {
      readonly cleared: true;
      /** Who broke the glass, where it took that. */
      readonly broken_by: readonly string[];
      readonly counted: Counted;
      readonly tally: Tally;
    }
  | {
      readonly cleared: false;
      readonly why: 'denied' | 'policy' | 'requirement';
      readonly counted: Counted;
      readonly tally: Tally;
    };

/**
 * The one gate in front of every effect. Cleared only when nobody's denial counts, policy as it is now permits with
 * what really counts, and what the plan itself promised its readers is met too: the stricter of then and now. Where
 * that isn't enough and someone broke the glass, policy is asked once more with their names; its yes then stands in for
 * the promise and for the approvals of others.
 * @param permits policy's answer, today
 */
export function clear(
  counted: Counted,
  plan: { readonly operators: Operators; readonly requirement: Requirement },
  permits: (tally: Tally, glass: Glass) => boolean,
): Clearance {
  const total = tallyOf(counted.approvals, plan.operators);
  const result = { counted, tally: total };
  if (counted.denials.length > 0) return { cleared: false, why: 'denied', ...result };
  const met = isMet(plan.requirement, total);
  if (met && permits(total, NO_GLASS)) return { cleared: true, broken_by: [], ...result };
  if (counted.glass.length > 0 && permits(total, glassOf(counted.glass)))
    return { cleared: true, broken_by: counted.glass.map(({ person }) => person), ...result };
  return { cleared: false, why: met ? 'policy' : 'requirement', ...result };
}
