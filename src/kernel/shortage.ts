import { activeAdmins, adminProof, groupsSince, type Registry } from './approvers.ts';
import { isOperator, type Operated, type Operators, operatorsOf } from './bindings.ts';
import type { Glass } from './break-glass.ts';
import { type CountedApproval, clear } from './decisions.ts';
import { hasLogin, type LoginRule } from './login.ts';
import { ASSURANCES, type Assurance, type Requirement, type Tally } from './requirement.ts';

/** A requirement that all who are enrolled, each with their best key, couldn't meet together. */
export interface Shortage {
  /**
   * `nobody`: nobody was ever enrolled; `revoked`: no key that was enrolled is left; `operator`: all who are left are
   * the operator, or of that team; `unbound`: nobody can tell who the operator is, so that it could be any of them;
   * `login`: approvals must come with a login, and too few have one bound to them; `proof`: there are enough people,
   * but too few with a key that proves so much; `people`: there are too few people; `policy`: it asks for what no
   * number of them gives.
   */
  readonly why: 'nobody' | 'revoked' | 'operator' | 'unbound' | 'proof' | 'login' | 'people' | 'policy';
  /** What can't be met: of what the plan promised and what policy asks today, the one that is too much. */
  readonly asked: Requirement;
  /** Everyone with a key that is good, who of them may approve this at all, and who of those can prove enough. */
  readonly enrolled: readonly string[];
  readonly may: readonly string[];
  readonly able: readonly string[];
  /** Who could but for a login, and at which issuer that would be. */
  readonly without_login: readonly string[];
  readonly issuer: string | undefined;
  /** Who could let it run alone, by breaking the glass. */
  readonly glass: readonly string[];
  /** With what an admin must sign to enroll a key that proves more than that. */
  readonly admin: Assurance;
  /** Is any admin's key left, and one that proves so much? */
  readonly left: 'enough' | 'weaker' | 'none';
}

interface Plan extends Operated {
  readonly requirement: Requirement;
}

interface Policy {
  readonly permits: (tally: Tally, glass: Glass) => boolean;
  /** What it asks today; undefined where it forbids the change, no matter who approves. */
  readonly requirement: () => Requirement | undefined;
  /** The login that approvals must come with, if any. */
  readonly login?: LoginRule | undefined;
}

/**
 * Could the people who are enrolled let this plan run, if all of them approved? The gate itself is asked, with an
 * approval by everyone, so that this says what would come of it. Undefined where they could, and where it isn't for
 * people to permit. It informs: nothing rests on it.
 * @param opened where in the log the ticket was opened: all the teams that someone belonged to since then count
 */
export function shortageOf(registry: Registry, plan: Plan, opened: number, policy: Policy): Shortage | undefined {
  const everybody = bestOf(registry, opened).map((one) => withLogin(one, registry, policy.login));
  const counted = { approvals: everybody, glass: [], denials: [], withdrawn: [], rejected: [], unverified: [] };
  const operators = operatorsOf(registry, plan, opened);
  const asked = { operators, requirement: plan.requirement };
  if (clear(counted, asked, policy.permits).cleared) return undefined;
  const today = policy.requirement();
  if (!today) return undefined;
  const alone = (one: CountedApproval) =>
    clear({ ...counted, approvals: [one], glass: [one] }, asked, policy.permits).cleared;
  const unmet = [plan.requirement, today].map((wanted) => against(wanted, everybody, operators));
  const told = unmet.find(({ why }) => why !== undefined) ?? against(today, everybody, operators);
  const none = registry.keys.size === 0 ? 'nobody' : 'revoked';
  return {
    ...told,
    why: everybody.length === 0 ? none : (told.why ?? 'policy'),
    enrolled: names(everybody),
    glass: names(everybody.filter(alone)),
    issuer: policy.login?.issuer,
    admin: adminProof(registry),
    left: leftOf(registry),
  };
}

function leftOf(registry: Registry): Shortage['left'] {
  const admins = activeAdmins(registry);
  const needed = ASSURANCES.indexOf(adminProof(registry));
  if (admins.length === 0) return 'none';
  return admins.some(({ maxAssurance }) => ASSURANCES.indexOf(maxAssurance) >= needed) ? 'enough' : 'weaker';
}

function against(asked: Requirement, everybody: readonly CountedApproval[], operators: Operators) {
  const proves = ({ assurance }: CountedApproval) =>
    ASSURANCES.indexOf(assurance) >= ASSURANCES.indexOf(asked.assurance);
  const may = everybody.filter((one) => asked.operator_may_approve || !isOperator(one, operators));
  const strong = may.filter(proves);
  const able = strong.filter(({ only_glass }) => !only_glass);
  const why = () => {
    if (able.length >= asked.approvals) return undefined;
    if (may.length === 0) return operators.anyone ? ('unbound' as const) : ('operator' as const);
    if (strong.length >= asked.approvals) return 'login' as const;
    return may.length >= asked.approvals ? ('proof' as const) : ('people' as const);
  };
  return {
    why: why(),
    asked,
    may: names(may),
    able: names(able),
    without_login: names(strong.filter(({ only_glass }) => only_glass)),
  };
}

function names(people: readonly CountedApproval[]): readonly string[] {
  return people.map(({ person }) => person);
}

/** Without a login that is bound to them, they can break the glass and no more. */
function withLogin(one: CountedApproval, registry: Registry, rule: LoginRule | undefined): CountedApproval {
  return rule && !hasLogin(registry, one.person, rule.issuer) ? { ...one, only_glass: true } : one;
}

/** Each person with what the best of their keys that are good now proves. */
function bestOf(registry: Registry, opened: number): readonly CountedApproval[] {
  const best = new Map<string, number>();
  for (const { name, maxAssurance, revokedAt } of registry.keys.values())
    if (!revokedAt) best.set(name, Math.max(best.get(name) ?? 0, ASSURANCES.indexOf(maxAssurance)));
  return [...best].map(([person, level]) => ({
    person,
    assurance: ASSURANCES[level] ?? 'client',
    groups: groupsSince(registry, person, opened),
  }));
}
