import { NO_RULES } from '../../src/kernel/rules.ts';
import { impactOf, type Sight } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { KNOWLEDGE } from '../../tools/cloudformation/knowledge/all.ts';
import type { PropertyChange, ResourceChange, ResourcePolicies } from '../../tools/ports/cloudformation.ts';

type Properties = Readonly<Record<string, unknown>>;

/** A context as a change set gives it. */
function context(Properties: Properties): string {
  return JSON.stringify({ Properties });
}

export function added(type: string, properties: Properties = {}): ResourceChange {
  return {
    action: 'Add',
    logical_id: 'A',
    type,
    scope: [],
    properties: [],
    after_context: context(properties),
    doubts: [],
  };
}

/**
 * Changed in place, as AWS tells it: a detail for each property that isn't what it was, and the whole before and after.
 */
export function modified(
  type: string,
  before: Properties,
  after: Properties,
  given: Partial<ResourceChange> = {},
): ResourceChange {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return {
    action: 'Modify',
    logical_id: 'A',
    type,
    replacement: 'False',
    scope: ['Properties'],
    properties: changed.map(
      (name): PropertyChange => ({
        attribute: name === 'Tags' ? 'Tags' : 'Properties',
        name,
        requires_recreation: 'Never',
      }),
    ),
    before_context: context(before),
    after_context: context(after),
    doubts: [],
    ...given,
  };
}

/** What is known of a resource of a stack that has no nested ones. */
export function sight(before?: ResourcePolicies, after?: ResourcePolicies, more: Partial<Sight> = {}): Sight {
  const known = { doubts: [], knowledge: KNOWLEDGE, tagRules: NO_RULES, added: new Set<string>() };
  return { name: 'A', before, after, looked: 'hidden', opinions: [], ...known, ...more };
}

export function effectOf(change: ResourceChange, before?: ResourcePolicies, after?: ResourcePolicies): string {
  return impactOf(change, sight(before, after)).effect;
}

/**
 * A change as AWS may describe it; what isn't given is what AWS leaves out. Its contexts hold the values that its
 * properties tell.
 */
export function change(given: Partial<ResourceChange>): ResourceChange {
  const { properties = [] } = given;
  const told = (when: 'before' | 'after') =>
    context(
      Object.fromEntries(properties.flatMap((one) => (one[when] === undefined ? [] : [[one.name, parsed(one[when])]]))),
    );
  return {
    action: 'Modify',
    logical_id: 'A',
    type: 'AWS::SQS::Queue',
    scope: ['Properties'],
    properties: [],
    before_context: told('before'),
    after_context: told('after'),
    doubts: [],
    ...given,
  };
}

function parsed(text = ''): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}

export function property(name: string, given: Partial<PropertyChange> = {}): PropertyChange {
  return { attribute: 'Properties', name, requires_recreation: 'Never', ...given };
}
