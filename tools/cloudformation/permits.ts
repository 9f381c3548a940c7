import type { Permission, Permits } from '../session/permits.ts';

/*
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
 */

/**
 * What CloudFormation does on the way, as the caller: no list of ARNs of all of a stack's resources fits into a session
 * policy, so that the role's own permissions are the bound there.
 */
const ON_THE_WAY: Permission = {
  actions: ['*'],
  resources: ['*'],
  // Not `ForAllValues`: that is true of a call that nobody makes on the caller's behalf.
  when: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] } },
};

/** A setting of the stack itself: no resource is touched. */
export function onStack(action: string, stackId: string): Permits {
  return { permissions: [{ actions: [action], resources: [stackId] }] };
}

/** CloudFormation goes on as the caller with what was asked, until the stack is done. @param when what holds besides */
export function throughStack(action: string, stackId: string, when?: Permission['when']): Permits {
  return {
    permissions: [{ actions: [action], resources: [stackId], ...(when ? { when } : {}) }, ON_THE_WAY],
    goes_on: true,
  };
}

/** The request names no role of its own: the one that a stack has is what people were told. */
export const NO_ROLE_GIVEN: Permission['when'] = { Null: { 'cloudformation:RoleArn': 'true' } };
