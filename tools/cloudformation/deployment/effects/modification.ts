import { sha256 } from '../../../../src/kernel/digest.ts';
import { bounded } from '../../../../src/kernel/safe-text.ts';
import type { ResourceChange, ResourcePolicies } from '../../../ports/cloudformation.ts';
import type { TypeKnowledge } from '../../knowledge/language.ts';
import { type Finding, finding, unknown } from './finding.ts';
import { propertiesOf } from './resource-settings.ts';

/**
 * What a change of what is there does, whatever its properties say: it stays, or CloudFormation makes a new one.
 * @param after what the new template says of it beside its properties
 * @param isHarmless whether it only ties others together, and nothing worse is said of what it ties
 */
export function modification(
  change: ResourceChange,
  row: TypeKnowledge | undefined,
  after: ResourcePolicies | undefined,
  isHarmless: boolean,
): Finding {
  const { replacement, policy_action, properties, before_context, after_context } = change;
  const always = properties.some((property) => property.requires_recreation === 'Always');
  const stays = isKept(change, row);
  const maybe = !stays && properties.some((property) => property.requires_recreation === 'Conditionally');
  if (
    replacement === 'True' ||
    (replacement === 'Conditional' && !stays) ||
    always ||
    maybe ||
    policy_action?.startsWith('ReplaceAnd')
  ) {
    const certain = replacement === 'True' || always;
    if (row?.revision) return finding('modify', 'another numbered state takes its place');
    const what = certain ? 'replaced by a new one' : 'may be replaced by a new one';
    // Where the old one is kept, what it ties stays tied as well.
    const isDeleted = (policy_action ?? 'ReplaceAndDelete') === 'ReplaceAndDelete';
    if (isHarmless && isDeleted && (after?.update_replace_policy ?? 'Delete') === 'Delete')
      return finding('modify', `${what}, which ties the same before the old one goes`);
    if (policy_action === 'ReplaceAndRetain')
      return { effect: 'replace', why: `${what}; the old one stays`, recoverable: true };
    if (policy_action === 'ReplaceAndSnapshot')
      return { effect: 'replace', why: `${what}; a snapshot of the old one stays`, recoverable: true };
    const end = `${what}; the old one is deleted`;
    return row?.holds ? finding('replace', `${end} with all that is stored in it`, 1) : finding('replace', end);
  }
  if (replacement === undefined && properties.length === 0)
    return unknown('changed, and AWS does not say whether it would be replaced');
  if (replacement !== undefined && replacement !== 'False' && !(replacement === 'Conditional' && stays))
    return unknown(`changed, with a replacement that is new to us (${bounded(replacement, 40, sha256)})`);
  if (replacement === undefined && properties.some((property) => property.requires_recreation === 'Unknown'))
    return unknown('changed, and AWS does not say whether it would be replaced');
  const listed = properties.some(({ attribute }) => attribute === 'Properties');
  if (listed && !(propertiesOf(before_context) && propertiesOf(after_context)))
    return unknown('changed in place, and AWS does not show what it is and would be');
  return { effect: 'modify', why: 'changed in place', recoverable: true };
}

/**
 * Does it stay, although AWS says that it may be replaced? Only where none but properties that AWS's page says never
 * replace it are in doubt, and AWS says of all others that they don't. AWS itself refers to the page:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
 */
export function isKept({ properties }: ResourceChange, row: TypeKnowledge | undefined): boolean {
  const doubtful = properties.filter(({ requires_recreation }) => requires_recreation !== 'Never');
  return (
    doubtful.length > 0 &&
    doubtful.every(
      ({ name, requires_recreation }) =>
        requires_recreation === 'Conditionally' && name !== undefined && row?.stays?.includes(name) === true,
    )
  );
}
