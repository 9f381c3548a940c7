import { ApiFailure } from '../wire/failure.ts';
import { allows } from './policy.ts';
import type { RoleSession } from './role-session.ts';
import type { Wanted } from './wanted.ts';

/**
 * As AWS does before it looks at a request. Roles have no permissions of their own here: what a session policy leaves
 * out is what is refused.
 * @throws ApiFailure ExpiredToken
 * @throws ApiFailure AccessDenied, or EC2's own name of it
 */
export function authorize(
  session: RoleSession | undefined,
  now: number,
  service: string,
  wanted: () => readonly Wanted[],
): void {
  if (!session) return;
  if (session.ends <= now)
    throw new ApiFailure('ExpiredToken', 'The security token included in the request is expired', 403);
  const { policy } = session;
  if (!policy) return;
  const refused = wanted().find((one) => !allows(policy, one));
  if (!refused) return;
  throw new ApiFailure(
    service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied',
    `User: ${session.arn} is not authorized to perform: ${refused.action} on resource: ${refused.resource} because no session policy allows the ${refused.action} action`,
    403,
  );
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
