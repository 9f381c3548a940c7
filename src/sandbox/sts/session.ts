import type { Cloud } from '../cloud.ts';
import { verdictOf, type Wanted } from '../iam/policy.ts';
import { roleOf } from '../iam/roles.ts';
import { ApiFailure } from '../wire/failure.ts';
import type { RoleSession } from './role-session.ts';

/**
 * As AWS does before it looks at a request: a session may do what its role and its own policy both allow. Who calls as
 * no session may everything.
 * @throws ApiFailure ExpiredToken
 * @throws ApiFailure AccessDenied, or EC2's own name of it
 */
export function authorize(
  session: RoleSession | undefined,
  cloud: Cloud,
  service: string,
  wanted: () => readonly Wanted[],
): void {
  if (!session) return;
  if (session.ends <= cloud.time())
    throw new ApiFailure('ExpiredToken', 'The security token included in the request is expired', 403);
  for (const one of wanted()) {
    const because = forbidden(session, cloud, one);
    if (because === undefined) continue;
    throw new ApiFailure(
      service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied',
      `User: ${session.arn} is not authorized to perform: ${one.action} on resource: ${one.resource} ${because}`,
      403,
    );
  }
}

/** @returns why, as AWS says it */
function forbidden(session: RoleSession, cloud: Cloud, wanted: Wanted): string | undefined {
  for (const [kind, verdict] of verdictsOf(session, cloud, wanted)) {
    if (verdict === 'denied') return `with an explicit deny in ${kind === 'session' ? 'a' : 'an'} ${kind} policy`;
    if (verdict === 'not said') return `because no ${kind} policy allows the ${wanted.action} action`;
  }
  return undefined;
}

/** What the session's role says to it, and its own policy, where there is one. */
export function verdictsOf({ principal, policy }: RoleSession, cloud: Cloud, wanted: Wanted) {
  const role = roleOf(cloud, principal);
  const permissions = role === undefined ? [] : role === 'any' ? undefined : role.permissions;
  return [
    ...(permissions ? [['identity-based', verdictOf(permissions, wanted)] as const] : []),
    ...(policy ? [['session', verdictOf([policy], wanted)] as const] : []),
  ];
}

/** What CloudTrail's records say of who called. */
export function identityOf(session: RoleSession | undefined, accessKeyId: string): object {
  if (!session) return { type: 'IAMUser', accessKeyId };
  const { arn, source_identity, tags } = session;
  return {
    type: 'AssumedRole',
    arn,
    accessKeyId,
    sessionContext: {
      ...(source_identity === undefined ? {} : { sourceIdentity: source_identity }),
      sessionTags: tags,
    },
  };
}
