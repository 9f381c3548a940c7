import type { Assurance, Requirement } from '../kernel/requirement.ts';

const PROOF: Readonly<Record<Assurance, string>> = {
  client: '',
  key: ' with an enrolled key',
  presence: ' with a passkey or security key',
  hardware: ' with a hardware key',
};

/** A requirement as people read it; undefined is what no approval could permit. */
export function requirementText(requirement: Requirement | undefined): string {
  if (!requirement) return 'refused, whoever approves';
  const { approvals, assurance, operator_may_approve } = requirement;
  if (approvals === 0) return 'runs at once';
  const people = approvals === 1 ? '1 approval' : `${approvals} approvals`;
  return `${people}${PROOF[assurance]}${operator_may_approve ? '' : ", not the operator's"}`;
}
