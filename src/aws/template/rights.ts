import type { ResourcePolicies } from '../../../tools/ports/cloudformation.ts';
import { record } from './document.ts';
import type { Workings } from './worked-out.ts';

/** What a role may do stands in these, of the role itself and of what is given to it. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::ManagedPolicy': ['PolicyDocument'],
  'AWS::IAM::Policy': ['PolicyDocument'],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
  'AWS::IAM::RolePolicy': ['PolicyDocument'],
};

/** What a role, or a policy, says, as far as the template alone tells it; absent where that isn't sure at all. */
export function rightsFacts(
  type: unknown,
  properties: unknown,
  workings: Workings | undefined,
): Pick<ResourcePolicies, 'rights'> {
  const names = RIGHTS[String(type)];
  if (!names || !workings || workings.value(properties) === null) return {};
  const told = names.map((name) => [name, workings.value(record(properties)[name])] as const);
  return { rights: Object.fromEntries(told.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))) };
}
