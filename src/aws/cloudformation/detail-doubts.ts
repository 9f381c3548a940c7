import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { said } from './said.ts';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html */
const ATTRIBUTES: readonly string[] = [
  'Properties',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Tags',
];
const RECREATIONS: readonly string[] = ['Never', 'Conditionally', 'Always'];
/**
 * `NoModification` and `SyncWithActual` belong to change sets that compare with the actual state, which aren't asked
 * for: here they say that something is listed because it doesn't change.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
 */
const SOURCES: readonly string[] = [
  'ResourceReference',
  'ParameterReference',
  'ResourceAttribute',
  'DirectModification',
  'Automatic',
];
const CHANGES: readonly string[] = ['Add', 'Remove', 'Modify'];

/** Why what a change says of single properties isn't believed. Reasons name no values: these may be secret. */
export function detailDoubts(change: ResourceChange): readonly string[] {
  const { Action, Details = [], Scope = [] } = change;
  if (Action !== 'Modify') return Details.length > 0 ? [`details of a change do not go with ${said(Action)}`] : [];
  const attributes = Details.map(({ Target }) => Target?.Attribute);
  return [
    ...Details.flatMap((detail) => ofDetail(detail, change)),
    ...Scope.filter((one) => !attributes.includes(one)).map((one) => `no detail tells what changes in ${said(one)}`),
    ...attributes
      .filter((one) => one !== undefined && !Scope.includes(one))
      .map((one) => `a detail changes ${said(one)}, which is not in its scope`),
  ];
}

function ofDetail({ Target, ...detail }: ResourceChangeDetail, { ResourceType }: ResourceChange): readonly string[] {
  if (!Target) return ['a detail does not say what changes'];
  const { Attribute = '', Name, Path, RequiresRecreation, AttributeChangeType } = Target;
  const { BeforeValue, AfterValue, BeforeValueFrom, AfterValueFrom, Drift } = Target;
  const { Evaluation = '', ChangeSource = '' } = detail;
  if (!ATTRIBUTES.includes(Attribute))
    return [`a detail changes ${said(Attribute)}, which no resource is known to have`];
  const automatic = ChangeSource === 'Automatic' && ResourceType === NESTED_STACK;
  const ofProperties = Attribute === 'Properties';
  const named = ofProperties ? (Name ?? '') !== '' || automatic : Name === undefined || Name === Attribute;
  const recreation = RequiresRecreation ?? (ofProperties ? '' : 'Never');
  return [
    ...(named ? [] : [`a detail of ${Attribute} has the name ${said(Name)}`]),
    ...(fitsPath(Attribute, Name, Path) ? [] : [`the path of a detail of ${said(Name ?? Attribute)} leads elsewhere`]),
    ...(RECREATIONS.includes(recreation) ? [] : [`a detail's recreation is ${said(recreation)}`]),
    ...(/^(Static|Dynamic)$/.test(Evaluation) ? [] : [`a detail's evaluation is ${said(Evaluation)}`]),
    ...(SOURCES.includes(ChangeSource) && (ChangeSource !== 'Automatic' || automatic)
      ? []
      : [`a detail's source is ${said(ChangeSource)}`]),
    ...(AttributeChangeType === undefined || CHANGES.includes(AttributeChangeType)
      ? []
      : [`a detail's change is ${said(AttributeChangeType)}`]),
    ...((AttributeChangeType === 'Add' && BeforeValue !== undefined) ||
    (AttributeChangeType === 'Remove' && AfterValue !== undefined)
      ? [`a detail says ${AttributeChangeType} and has both values`]
      : []),
    ...((BeforeValueFrom ?? AfterValueFrom ?? Drift)
      ? ['a detail compares with the actual state, which was not asked for']
      : []),
  ];
}

/** Some types name their tags otherwise (`UserPoolTags`): AWS lists them as tags. */
function fitsPath(attribute: string, name: string | undefined, path: string | undefined): boolean {
  if (path === undefined) return true;
  const [root, first, member = ''] = path.split('/');
  if (root !== '') return false;
  if (attribute === 'Properties') return first === 'Properties' && (name === undefined || member === name);
  return first === attribute || (attribute === 'Tags' && first === 'Properties' && /Tag/.test(member));
}
