/**
 * The details of a change: what causes it, and what it means for the physical resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
 */

import type { AttributeChangeType, Replacement, ResourceChangeDetail, Tag } from '@aws-sdk/client-cloudformation';
import type { ResourceType } from '../spec/resources.ts';
import { isObject, type Json, type JsonObject } from '../template/json.ts';
import type { TemplateResource } from '../template/model.ts';
import { referencesOf } from '../template/references.ts';
import { sameValue } from '../template/resolve.ts';
import { type PropertyChange, type Recreation, worse } from './difference.ts';
import type { StackResource } from './model.ts';

/** What is planned for a resource, as far as those that refer to it care. */
export type Outcome = 'added' | 'replaced' | 'perhaps' | 'modified' | 'untouched';

export interface Subject {
  readonly before: StackResource;
  readonly definition: TemplateResource;
  readonly type: ResourceType | undefined;
  /** Resolved, with NoEcho parameters as `****`. */
  readonly shownAfter: JsonObject;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** The changed parameters that a template value depends on. */
  causes(value: Json | undefined): readonly string[];
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let inner = value;
  for (const key of path) {
    if (Array.isArray(inner)) inner = inner[Number(key)];
    else inner = isObject(inner) ? inner[key] : undefined;
  }
  return inner;
}

/** The template's value at a path, or the function around it that computes it. */
function sourceAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let inner = value;
  for (const key of path) {
    if (isObject(inner) && Object.keys(inner).length === 1 && /^(Ref|Fn::.*)$/.test(Object.keys(inner)[0] ?? ''))
      return inner;
    inner = at(inner, [key]);
  }
  return inner;
}

function text(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function changeType({ before, after }: { before: unknown; after: unknown }): AttributeChangeType {
  if (before === undefined) return 'Add';
  return after === undefined ? 'Remove' : 'Modify';
}

function target(name: string, recreation: Recreation) {
  if (name === 'Tags') return { Attribute: 'Tags' as const, Name: 'Tags', RequiresRecreation: recreation };
  return { Attribute: 'Properties' as const, Name: name, RequiresRecreation: recreation };
}

interface Cause {
  readonly ChangeSource: 'ResourceReference' | 'ResourceAttribute';
  readonly CausingEntity: string;
  readonly Evaluation: 'Static' | 'Dynamic';
}

/**
 * References within a value to resources that change. That a resource will have another physical id is certain
 * (Static) when it is replaced for certain; what an attribute will be never is.
 */
function changingReferences(value: Json | undefined, outcomes: Subject['outcomes']): Cause[] {
  const found = new Map<string, Cause>();
  for (const { kind, target: logicalId, attribute } of referencesOf(value)) {
    const outcome = outcomes.get(logicalId);
    if (outcome === undefined || outcome === 'added' || outcome === 'untouched') continue;
    if (kind === 'attribute') {
      const CausingEntity = `${logicalId}.${attribute}`;
      found.set(CausingEntity, { ChangeSource: 'ResourceAttribute', CausingEntity, Evaluation: 'Dynamic' });
    } else if (kind === 'name' && outcome !== 'modified') {
      const Evaluation = outcome === 'replaced' ? 'Static' : 'Dynamic';
      found.set(logicalId, { ChangeSource: 'ResourceReference', CausingEntity: logicalId, Evaluation });
    }
  }
  return [...found.values()];
}

/** Details for the values that do change. */
export function propertyDetails(subject: Subject, changes: readonly PropertyChange[]): ResourceChangeDetail[] {
  const { before, definition, shownAfter, outcomes } = subject;
  return changes.flatMap((change) => {
    const [name = ''] = change.path;
    const source = sourceAt(definition.properties, change.path);
    const edited = !sameValue(sourceAt(before.definition.properties, change.path), source);
    const parameters = subject.causes(source);
    const references = edited ? [] : changingReferences(source, outcomes);
    const Target = {
      ...target(name, change.recreation),
      Path: `/Properties/${change.path.join('/')}`,
      BeforeValue: text(at(before.shown, change.path)),
      AfterValue: text(at(shownAfter, change.path)),
      AttributeChangeType: changeType(change),
    };
    const details: ResourceChangeDetail[] = references.map((cause) => ({ Target, ...cause }));
    for (const CausingEntity of parameters) {
      details.push({ Target, Evaluation: 'Static', ChangeSource: 'ParameterReference', CausingEntity });
    }
    // CloudFormation reports a changed parameter twice: as itself, and as a modification that it can't be sure of.
    const unsure = !edited && parameters.length > 0;
    if (edited || unsure || details.length === 0) {
      details.unshift({ Target, Evaluation: unsure ? 'Dynamic' : 'Static', ChangeSource: 'DirectModification' });
    }
    return details;
  });
}

/** Details for values that may change, because what they refer to does. */
export function referenceDetails(subject: Subject, changes: readonly PropertyChange[]): ResourceChangeDetail[] {
  const { definition, type, outcomes } = subject;
  return Object.entries(definition.properties).flatMap(([name, value]) => {
    if (changes.some(({ path }) => path[0] === name)) return [];
    const recreation = type?.replace.has(name)
      ? 'Always'
      : type?.maybe.has(name) || type?.maybe.has('*')
        ? 'Conditionally'
        : 'Never';
    return changingReferences(value, outcomes).map(
      (cause): ResourceChangeDetail => ({
        Target: { ...target(name, recreation), Path: `/Properties/${name}` },
        ...cause,
      }),
    );
  });
}

/** Details for what is beside the properties: policies, metadata, and the stack's own tags. */
export function attributeDetails(
  before: TemplateResource,
  after: TemplateResource,
  tagsChanged: boolean,
  tags: { before: readonly Tag[]; after: readonly Tag[] },
): ResourceChangeDetail[] {
  const compared: ['Metadata' | 'DeletionPolicy' | 'UpdateReplacePolicy', Json | undefined, Json | undefined][] = [
    ['Metadata', before.metadata, after.metadata],
    ['DeletionPolicy', before.deletionPolicy, after.deletionPolicy],
    ['UpdateReplacePolicy', before.updateReplacePolicy, after.updateReplacePolicy],
  ];
  const details = compared.flatMap(([Attribute, left, right]): ResourceChangeDetail[] => {
    if (sameValue(left, right)) return [];
    const values = {
      BeforeValue: text(left),
      AfterValue: text(right),
      AttributeChangeType: changeType({ before: left, after: right }),
    };
    const Target = { Attribute, RequiresRecreation: 'Never' as const, Path: `/${Attribute}`, ...values };
    return [{ Target, Evaluation: 'Static', ChangeSource: 'DirectModification' }];
  });
  if (!tagsChanged) return details;
  const values = { BeforeValue: JSON.stringify(tags.before), AfterValue: JSON.stringify(tags.after) };
  const Target = { Attribute: 'Tags' as const, RequiresRecreation: 'Never' as const, Path: '/Tags', ...values };
  return [...details, { Target, Evaluation: 'Static', ChangeSource: 'DirectModification' }];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html, Replacement */
export function replacementOf(details: readonly ResourceChangeDetail[]): Replacement {
  let worst: Recreation = 'Never';
  for (const { Target, Evaluation } of details) {
    const wanted = Target?.RequiresRecreation ?? 'Never';
    worst = worse(worst, wanted === 'Always' && Evaluation === 'Dynamic' ? 'Conditionally' : wanted);
  }
  return { Always: 'True', Conditionally: 'Conditional', Never: 'False' }[worst] as Replacement;
}
