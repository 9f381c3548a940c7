import type { Cloud } from '../cloud.ts';
import type { StackResource } from '../cloudformation/model.ts';
import { stacksIn } from '../cloudformation/state.ts';
import { isObject } from '../template/json.ts';
import { type Policy, policyOf, type Trust, trustOf } from './policy.ts';

/** Unless the role says otherwise. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const DEFAULT_MOST_S = 3_600;

export interface Role {
  readonly arn: string;
  readonly trust: Trust;
  /** Those that are written in the role: what is attached to it otherwise isn't known, and allows nothing. */
  readonly permissions: readonly Policy[];
  /** The longest that a session of it may last, in seconds. */
  readonly mostSeconds: number;
}

/**
 * The role of that ARN as its stack has it at this moment. In a cloud in which nobody made any role each that is named
 * is there, and may be anyone's and do everything: for what isn't about roles.
 * @throws ApiFailure MalformedPolicyDocument for a role whose policies aren't known here
 */
export function roleOf(cloud: Cloud, arn: string): Role | 'any' | undefined {
  const roles = cloud.regions().flatMap((region) => [...stacksIn(region).values()].flatMap(rolesIn));
  if (roles.length === 0) return 'any';
  const found = roles.find((role) => arnOf(cloud, role) === arn);
  if (!found) return undefined;
  const { AssumeRolePolicyDocument, Policies = [], MaxSessionDuration = DEFAULT_MOST_S } = found.properties;
  const written = Array.isArray(Policies) ? Policies.filter(isObject) : [];
  return {
    arn,
    trust: trustOf(AssumeRolePolicyDocument),
    permissions: written.map(({ PolicyDocument }) => policyOf(PolicyDocument)),
    mostSeconds: Number(MaxSessionDuration),
  };
}

function rolesIn({ resources }: { readonly resources: ReadonlyMap<string, StackResource> }): readonly StackResource[] {
  return [...resources.values()].filter(
    ({ type, physicalId, status }) => type === 'AWS::IAM::Role' && physicalId !== '' && status !== 'DELETE_COMPLETE',
  );
}

function arnOf({ accountId }: Cloud, { physicalId, properties: { Path = '/' } }: StackResource): string {
  return `arn:aws:iam::${accountId}:role${String(Path)}${physicalId}`;
}
