/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html */

import type { GetStackPolicyInput, GetStackPolicyOutput, SetStackPolicyInput } from '@aws-sdk/client-cloudformation';
import { required, validationError } from '../wire/failure.ts';
import type { Context } from '../wire/service.ts';
import type { Stack, StackResource } from './model.ts';
import { ResourceFailure } from './resource.ts';
import { knownStack } from './stack.ts';
import type { Failed } from './waves.ts';

type Action = 'Update:Modify' | 'Update:Replace' | 'Update:Delete';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, { readonly ResourceType?: string | readonly string[] }>>;
}

const BODY_LIMIT = 16_384;

function matches(patterns: string | readonly string[] | undefined, value: string): boolean {
  return [patterns ?? []].flat().some((pattern) => {
    const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\*', '.*');
    return new RegExp(`^${source}$`, 's').test(value);
  });
}

function applies(statement: Statement, { logicalId, type }: StackResource, action: Action): boolean {
  const resource = `LogicalResourceId/${logicalId}`;
  const conditions = Object.values(statement.Condition ?? {});
  return (
    (statement.NotAction === undefined ? matches(statement.Action, action) : !matches(statement.NotAction, action)) &&
    (statement.NotResource === undefined
      ? matches(statement.Resource, resource)
      : !matches(statement.NotResource, resource)) &&
    conditions.every(({ ResourceType }) => matches(ResourceType, type))
  );
}

function statementsOf(policy: string): readonly Statement[] {
  return [JSON.parse(policy).Statement].flat();
}

/** What a policy says isn't allowed is denied, and a denial wins. */
function denial({ policy }: Stack, resource: StackResource, action: Action): string | undefined {
  if (policy === undefined) return undefined;
  const applying = statementsOf(policy).map((statement) => applies(statement, resource, action) && statement.Effect);
  const denied = applying.indexOf('Deny');
  if (denied < 0 && applying.includes('Allow')) return undefined;
  const which = denied < 0 ? 'no statement allows' : `Statement [#${denied + 1}] does not allow`;
  return `Action denied by stack policy: ${which} [${action}] for resource [LogicalResourceId/${resource.logicalId}]`;
}

/** @throws ResourceFailure */
export function checkPolicy(stack: Stack, resource: StackResource, action: Action): void {
  const reason = denial(stack, resource, action);
  if (reason !== undefined) throw new ResourceFailure(reason);
}

/** Resources that the new template drops, and the policy keeps. */
export function deniedRemovals(stack: Stack, present: ReadonlyMap<string, unknown>): readonly Failed[] {
  return [...stack.resources.values()].flatMap((resource) => {
    const reason = present.has(resource.logicalId) ? undefined : denial(stack, resource, 'Update:Delete');
    return reason === undefined ? [] : [{ logicalId: resource.logicalId, reason }];
  });
}

export function getStackPolicy(input: GetStackPolicyInput, { region }: Context): GetStackPolicyOutput {
  return { StackPolicyBody: knownStack(region, required(input.StackName, 'stackName')).policy };
}

export function setStackPolicy(input: SetStackPolicyInput, { region }: Context): undefined {
  const stack = knownStack(region, required(input.StackName, 'stackName'));
  if (input.StackPolicyURL) throw validationError('StackPolicyURL is not supported by the sandbox');
  const body = required(input.StackPolicyBody, 'stackPolicyBody');
  if (Buffer.byteLength(body) > BODY_LIMIT) throw validationError('Stack policy is too long');
  if (stack.status === 'DELETE_COMPLETE') throw validationError(`Stack [${stack.name}] does not exist`);
  let known = false;
  try {
    known = statementsOf(body).every((statement) => /^(Allow|Deny)$/.test(statement?.Effect));
  } catch {}
  if (!known) throw validationError('Error validating stack policy: Invalid stack policy');
  stack.policy = body;
}
