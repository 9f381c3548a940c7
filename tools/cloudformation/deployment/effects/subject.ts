import type { TagRules } from '../../../../src/kernel/tag-effect.ts';
import type { ResourceChange, ResourcePolicies, TemplateFacts } from '../../../ports/cloudformation.ts';
import type { Knowledge } from '../../knowledge/language.ts';
import { propertiesOf } from './resource-settings.ts';
import { NOTHING_OWN } from './rules/named-things.ts';
import type { Subject } from './rules/place.ts';

/** What is known of it beside the change. */
interface Known {
  readonly before: ResourcePolicies | undefined;
  readonly after: ResourcePolicies | undefined;
  readonly added: ReadonlySet<string>;
  readonly resources?: TemplateFacts['resources'];
  readonly knowledge: Knowledge;
  readonly tagRules: TagRules;
  readonly account?: string;
}

/** The resource that changes, with what its templates say of it and of what stands beside it. */
export function subjectOf(change: ResourceChange, known: Known): Subject {
  const { before, after, added, resources = {}, knowledge, tagRules, account } = known;
  const isNew = change.action === 'Add';
  return {
    id: change.logical_id,
    isNew,
    isReplaced: isReplaced(change),
    isTie: knowledge.get(change.type)?.tie === true,
    before: isNew ? undefined : propertiesOf(change.before_context),
    after: propertiesOf(change.after_context),
    ownBefore: before?.own_values ?? NOTHING_OWN,
    ownAfter: after?.own_values ?? NOTHING_OWN,
    added,
    resources,
    network: after?.network,
    type: change.type,
    namesBefore: before?.made_names,
    names: after?.made_names,
    sources: after?.value_sources,
    keepsMembers: after?.keeps_members === true,
    updatePolicy: after?.update_policy,
    account,
    tagRules,
  };
}

function isReplaced({ replacement, policy_action, properties }: ResourceChange): boolean {
  return (
    (replacement !== undefined && replacement !== 'False') ||
    policy_action?.startsWith('ReplaceAnd') === true ||
    properties.some(({ requires_recreation }) => requires_recreation !== 'Never')
  );
}
