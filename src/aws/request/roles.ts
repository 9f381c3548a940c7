import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from './call.ts';
import { notAws } from './errors.ts';

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

/** A session of a role: what it is called, and what it may do of what its role may. */
export interface RoleSession {
  readonly arn: string;
  readonly name: string;
  /** What the role's trust may ask for, so that it isn't assumed by mistake for others. */
  readonly external_id?: string | undefined;
  /** Absent: all that the role may, for an hour, renewed. */
  readonly grant?: Grant;
}

/** One ticket's request, and by CloudTrail's records the way back from it to the ticket and its people. */
export interface Grant {
  /** A policy's text, at most 2,048 characters. */
  readonly policy: string;
  /** Stays in each event to which the session leads, whatever roles are assumed from it. */
  readonly source_identity: string;
  readonly tags: Readonly<Record<string, string>>;
  /** From 900. */
  readonly seconds: number;
}

/**
 * Credentials of a role, the same for all clients that ask, and new ones shortly before they expire.
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

async function ask(sts: STSClient, { arn, name, external_id, grant }: RoleSession): Promise<SessionCredentials> {
  const command = new AssumeRoleCommand({
    RoleArn: arn,
    RoleSessionName: name.replace(NOT_IN_SESSION_NAME, '-').slice(0, 64).padEnd(2, '-'),
    ...(external_id === undefined ? {} : { ExternalId: external_id }),
    ...(grant && {
      Policy: grant.policy,
      SourceIdentity: grant.source_identity,
      Tags: Object.entries(grant.tags).map(([Key, Value]) => ({ Key, Value })),
      DurationSeconds: grant.seconds,
    }),
  });
  const answer = await called(sts.send(command), 'AssumeRole').catch((error: unknown) => {
    throw (grant && notForTickets(error)) ?? error;
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

/** A role that may be assumed, but not for a ticket: what AWS says of it leads nobody to the cause. */
function notForTickets(error: unknown): HoldshortError | undefined {
  if (!(error instanceof HoldshortError) || error.code !== 'aws_denied') return undefined;
  if (!/SetSourceIdentity|TagSession/.test(error.message)) return undefined;
  return new HoldshortError(
    'aws_denied',
    error.message,
    "let the execution role's trust policy allow sts:SetSourceIdentity and sts:TagSession beside sts:AssumeRole (docs/aws-setup.md); credentials that bear a source identity already can't take a ticket's: start holdshort with others",
    error,
  );
}
