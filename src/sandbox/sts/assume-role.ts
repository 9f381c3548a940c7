import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import type { Cloud } from '../cloud.ts';
import type { RequestContext } from '../iam/conditions.ts';
import { type Caller, type Policy, policyOf, trustVerdict, type Wanted } from '../iam/policy.ts';
import { type Role, roleOf } from '../iam/roles.ts';
import { randomSuffix } from '../ids.ts';
import { ApiFailure, required, validationError } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import type { RoleSession } from './role-session.ts';
import { verdictsOf } from './session.ts';

const HOUR_S = 3_600;
const LEAST_S = 900;
/** Of a session name and of a source identity. */
const NAME = /^[\w+=,.@-]{2,64}$/;
const MOST_POLICY = 2_048;
const MOST_TAGS = 50;

/** What is asked for, with what the caller's own session hands on. */
interface Asked {
  readonly role: string;
  readonly sourceIdentity: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitive: readonly string[];
  /** Condition keys that say what the caller is. */
  readonly caller: RequestContext;
}

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @throws ApiFailure AccessDenied for a caller who may not, which is also said of a role that isn't there
 * @throws ApiFailure ValidationError for a session that would last too long
 */
export function assumeRole(input: AssumeRoleRequest, { cloud, accessKeyId: key }: Context): AssumeRoleResponse {
  const session = cloud.sessions.get(key);
  const role = required(input.RoleArn, 'roleArn');
  const name = named(required(input.RoleSessionName, 'roleSessionName'), 'roleSessionName');
  const caller: Caller = session ?? userOf(cloud);
  const asked = askedFor(input, role, session, caller);
  const policy = input.Policy === undefined ? undefined : sessionPolicyOf(input.Policy);
  // A role of an account that isn't played is taken for one of the caller's own.
  const home = cloud.elsewhere(role.split(':')[4] ?? '') ?? cloud;
  const known = roleOf(home, role);
  if (session?.source_identity !== undefined && asked.sourceIdentity !== session.source_identity)
    throw denied(caller, 'sts:SetSourceIdentity', role);
  for (const wanted of wants(asked, input)) {
    if (!mayBe(known, caller, session, { cloud, home }, wanted)) throw denied(caller, wanted.action, role);
  }
  const seconds = secondsOf(input, known, session);
  return opened(home, asked, name, seconds, policy);
}

/** Who calls as no session. */
export function userOf({ accountId }: Cloud): Caller {
  const arn = `arn:aws:iam::${accountId}:user/sandbox`;
  return { arn, principal: arn };
}

