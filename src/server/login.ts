import { operatorFor, standingOf } from '../kernel/bindings.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { bindHint, Identity, nobodysName } from '../kernel/identity.ts';
import { leastTally, NO_APPROVALS, type Requirement, type Tally } from '../kernel/requirement.ts';
import type { ServerContext } from './context.ts';

/**
 * Over stdio the one who started the server says for whom the agent works, and nothing is asked here. A token's person
 * is who an admin signed that they are. What was taken back asks for nothing at all: without its name, the rules and
 * quotas that were about that person would find nobody.
 * @throws operator_unbound
 * @throws conflict where it was said otherwise since this connection was made
 */
export async function demandLogin({
  operator,
  identity,
  enrolled,
}: Pick<ServerContext, 'operator' | 'identity' | 'enrolled'>): Promise<void> {
  if (!identity) return;
  if (!Identity.safeParse(identity).success)
    throw new HoldshortError(
      'operator_unbound',
      'whom you work for can not be told: their login is named by an issuer or subject that is too long, or has other characters than printable ASCII',
      'ask your operator, who asks those who run the issuer; do not try another way',
    );
  const registry = await enrolled();
  const standing = standingOf(registry, identity);
  if (standing.kind === 'taken_back')
    throw unbound(`the login that you work with was bound to ${standing.name}, and was taken back`, identity);
  if (operator !== operatorFor(registry, identity))
    throw new HoldshortError(
      'conflict',
      'for whom you work was said anew in the meantime',
      'nothing was changed; connect again, and make the same call',
    );
}

/**
 * What needs someone else than the operator needs an operator who is known: otherwise the same person could approve
 * under the name that their key has.
 * @param permits policy's answer, with these approvals
 * @throws operator_unbound
 */
export function demandKnown(
  { operator, identity }: Pick<ServerContext, 'operator' | 'identity'>,
  requirement: Requirement | undefined,
  permits: (tally: Tally) => boolean,
): void {
  if (!identity || operator !== nobodysName(identity)) return;
  if (!requirement || (requirement.operator_may_approve && permits(onlyOperators(requirement)))) return;
  throw unbound(
    'this needs somebody other than whom you work for, and the login that you work with is bound to nobody',
    identity,
  );
}

/** Everything that is asked for, none of it by someone else. */
function onlyOperators(requirement: Requirement): Tally {
  return { all: leastTally(requirement).all, without_operator: NO_APPROVALS.without_operator };
}

function unbound(message: string, identity: Identity): HoldshortError {
  return new HoldshortError(
    'operator_unbound',
    message,
    `tell your user: an admin says whose login it is, with ${bindHint(identity)}; then make the same call again`,
  );
}
