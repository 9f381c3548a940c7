import type { Change, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import type { PropertyChange, ResourceChange } from '../../../tools/ports/cloudformation.ts';
import { HIDDEN, isMasked, masksIn } from '../../../tools/ports/masks.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import type { HiddenInChanges } from '../template/hidden-places.ts';
import { doubtsOf } from './change-doubts.ts';
import { withoutHiddenValues } from './hidden-changes.ts';

/**
 * One entry of a change set. What is understood of it and what isn't are told apart: where there are doubts, the rest
 * is what AWS seems to say.
 */
export function resourceChange(entry: Change, hidden: HiddenInChanges): ResourceChange {
  const { Type, ResourceChange: change = {}, HookInvocationCount } = withoutHiddenValues(entry, hidden);
  const context = (text: string | undefined, was?: string) => {
    const shown = text === undefined ? undefined : hideValue('', text, was);
    // Cut off by AWS, with something in it that has the name of a secret.
    return shown !== undefined && masksIn(shown)[0] === shown ? undefined : shown;
  };
  const before = context(change.BeforeContext);
  const after = context(change.AfterContext, change.BeforeContext);
  return {
    // A kind of change that isn't a resource's is new to us: it mustn't look like nothing.
    action: Type === 'Resource' || Type === undefined ? (change.Action ?? 'unknown') : `unknown (${Type})`,
    logical_id: change.LogicalResourceId ?? '',
    ...(change.PhysicalResourceId ? { physical_id: change.PhysicalResourceId } : {}),
    type: change.ResourceType ?? 'unknown',
    ...(change.Replacement ? { replacement: change.Replacement } : {}),
    ...(change.PolicyAction ? { policy_action: change.PolicyAction } : {}),
    scope: change.Scope ?? [],
    properties: (change.Details ?? []).map((detail) => propertyChange(detail, before, after)),
    ...(change.ChangeSetId ? { nested_change_set: change.ChangeSetId } : {}),
    ...(HookInvocationCount ? { hooks: HookInvocationCount } : {}),
    ...(before === undefined ? {} : { before_context: before }),
    ...(after === undefined ? {} : { after_context: after }),
    doubts: doubtsOf(entry),
  };
}

const RECREATION = ['Never', 'Conditionally', 'Always'] as const;

/** @param contexts what the resource is and would be, as it may be shown */
function propertyChange(
  { Target = {}, Evaluation, ChangeSource, CausingEntity }: ResourceChangeDetail,
  ...contexts: readonly [string | undefined, string | undefined]
): PropertyChange {
  const { Attribute, Name, Path = '', BeforeValue, AfterValue } = Target;
  const value = (text: string | undefined, context: string | undefined, was?: string) =>
    text === undefined ? undefined : (maskAt(Path, context) ?? hideValue(`${Name ?? ''} ${Path}`, text, was));
  const before = value(BeforeValue, contexts[0]);
  const after = value(AfterValue, contexts[1], BeforeValue);
  return {
    attribute: Attribute ?? 'unknown',
    ...nameOf(Attribute, Name, Path),
    requires_recreation: RECREATION.find((known) => known === Target.RequiresRecreation) ?? 'Unknown',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(Evaluation === 'Dynamic' && /^Resource(Reference|Attribute)$/.test(ChangeSource ?? '') && CausingEntity
      ? { cause: CausingEntity }
      : {}),
  };
}

/** Of metadata AWS names no member, and tells its path. */
function nameOf(attribute: string | undefined, name: string | undefined, path: string): { readonly name?: string } {
  if (name) return { name };
  const [, root, member] = path.split('/');
  return attribute === 'Metadata' && root === 'Metadata' && member ? { name: member.replaceAll('~1', '/') } : {};
}

/**
 * The mask that a resource's context has at a path (`/Properties/ContainerDefinitions/0/Environment/1/Value`), or
 * around it: of a list of names and values only the context tells that a value is secret. Without it, any such value
 * may be.
 */
function maskAt(path: string, context: string | undefined): string | undefined {
  const at = valueAt(path, context);
  if (at === undefined) return /\/value$/i.test(path) ? HIDDEN : undefined;
  return typeof at === 'string' && isMasked(at) ? at : undefined;
}

/** What a context has at a path, or the mask around it. */
export function valueAt(path: string, context: string | undefined): unknown {
  let at: unknown = context === undefined ? undefined : parsed(context);
  for (const step of path.split('/').slice(1)) {
    if (typeof at === 'string' && isMasked(at)) return at;
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined;
  }
  return at;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off by AWS.
    return undefined;
  }
}
