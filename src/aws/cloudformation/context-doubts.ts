import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { isMasked } from '../../../tools/ports/masks.ts';
import { type Json, stableJson } from '../../kernel/digest.ts';
import { NESTED_STACK } from './detail-doubts.ts';
import { said } from './said.ts';

type Members = Readonly<Record<string, Json | undefined>>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html */
const MEMBERS: readonly string[] = [
  'Type',
  'Properties',
  'Metadata',
  'Tags',
  'Condition',
  'DependsOn',
  'CreationPolicy',
  'UpdatePolicy',
  'DeletionPolicy',
  'UpdateReplacePolicy',
];

/** A text that was cut. AWS's own mark for a long value (`(Truncated-Signature):…`) is a value that isn't told. */
const CUT = /(\.{3}|…|[<[(]truncated[>\])])$/i;
const NOT_TOLD = /\{\{changeSet:|^\(Truncated-Signature\)/;

/**
 * Why what a change says the resource is and would be isn't believed: it can't be read whole, is of something else, or
 * isn't what the details say. Reasons name no values: these may be secret.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-view.html
 */
export function contextDoubts(change: ResourceChange): readonly string[] {
  const { Action, BeforeContext, AfterContext } = change;
  const before = read(BeforeContext);
  const after = read(AfterContext);
  const wrong = [...ofContext(before, change), ...ofContext(after, change)];
  if (wrong.length > 0) return wrong;
  if (Action === 'SyncWithActual' && !(before && after && stableJson(before) === stableJson(after)))
    return ['AWS does not show that it stays as it is'];
  return Action === 'Modify' && change.ResourceType !== NESTED_STACK ? ofChange(change, before, after) : [];
}

/** What is no context is told apart from none: `null`. */
function read(context: string | undefined): Members | null | undefined {
  if (context === undefined) return undefined;
  try {
    const value = JSON.parse(context) as Json;
    return isMembers(value) ? value : null;
  } catch {
    return null;
  }
}

function ofContext(context: Members | null | undefined, { ResourceType }: ResourceChange): readonly string[] {
  if (context === undefined) return [];
  if (context === null) return ['what it is or would be can not be read whole'];
  const { Type = ResourceType, Properties = {} } = context;
  const other = Object.keys(context).filter((name) => !MEMBERS.includes(name));
  return [
    ...(Type === ResourceType ? [] : ['what it is or would be is of another type']),
    ...(isMembers(Properties) ? [] : ['what it is or would be has properties that can not be read']),
    ...other.map((name) => `what it is or would be has ${said(name)}, which no resource is known to have`),
  ];
}

/** A change in place needs both: what changes, and that nothing else does. */
function ofChange(
  { Details = [], Replacement }: ResourceChange,
  before: Members | null | undefined,
  after: Members | null | undefined,
): readonly string[] {
  const names = Details.flatMap(({ Target }) => (Target?.Attribute === 'Properties' ? [Target.Name ?? ''] : []));
  if (!before || !after)
    return names.length > 0 || Details.length === 0 || Replacement !== 'False'
      ? ['AWS does not show what it is and would be']
      : [];
  if (Details.length === 0)
    return stableJson(before) === stableJson(after) ? ['AWS neither tells nor shows what changes'] : [];
  const [was, is] = [properties(before), properties(after)];
  const differing = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => stableJson(was[name]) !== stableJson(is[name]),
  );
  const tagged = Details.some(({ Target }) => Target?.Attribute === 'Tags');
  const unlisted = differing.filter((name) => !names.includes(name) && !(tagged && /Tag/.test(name)));
  const cut = [...new Set([...differing, ...names])].filter((name) => isCut(was[name]) || isCut(is[name]));
  return [
    ...unlisted.map((name) => `${said(name)} is shown to change, and no detail says so`),
    ...cut.map((name) => `what is shown of ${said(name)} is cut off`),
    ...Details.flatMap((detail) => contradicted(detail, was, is)),
  ];
}

function contradicted({ Target }: ResourceChangeDetail, was: Members, is: Members): readonly string[] {
  const { Attribute, Name, Path = '', BeforeValue, AfterValue } = Target ?? {};
  if (Attribute !== 'Properties') return [];
  const steps = Path.split('/').slice(2);
  return fits(BeforeValue, was, steps) && fits(AfterValue, is, steps)
    ? []
    : [`a detail of ${said(Name)} says something else than what is shown`];
}

/**
 * Only what is surely meant alike is compared: single values, outside of lists, whose order AWS may change. But a place
 * in a list that is shorter than that was cut off.
 */
function fits(value: string | undefined, shown: Members, steps: readonly string[]): boolean {
  if (value === undefined) return true;
  let at: Json | undefined = shown;
  for (const step of steps) {
    if (Array.isArray(at)) return !/^\d+$/.test(step) || Number(step) < at.length;
    at = isMembers(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  if (at === undefined || at === null || typeof at === 'object') return true;
  const text = String(at);
  return text === value || [text, value].some((one) => isMasked(one) || NOT_TOLD.test(one));
}

function isCut(value: Json | undefined): boolean {
  if (typeof value === 'string') return CUT.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(isCut);
}

function properties({ Properties = {} }: Members): Members {
  return isMembers(Properties) ? Properties : {};
}

function isMembers(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
