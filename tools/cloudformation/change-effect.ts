import { sha256 } from '../../src/kernel/digest.ts';
import { type Effect, worse } from '../../src/kernel/effects.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { bounded } from '../../src/kernel/safe-text.ts';
import type { PropertyChange, ResourceChange, ResourcePolicies } from '../ports/cloudformation.ts';
import { weakenedPolicies } from './deletion-policies.ts';
import { interruptedBy } from './disruption.ts';
import { exposureOf } from './exposure.ts';
import { lostInPlace } from './loss-in-place.ts';
import { reachesOutside } from './reach-outside.ts';
import { propertiesOf } from './resource-settings.ts';
import { NESTED_STACK } from './stack-inventory.ts';
import { weakenedProperties } from './weakening.ts';

/**
 * Types behind which stands code, a template or other accounts' stacks: what they do isn't in the change set. Whatever isn't AWS's own
 * (`Custom::`, types of third parties and of the account itself) runs code of its own, and of AWS::CloudFormation only nested stacks,
 * which are looked at on their own, and handles to wait for are known not to.
 */
const OPAQUE =
  /^(?!AWS::)|^AWS::CloudFormation::(?!(Stack|WaitConditionHandle)$)|^AWS::(ServiceCatalog::CloudFormationProvisionedProduct|SSM::(Association|MaintenanceWindowTask))$/;

/** Types that neither open anything nor act on others when they are new, so that the endpoint need not show what they would be (moto). */
const CLOSED_TYPES = /^AWS::(SQS::Queue|Events::Archive|CloudFormation::WaitConditionHandle)$/;

const SHOWN_PROPERTIES = 8;
const SHOWN_REASONS = 12;

interface Finding {
  readonly effect: Effect;
  readonly why: string;
  readonly recoverable: boolean;
}

/**
 * What one change of a change set really does. The change set is the authority; what isn't in it can only raise the effect. What is new
 * to us, or what AWS leaves open, is `unknown`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export function impactOf(
  change: ResourceChange,
  before: ResourcePolicies | undefined,
  after: ResourcePolicies | undefined,
): Impact {
  const findings = [baseOf(change), ...raisesOf(change, before, after)];
  const effect = findings.map((finding) => finding.effect).reduce(worse);
  const decisive = findings.filter((finding) => finding.effect === effect);
  const others = findings.filter((finding) => finding.effect !== effect && finding !== findings[0]);
  const reasons = [...new Set([...decisive, ...others].map(({ why }) => why))];
  const left = reasons.length - SHOWN_REASONS;
  const texts = [...reasons.slice(0, SHOWN_REASONS), ...(left > 0 ? [`and ${left} more reasons`] : [])];
  const detail = `${change.logical_id}: ${[...texts, ...new Set(propertyTexts(change.properties))].join('; ')}`;
  return {
    resource: change.physical_id || change.logical_id || 'unnamed',
    type: change.type,
    effect,
    detail,
    recoverable: decisive.every((finding) => finding.recoverable),
  };
}

function baseOf(change: ResourceChange): Finding {
  const { action, type, nested_change_set } = change;
  if (OPAQUE.test(type))
    return unknown(`${action} of what may do anything: its type is not one whose changes AWS lists`);
  if ((type === NESTED_STACK || nested_change_set !== undefined) && action !== 'Remove')
    return unknown(`${action} of a nested stack, whose own changes are not listed`);
  switch (action) {
    case 'Add':
      if (propertiesOf(change.after_context) === undefined && !CLOSED_TYPES.test(type))
        return unknown('created, and AWS does not show what it would be');
      return { effect: 'create', why: 'created', recoverable: true };
    case 'Remove':
      return removal(change);
    case 'Modify':
      return modification(change);
    case 'SyncWithActual':
      return { effect: 'modify', why: "only CloudFormation's own record changes", recoverable: true };
    default:
      return unknown(`AWS does not say what it would do (${bounded(action, 40, sha256)})`);
  }
}

function removal({ policy_action }: ResourceChange): Finding {
  switch (policy_action) {
    case 'Retain':
      return { effect: 'weaken', why: 'stays, but no stack manages or protects it any more', recoverable: true };
    case 'Snapshot':
      return { effect: 'delete', why: 'deleted after a final snapshot', recoverable: true };
    default:
      return { effect: 'delete', why: 'deleted', recoverable: false };
  }
}

function modification({
  replacement,
  policy_action,
  properties,
  before_context,
  after_context,
}: ResourceChange): Finding {
  const always = properties.some((property) => property.requires_recreation === 'Always');
  const maybe = properties.some((property) => property.requires_recreation === 'Conditionally');
  if (
    replacement === 'True' ||
    replacement === 'Conditional' ||
    always ||
    maybe ||
    policy_action?.startsWith('ReplaceAnd')
  ) {
    const certain = replacement === 'True' || always;
    const what = certain ? 'replaced by a new one' : 'may be replaced by a new one';
    if (policy_action === 'ReplaceAndRetain')
      return { effect: 'replace', why: `${what}; the old one stays`, recoverable: true };
    if (policy_action === 'ReplaceAndSnapshot')
      return { effect: 'replace', why: `${what}; a snapshot of the old one stays`, recoverable: true };
    return { effect: 'replace', why: `${what}; the old one is deleted`, recoverable: false };
  }
  if (replacement === undefined && properties.length === 0)
    return unknown('changed, and AWS does not say whether it would be replaced');
  if (replacement !== undefined && replacement !== 'False')
    return unknown(`changed, with a replacement that is new to us (${bounded(replacement, 40, sha256)})`);
  if (replacement === undefined && properties.some((property) => property.requires_recreation === 'Unknown'))
    return unknown('changed, and AWS does not say whether it would be replaced');
  const listed = properties.some(({ attribute }) => attribute === 'Properties');
  if (listed && !(propertiesOf(before_context) && propertiesOf(after_context)))
    return unknown('changed in place, and AWS does not show what it is and would be');
  return { effect: 'modify', why: 'changed in place', recoverable: true };
}

function raisesOf(
  change: ResourceChange,
  before: ResourcePolicies | undefined,
  after: ResourcePolicies | undefined,
): readonly Finding[] {
  const finding = (effect: Effect) => (why: string) => ({ effect, why, recoverable: true });
  const [exposure, reach] = [exposureOf(change), reachesOutside(change)];
  const always = [...(reach ? [finding('disrupt')(reach)] : []), ...(exposure ? [finding('expose')(exposure)] : [])];
  if (change.action !== 'Modify') return always;
  return [
    ...always,
    ...interruptedBy(change).map(finding('disrupt')),
    ...lostInPlace(change).map((loss) => ({ ...loss, recoverable: false })),
    ...weakenedPolicies(before, after, change).map(finding('weaken')),
    ...weakenedProperties(change).map(finding('weaken')),
  ];
}

function unknown(why: string): Finding {
  return { effect: 'unknown', why, recoverable: false };
}

function propertyTexts(properties: readonly PropertyChange[]): readonly string[] {
  const value = (text: string | undefined) => (text === undefined ? '(none)' : bounded(text, 60, sha256));
  const texts = properties.slice(0, SHOWN_PROPERTIES).map(({ attribute, name, before, after }) => {
    const what = name ? bounded(name, 80, sha256) : attribute;
    return before === undefined && after === undefined ? what : `${what}: ${value(before)} -> ${value(after)}`;
  });
  const more = properties.length - SHOWN_PROPERTIES;
  return more > 0 ? [...texts, `and ${more} more properties`] : texts;
}
