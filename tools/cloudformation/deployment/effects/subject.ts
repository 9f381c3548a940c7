import type { TagRules } from '../../../../src/kernel/tag-effect.ts';
import type { ResourceChange, ResourcePolicies, TemplateFacts } from '../../../ports/cloudformation.ts';
import type { Knowledge, Rules, TypeKnowledge } from '../../knowledge/language.ts';
import { isKept } from './modification.ts';
import { propertiesOf } from './resource-settings.ts';
import { NOTHING_OWN } from './rules/named-things.ts';
import type { Subject } from './rules/place.ts';
import { identitiesIn } from './rules/reached-in.ts';

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
  const row = knowledge.get(change.type);
  const settings = propertiesOf(change.after_context);
  const own = after?.own_values ?? NOTHING_OWN;
  return {
    id: change.logical_id,
    isNew,
    isReplaced: isReplaced(change, row),
    isTie: row?.tie === true,
    before: isNew ? undefined : propertiesOf(change.before_context),
    after: settings,
    ownBefore: before?.own_values ?? NOTHING_OWN,
    ownAfter: own,
    identities: Object.entries(settings ?? {}).flatMap(([name, value]) =>
      identitiesIn(row && Object.hasOwn(row.properties, name) ? row.properties[name] : undefined, value, [name], own),
    ),
    carrying: Object.entries(row?.properties ?? {}).flatMap(([name, rules]) => (isCarrying(rules) ? [name] : [])),
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

/** What stays, whatever AWS leaves in doubt, is judged as what stays: what nobody judged of it counts. */
function isReplaced(change: ResourceChange, row: TypeKnowledge | undefined): boolean {
  const { replacement, policy_action, properties } = change;
  if (replacement === 'True' || policy_action?.startsWith('ReplaceAnd')) return true;
  if (isKept(change, row)) return false;
  return (
    (replacement !== undefined && replacement !== 'False') ||
    properties.some(({ requires_recreation }) => requires_recreation !== 'Never')
  );
}

function isCarrying(rules: Rules): boolean {
  const words = [rules].flat();
  return words.includes('acts-as') && words.includes('code');
}
