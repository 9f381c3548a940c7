import type { Json } from '../../../../../src/kernel/digest.ts';
import { namesOfMember } from '../../../../ports/made-names.ts';
import { UNTOLD } from '../resource-settings.ts';
import type { Subject } from '../rules/place.ts';
import { namesIn } from './holders.ts';
import { permitted } from './permits.ts';
import { ROLE } from './read-types.ts';
import { rightsOf } from './rights.ts';
import { onlyService } from './services.ts';

type Around = Pick<Subject, 'resources' | 'added'>;

const POLICY = /^AWS::IAM::(ManagedPolicy|Policy|RolePolicy)$/;

/**
 * May a role of the template, which was there before, do no more than a new one that nobody is asked about? The
 * attacker has a stack with an administrator's role, and adds a function of their own to it, which is as new as its
 * code. What the template doesn't say whole may be anything; a policy that is new has a line of its own.
 */
export function isHarmlessRole(id: string, { resources, added }: Around): boolean {
  const role = Object.hasOwn(resources, id) ? resources[id] : undefined;
  if (role?.type !== ROLE || !role.rights) return false;
  const trust = known(role.rights.AssumeRolePolicyDocument);
  const inline = known(role.rights.Policies);
  const holds = (after: Json | undefined, of: string, property: string) => {
    const names = namesOfMember(resources[of]?.made_names, property);
    const managed = rightsOf(after, names)?.managed ?? [];
    // One of the template's own that stands says what it says on no line of this plan.
    if (!managed.every(({ made }) => made === undefined || made.every(({ logical_id }) => added.has(logical_id))))
      return false;
    const change = { before: undefined, after, namesBefore: undefined, names, isNew: true, isOnStanding: false };
    const found = permitted({ ...change, added: new Set(), isForOwnCode: true, trust, inline });
    return found.every(({ effect }) => effect === 'modify');
  };
  return (
    onlyService(trust) !== undefined &&
    holds(inline, id, 'Policies') &&
    holds(known(role.rights.ManagedPolicyArns), id, 'ManagedPolicyArns') &&
    Object.entries(resources).every(([policy, { type, made_names, rights }]) => {
      if (!POLICY.test(type) || added.has(policy) || !namesIn(made_names).has(id)) return true;
      return rights !== undefined && holds(known(rights.PolicyDocument), policy, 'PolicyDocument');
    })
  );
}

/** What only the execution tells is as AWS shows it. */
function known(value: Json | undefined): Json | undefined {
  if (value === null) return UNTOLD;
  if (Array.isArray(value)) return value.map((one: Json) => known(one) ?? UNTOLD);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, known(one as Json) ?? UNTOLD]));
}
