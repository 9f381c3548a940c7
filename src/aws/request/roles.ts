import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { called } from './call.ts';
import { notAws } from './errors.ts';
import { notLetIn } from './not-let-in.ts';
import type { RoleSession } from './role-session.ts';

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** What STS allows in a session name; it is in CloudTrail beside every request of the session. */
const NOT_IN_SESSION_NAME = /[^\w+=,.@-]/g;

/** So that what is signed now is still valid when it arrives; the SDK's own margin. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * Credentials of a role, the same for all clients that ask, and new ones shortly before they expire: by this process's
 * clock, by which the SDK keeps them and signs.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRole(sts: () => STSClient, session: RoleSession): CredentialSource {
  let current: Promise<SessionCredentials> | undefined;
  let renewAt = 0;
  return async () => {
    if (current && Date.now() < renewAt) return await current;
    renewAt = Number.POSITIVE_INFINITY;
    current = ask(sts(), session);
    try {
      const credentials = await current;
      renewAt = credentials.expiration.getTime() - RENEW_BEFORE_MS;
      return credentials;
    } catch (error) {
      current = undefined;
      throw error;
    }
  };
}

export type CredentialSource = () => Promise<SessionCredentials>;

async function ask(sts: STSClient, session: RoleSession): Promise<SessionCredentials> {
  const { arn, external_id, grant } = session;
  const name = session.name.replace(NOT_IN_SESSION_NAME, '-').slice(0, 64).padEnd(2, '-');
  const command = new AssumeRoleCommand({
    RoleArn: arn,
    RoleSessionName: name,
    ...(external_id === undefined ? {} : { ExternalId: external_id }),
    ...(grant && {
      Policy: grant.policy,
      SourceIdentity: grant.source_identity,
      Tags: Object.entries(grant.tags).map(([Key, Value]) => ({ Key, Value })),
      DurationSeconds: grant.seconds,
    }),
  });
  const answer = await called(sts.send(command), 'AssumeRole').catch(async (error: unknown) => {
    throw (await notLetIn(error, sts, { ...session, name })) ?? error;
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw notAws('AssumeRole', 200, 'an answer without credentials');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
