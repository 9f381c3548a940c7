import type { Change, ResourceChange } from '@aws-sdk/client-cloudformation';
import { contextDoubts } from './context-doubts.ts';
import { detailDoubts } from './detail-doubts.ts';
import { said } from './said.ts';

/**
 * What may stand beside an action. The SDK's types promise AWS's values, but its parser takes any text: what isn't in
 * these tables was never read by us, and could mean anything.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
interface Beside {
  /** What becomes of the resource, or of the old one that a new one replaces. */
  readonly policies: readonly string[];
  readonly replacements: readonly string[];
}

const ALONE: Beside = { policies: [], replacements: [] };
const BESIDE: Readonly<Record<string, Beside>> = {
  Add: ALONE,
  Import: ALONE,
  Dynamic: ALONE,
  SyncWithActual: ALONE,
  Remove: { policies: ['Delete', 'Retain', 'Snapshot'], replacements: [] },
  Modify: {
    policies: ['ReplaceAndDelete', 'ReplaceAndRetain', 'ReplaceAndSnapshot'],
    replacements: ['True', 'False', 'Conditional'],
  },
};

const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;
const TYPE = /^[A-Za-z0-9]+(::[A-Za-z0-9_@-]+)+$/;

/**
 * Why an entry of a change set isn't believed, taken by itself: values that nobody documented, and parts that
 * contradict each other. The attacker is an endpoint or a proxy that answers in AWS's place; a value that AWS adds one
 * day is the likelier case. Without a doubt all that is in the entry is understood.
 */
export function doubtsOf({ Type, ResourceChange: change = {} }: Change): readonly string[] {
  const { Action = '', LogicalResourceId = '', ResourceType = '', PolicyAction, ResourceDriftStatus } = change;
  const { BeforeContext, AfterContext } = change;
  const beside = Object.hasOwn(BESIDE, Action) ? BESIDE[Action] : undefined;
  return [
    ...(Type === 'Resource' ? [] : [`it changes ${said(Type)}, not a resource`]),
    ...(beside ? [] : [`its action is ${said(Action)}`]),
    ...(LOGICAL_ID.test(LogicalResourceId) ? [] : ['it has no logical id that a template could have']),
    ...(TYPE.test(ResourceType) ? [] : [`its type is ${said(ResourceType)}`]),
    ...(PolicyAction === undefined || beside?.policies.includes(PolicyAction)
      ? []
      : [`the policy action ${said(PolicyAction)} does not go with ${said(Action)}`]),
    // Only change sets that compare with the actual state have one, and none was asked for.
    ...(ResourceDriftStatus === undefined || ResourceDriftStatus === 'IN_SYNC'
      ? []
      : [`what it really is differs from what is shown (drift status ${said(ResourceDriftStatus)})`]),
    ...(Action === 'Add' && BeforeContext !== undefined ? ['it is new, and AWS shows what it is'] : []),
    ...(Action === 'Remove' && AfterContext !== undefined ? ['it goes, and AWS shows what it would be'] : []),
    ...replacementDoubts(change, beside),
    ...detailDoubts(change),
    ...contextDoubts(change),
  ];
}

/** The whole and its details say the same, or neither is believed. */
function replacementDoubts(change: ResourceChange, beside: Beside | undefined): readonly string[] {
  const { Action, Replacement, PolicyAction, Details = [] } = change;
  if (Replacement === undefined) return Action === 'Modify' ? ['AWS does not say whether it would be replaced'] : [];
  if (!beside?.replacements.includes(Replacement))
    return [`the replacement ${said(Replacement)} does not go with ${said(Action)}`];
  const recreated = Details.some(({ Target }) => /^(Always|Conditionally)$/.test(Target?.RequiresRecreation ?? ''));
  const replaced = Replacement !== 'False';
  if (replaced && !recreated) return [`its replacement is ${Replacement}, and no detail asks for one`];
  if (!replaced && recreated) return ['it stays, and a detail asks for a new one'];
  if (!replaced && PolicyAction !== undefined) return ['it stays, and a policy says what becomes of the old one'];
  return [];
}
