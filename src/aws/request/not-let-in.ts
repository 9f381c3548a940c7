import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { called } from './call.ts';
import { AwsError, outside } from './errors.ts';
import type { RoleSession } from './role-session.ts';

/** Waiting costs an approved ticket nothing, and asking for it once more would help nobody. */
const GO_ON =
  'an operator sets the roles right as docs/aws-setup.md has them: an approved ticket goes on by itself then, anything else is asked again';

/**
 * Why a role couldn't be assumed, by name: AWS says "AccessDenied" to all of it, which leads nobody to the cause.
 * @param error of AssumeRole
 * @returns undefined for what isn't about the role
 */
export async function notLetIn(error: unknown, sts: STSClient, as: RoleSession): Promise<AwsError | undefined> {
  if (!(error instanceof AwsError)) return undefined;
  const why = await reasonOf(error, sts, as);
  if (why === undefined) return undefined;
  const { code, certainty, awsCode, message } = error;
  return new AwsError(code, `${why}; ${message}`, GO_ON, { certainty, awsCode, cause: error });
}

async function reasonOf(
  { code, awsCode, message }: AwsError,
  sts: STSClient,
  as: RoleSession,
): Promise<string | undefined> {
  const { arn } = as;
  const lacks = (action: string) =>
    `${action} is missing for these credentials, in the trust policy of ${arn} or in their own policy: a ticket's session needs it (docs/aws-setup.md)`;
  if (code === 'aws_denied') {
    const action = /sts:(AssumeRole|SetSourceIdentity|TagSession)\b/.exec(message)?.[1];
    switch (action) {
      case 'SetSourceIdentity': {
        const borne = await sourceIdentity(sts, as);
        return borne === undefined ? lacks('sts:SetSourceIdentity') : alreadyBorne(borne);
      }
      case 'TagSession':
        return lacks('sts:TagSession');
      case 'AssumeRole':
        return `the role doesn't let these credentials in: its trust policy names others, or asks for another ExternalId (${externalId(as)}), or there is no such role, or their own policy doesn't allow sts:AssumeRole: ${arn} (docs/aws-setup.md)`;
      default:
        return undefined;
    }
  }
  if (awsCode === 'ValidationError' && /DurationSeconds|MaxSessionDuration/.test(message))
    return `the role gives no session of ${as.grant?.seconds ?? 3600} seconds: its MaxSessionDuration has to be an hour at least: ${arn} (docs/aws-setup.md)`;
  if (/^PackedPolicyTooLarge/.test(awsCode ?? ''))
    return `what this ticket needs doesn't fit into one session of ${arn}: ask for fewer resources in one call`;
  return undefined;
}

function alreadyBorne(identity: string): string {
  const which = identity === '' ? 'a source identity' : `the source identity "${outside(identity, 64)}"`;
  return `these credentials bear ${which} already, and AWS lets none take another, as a ticket's session has to: start holdshort with credentials that bear none (docs/aws-setup.md)`;
}

/** Which one is sent, in words that don't tell it: none is where things are only read. */
function externalId({ grant, external_id }: RoleSession): string {
  if (external_id !== undefined) return 'aws.external_id is set';
  return grant ? 'aws.external_id is not set' : 'none is sent';
}

/** What is found out by it may do nothing at all. */
const NOTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});

/**
 * Which one the credentials bear that the role is assumed with: AWS tells it of a session that asked for none, and asks
 * for the right to set one only where one is handed on.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * @returns undefined where none is known; '' for one that isn't told
 */
async function sourceIdentity(
  sts: STSClient,
  { arn, name, external_id, grant }: RoleSession,
): Promise<string | undefined> {
  if (!grant) return '';
  const asked = new AssumeRoleCommand({
    RoleArn: arn,
    RoleSessionName: name,
    Policy: NOTHING,
    DurationSeconds: 900,
    ...(external_id === undefined ? {} : { ExternalId: external_id }),
  });
  try {
    return (await called(sts.send(asked), 'AssumeRole')).SourceIdentity;
  } catch (error) {
    return error instanceof AwsError && /sts:SetSourceIdentity/.test(error.message) ? '' : undefined;
  }
}
