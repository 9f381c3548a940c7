import { z } from 'zod';

/** How strongly a decision proves a person, weakest first. */
export const ASSURANCES = ['client', 'key', 'presence', 'hardware'] as const;

export type Assurance = (typeof ASSURANCES)[number];

/** The stronger, the higher. */
export function levelOf(assurance: Assurance): number {
  return ASSURANCES.indexOf(assurance);
}

export function isWeaker(a: Assurance, b: Assurance): boolean {
  return levelOf(a) < levelOf(b);
}

export function weakerOf(a: Assurance, b: Assurance): Assurance {
  return isWeaker(a, b) ? a : b;
}

/**
 * What policy asks for, in the form that people see. `approvals: 0` means that policy permits without asking anyone.
 */
export const Requirement = z.strictObject({
  approvals: z.int().min(0).max(9),
  assurance: z.enum(ASSURANCES),
  operator_may_approve: z.boolean(),
});

export type Requirement = z.infer<typeof Requirement>;

/** How many distinct people approved at each assurance *or above*. */
export type ApprovalCounts = Readonly<Record<Assurance, number>>;

export interface Tally {
  /** Everyone who approved. */
  readonly all: ApprovalCounts;
  /** The same without the person or team that the agent works for. */
  readonly without_operator: ApprovalCounts;
}

/** One person's approval that counts. */
export interface Approval {
  readonly person: string;
  readonly assurance: Assurance;
}

export const NO_APPROVALS: Tally = tally([], '');

/** Counts distinct people; someone who approved twice counts once, at the stronger assurance. */
export function tally(approvals: readonly Approval[], operator: string): Tally {
  const strongest = new Map<string, number>();
  for (const { person, assurance } of approvals) {
    strongest.set(person, Math.max(strongest.get(person) ?? -1, ASSURANCES.indexOf(assurance)));
  }
  return {
    all: countAtLeast([...strongest.values()]),
    without_operator: countAtLeast([...strongest].flatMap(([person, level]) => (person === operator ? [] : [level]))),
  };
}

function countAtLeast(levels: readonly number[]): ApprovalCounts {
  const count = (assurance: Assurance) => levels.filter((level) => level >= ASSURANCES.indexOf(assurance)).length;
  return { client: count('client'), key: count('key'), presence: count('presence'), hardware: count('hardware') };
}

/**
 * The poorest tally that a requirement still accepts; policy is asked about exactly this when the least requirement is
 * looked for.
 */
export function leastTally({ approvals, assurance, operator_may_approve }: Requirement): Tally {
  const counts = (people: number): ApprovalCounts => {
    const level = ASSURANCES.indexOf(assurance);
    const at = (other: Assurance) => (ASSURANCES.indexOf(other) <= level ? people : 0);
    return { client: at('client'), key: at('key'), presence: at('presence'), hardware: at('hardware') };
  };
  return {
    all: counts(approvals),
    without_operator: counts(operator_may_approve ? Math.max(0, approvals - 1) : approvals),
  };
}

/** Does what was counted meet what was asked? */
export function isMet(requirement: Requirement, counted: Tally): boolean {
  const counts = requirement.operator_may_approve ? counted.all : counted.without_operator;
  return counts[requirement.assurance] >= requirement.approvals;
}

/**
 * Every requirement that policy may turn out to ask for, least first: fewer people, then weaker proof, then the
 * operator allowed.
 */
export const REQUIREMENTS: readonly Requirement[] = [
  { approvals: 0, assurance: 'client', operator_may_approve: true },
  ...[1, 2, 3].flatMap((approvals) =>
    ASSURANCES.flatMap((assurance) =>
      [true, false].map((operator_may_approve) => ({ approvals, assurance, operator_may_approve })),
    ),
  ),
];
