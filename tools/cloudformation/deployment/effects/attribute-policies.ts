import type { Json } from '../../../../src/kernel/digest.ts';
import type { PropertyChange, ResourcePolicies } from '../../../ports/cloudformation.ts';
import { AWS_MASK } from '../../../ports/masks.ts';
import { CREATION_POLICY, UPDATE_POLICY } from '../../knowledge/attributes.ts';
import { type Finding, finding } from './finding.ts';
import { same, UNTOLD } from './resource-settings.ts';
import { judge } from './rules/judge.ts';
import { NOTHING_OWN } from './rules/named-things.ts';
import type { Subject } from './rules/place.ts';

/** What the rules for these may look at: nothing but the values themselves. */
const ALONE: Omit<Subject, 'type'> = {
  id: '',
  isNew: false,
  isReplaced: false,
  isTie: false,
  keepsMembers: true,
  before: undefined,
  after: undefined,
  ownBefore: NOTHING_OWN,
  ownAfter: NOTHING_OWN,
  identities: [],
  carrying: [],
  network: undefined,
  namesBefore: undefined,
  names: undefined,
  sources: undefined,
  account: undefined,
  resources: {},
  added: new Set(),
  updatePolicy: undefined,
  tagRules: { environments: [], tags_without_effect: [] },
};

/**
 * What another `UpdatePolicy` or `CreationPolicy` does, by the templates and by what AWS lists: AWS need not list one
 * that changes with another resource, and a macro may write one that no template shows. The attacker drops what a
 * deployment is checked by, and changes a description with it.
 * @param listed what AWS says of the resource, if it says anything
 */
export function attributePolicies(
  before: ResourcePolicies | undefined,
  after: ResourcePolicies | undefined,
  listed: readonly PropertyChange[] = [],
): readonly Finding[] {
  const names = new Set(listed.map(({ attribute }) => attribute));
  const [updates, creation] =
    before && after
      ? [changed(before.update_policy, after.update_policy), changed(before.creation_policy, after.creation_policy)]
      : [];
  const resource = { ...ALONE, type: after?.type ?? '' };
  const of = (name: string) => ({ before: [name], after: [name], resource });
  return [
    ...(updates ? judge(UPDATE_POLICY, ...updates, of('UpdatePolicy')) : []),
    ...(creation ? judge(CREATION_POLICY, ...creation, of('CreationPolicy')) : []),
    ...(names.has('UpdatePolicy') && !updates
      ? [finding('disrupt', 'how it is updated changes (UpdatePolicy): more of it may be down at once')]
      : []),
    ...(names.has('CreationPolicy') && !creation
      ? [finding('weaken', 'what its creation waits for changes (CreationPolicy)')]
      : []),
  ];
}

/** Undefined where it is the same, and known. What can't be worked out may be another. */
function changed(
  was: Json | undefined,
  is: Json | undefined,
): readonly [Json | undefined, Json | undefined] | undefined {
  const [before, after] = [unknownAs(AWS_MASK, was), unknownAs(UNTOLD, is)];
  return same(before, after) ? undefined : [before, after];
}

function unknownAs(mark: string, value: Json | undefined): Json | undefined {
  if (value === null) return mark;
  if (Array.isArray(value)) return value.map((one: Json) => unknownAs(mark, one) ?? mark);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unknownAs(mark, one) ?? mark]));
}