function named(text: string, member: string): string {
  if (NAME.test(text)) return text;
  throw validationError(
    `1 validation error detected: Value '${text}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
  );
}

/**
 * A source identity that was set stays: what is assumed from a session has its session's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * Of tags those stay that were set to.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
function askedFor(input: AssumeRoleRequest, role: string, session: RoleSession | undefined, caller: Caller): Asked {
  const { SourceIdentity, Tags = [], TransitiveTagKeys = [] } = input;
  const handedOn = (session?.transitive ?? []).map((key) => [key, session?.tags[key] ?? ''] as const);
  const own = Tags.map(({ Key = '', Value = '' }) => [Key, Value] as const);
  if (own.length > MOST_TAGS || own.some(([key, value]) => key.length > 128 || value.length > 256))
    throw validationError('Session tags are at most 50, with keys of 128 characters and values of 256');
  if (own.some(([key]) => handedOn.some(([other]) => other.toLowerCase() === key.toLowerCase())))
    throw new ApiFailure('InvalidParameterValue', 'One of the specified transitive tag keys can not be set anew');
  return {
    role,
    sourceIdentity: SourceIdentity === undefined ? session?.source_identity : named(SourceIdentity, 'sourceIdentity'),
    tags: Object.fromEntries([...handedOn, ...own]),
    transitive: [...handedOn.map(([key]) => key), ...TransitiveTagKeys],
    caller: {
      'aws:PrincipalArn': caller.principal,
      'aws:PrincipalAccount': caller.principal.split(':')[4],
      'aws:SourceIdentity': session?.source_identity,
    },
  };
}

/**
 * The actions that the caller must be allowed, each with the condition keys that AWS lists for it: a condition on
 * `sts:ExternalId` holds for none but `sts:AssumeRole`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
function wants({ role, sourceIdentity, tags, transitive, caller }: Asked, input: AssumeRoleRequest): Wanted[] {
  const identity = { 'sts:SourceIdentity': sourceIdentity };
  const tagging: RequestContext = {
    'aws:TagKeys': Object.keys(tags).length > 0 ? Object.keys(tags) : undefined,
    'sts:TransitiveTagKeys': transitive.length > 0 ? transitive : undefined,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
  const assuming = { 'sts:ExternalId': input.ExternalId, 'sts:RoleSessionName': input.RoleSessionName };
  const wanted = (action: string, context: RequestContext) => ({
    action: `sts:${action}`,
    resource: role,
    context: { ...caller, ...context },
  });
  return [
    wanted('AssumeRole', { ...assuming, ...identity, ...tagging }),
    ...(sourceIdentity === undefined ? [] : [wanted('SetSourceIdentity', identity)]),
    ...(Object.keys(tags).length === 0 ? [] : [wanted('TagSession', tagging)]),
  ];
}

/**
 * The role's trust has to allow it; the caller's own policies too where the trust names its account alone, and where a
 * session hands on or sets a source identity, or where the role is another account's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
function mayBe(
  role: Role | 'any' | undefined,
  caller: Caller,
  session: RoleSession | undefined,
  { cloud, home }: { readonly cloud: Cloud; readonly home: Cloud },
  wanted: Wanted,
): boolean {
  const own = session ? verdictsOf(session, cloud, wanted) : [];
  if (role === 'any') return own.every(([, verdict]) => verdict === 'allowed');
  const trusted = role ? trustVerdict(role.trust, caller, wanted) : 'not said';
  if (trusted === 'not said' || trusted === 'denied') return false;
  const byBoth = home !== cloud || trusted === 'allowed by account' || wanted.action === 'sts:SetSourceIdentity';
  return own.every(
    ([kind, verdict]) => verdict === 'allowed' || (kind === 'identity-based' && !byBoth && verdict === 'not said'),
  );
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html */
function secondsOf(
  { DurationSeconds = HOUR_S }: AssumeRoleRequest,
  role: Role | 'any' | undefined,
  session: RoleSession | undefined,
): number {
  if (DurationSeconds < LEAST_S || DurationSeconds > 12 * HOUR_S)
    throw validationError(
      `1 validation error detected: Value '${DurationSeconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between ${LEAST_S} and ${12 * HOUR_S}`,
    );
  if (session && DurationSeconds > HOUR_S)
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  if (typeof role === 'object' && DurationSeconds > role.mostSeconds)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return DurationSeconds;
}

/** @throws ApiFailure MalformedPolicyDocument, PackedPolicyTooLarge */
function sessionPolicyOf(text: string): Policy {
  if (text.length > MOST_POLICY)
    throw new ApiFailure('PackedPolicyTooLarge', 'Serialized token too large for session', 400);
  try {
    return policyOf(JSON.parse(text));
  } catch (error) {
    if (error instanceof ApiFailure) throw error;
    throw new ApiFailure('MalformedPolicyDocument', 'The policy is not in the valid JSON format.');
  }
}

function opened(
  cloud: Cloud,
  { role, sourceIdentity, tags, transitive }: Asked,
  name: string,
  seconds: number,
  policy: Policy | undefined,
): AssumeRoleResponse {
  const arn = `arn:aws:sts::${cloud.accountId}:assumed-role/${role.split('/').pop()}/${name}`;
  const accessKeyId = `ASIA${randomSuffix(16)}`;
  const id = `AROA${randomSuffix(17)}:${name}`;
  const ends = cloud.time() + seconds * 1000;
  const identity = sourceIdentity === undefined ? {} : { source_identity: sourceIdentity };
  cloud.sessions.set(accessKeyId, {
    arn,
    principal: role,
    id,
    ends,
    tags,
    transitive,
    ...identity,
    ...(policy && { policy }),
  });
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: randomSuffix(40),
      SessionToken: randomSuffix(64),
      Expiration: new Date(ends),
    },
    AssumedRoleUser: { Arn: arn, AssumedRoleId: id },
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
}

/** AWS doesn't say which of the two sides, nor which condition. */
function denied({ arn }: Caller, action: string, role: string): ApiFailure {
  return new ApiFailure(
    'AccessDenied',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${role}`,
    403,
  );
}
