import { sha256 } from '../../../../src/kernel/digest.ts';
import { EFFECTS, isDestructive, worse } from '../../../../src/kernel/effects.ts';
import type { Impact, PropertyDifference } from '../../../../src/kernel/plan.ts';
import { bounded } from '../../../../src/kernel/safe-text.ts';
import type { TagRules } from '../../../../src/kernel/tag-effect.ts';
import type {
  Opinion,
  PropertyChange,
  ResourceChange,
  ResourcePolicies,
  TemplateFacts,
} from '../../../ports/cloudformation.ts';
import { propertyDifferences } from '../../../property-differences.ts';
import type { Knowledge, TypeKnowledge } from '../../knowledge/language.ts';
import type { Verdict } from '../../knowledge/verdict.ts';
import { NESTED_STACK } from '../../stack/inventory.ts';
import type { Looked } from '../levels.ts';
import { attributePolicies } from './attribute-policies.ts';
import { weakenedPolicies } from './deletion-policies.ts';
import { type Finding, finding, unknown } from './finding.ts';
import { readsGroup } from './group-rules.ts';
import { isAccessRead } from './identity/read-types.ts';
import { judgedProperties } from './judged.ts';
import { lostSecrets, openedSecrets, type Unkept } from './lost-secrets.ts';
import { isKept, modification } from './modification.ts';
import { joined, notesOn } from './notes.ts';
import { propertiesOf } from './resource-settings.ts';
import { revisionGone } from './revisions.ts';
import { isAmongNew } from './rules/among.ts';
import { runsAs } from './rules/contents.ts';
import type { Subject } from './rules/place.ts';
import { subjectOf } from './subject.ts';
import { carriedOut, stackTags } from './template-attributes.ts';

/**
 * Types behind which stands code, a template or other accounts' stacks: what they do isn't in the change set. Whatever
 * isn't AWS's own (`Custom::`, types of third parties and of the account itself) runs code of its own, and of
 * AWS::CloudFormation only nested stacks, which are looked at on their own, handles to wait for, and hooks by rules are
 * known not to.
 */
const OPAQUE =
  /^(?!AWS::)|^AWS::CloudFormation::(?!(Stack|WaitConditionHandle|GuardHook|HookTypeConfig)$)|^AWS::(ServiceCatalog::CloudFormationProvisionedProduct|SSM::(Association|MaintenanceWindowTask))$/;

/** Its properties are its code's own. */
const CUSTOM_RESOURCE = 'AWS::CloudFormation::CustomResource';

/**
 * Types that neither open anything nor act on others when they are new, so that the endpoint need not show what they
 * would be (moto).
 */
const CLOSED_TYPES = /^AWS::(SQS::Queue|Events::Archive|CloudFormation::WaitConditionHandle)$/;

const SHOWN_REASONS = 12;
const SHOWN_DOUBTS = 3;

/** What is known of a changed resource beside the change itself. */
export interface Sight {
  /** Its logical id, after those of the nested stacks around it. */
  readonly name: string;
  readonly before: ResourcePolicies | undefined;
  readonly after: ResourcePolicies | undefined;
  /** For a nested stack: whether its own changes are listed too. */
  readonly looked: Looked;
  readonly opinions: readonly Opinion[];
  /** Why what AWS says of the change isn't believed, in words. */
  readonly doubts: readonly string[];
  /** What the last drift detection found of it. */
  readonly drift?: string;
  /** What was found to be changed by hand while the plan was made, in words. */
  readonly by_hand?: readonly string[];
  /** What is said of a change in place beside its effect. */
  readonly notes?: readonly string[];
  /** Properties of which the new template takes nothing from a secret any more. */
  readonly unkept?: readonly Unkept[];
  readonly knowledge: Knowledge;
  readonly tagRules: TagRules;
  /** Logical ids of what is new in the same template. */
  readonly added: ReadonlySet<string>;
  /** By logical id, all that the new template has. */
  readonly resources?: TemplateFacts['resources'];
  /** The account that the stack is in. */
  readonly account?: string;
  /** Of a custom resource: as whom its code runs, where that is as new as it is. */
  readonly runs_as?: string;
}

/**
 * What one change of a change set really does. The change set is the authority; what isn't in it can only raise the
 * effect. What is new to us, or what AWS leaves open, is `unknown`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export function impactOf(change: ResourceChange, sight: Sight): Impact {
  const row = sight.knowledge.get(change.type);
  const raises = raisesOf(change, row, sight);
  const isHarmless = row?.tie === true && !raises.some(({ effect }) => isDestructive(effect));
  const findings = [baseOf(change, row, sight, isHarmless), ...doubted(sight), ...raises];
  const effect = findings.map((finding) => finding.effect).reduce(worse);
  const weight = Math.max(...findings.map((finding) => finding.weight ?? 0));
  const [base] = findings;
  const sorted = findings.toSorted(byWeight);
  const decisive = sorted.filter((one) => one.effect === effect);
  const others = sorted.filter((one) => one.effect !== effect && (one !== base || isDestructive(one.effect)));
  const reasons = joined([
    ...new Set([...decisive.map(({ why }) => why), ...atLeast(change, others), ...others.map(({ why }) => why)]),
    ...notesOn(change, row),
    ...(change.action === 'Modify' && change.type !== NESTED_STACK ? (sight.notes ?? []) : []),
  ]);
  const left = reasons.length - SHOWN_REASONS;
  const texts = [...reasons.slice(0, SHOWN_REASONS), ...(left > 0 ? [`and ${left} more reasons`] : [])];
  return {
    resource: change.physical_id || sight.name || 'unnamed',
    type: change.type,
    effect,
    detail: `${sight.name}: ${texts.join('; ')}`,
    recoverable: decisive.every((finding) => finding.recoverable),
    ...(weight > 0 ? { weight } : {}),
    ...propertyDifferences(change.properties.map((one) => differenceOf(one, isKept(change, row)))),
  };
}

/** The worst effect first, and of one what weighs most. */
function byWeight(a: Finding, b: Finding): number {
  const [first, second] = [a, b].map(({ effect }) => EFFECTS.indexOf(effect)) as [number, number];
  return second - first || (b.weight ?? 0) - (a.weight ?? 0);
}

/** What may do anything does at least what its row says of it. */
function atLeast({ type }: ResourceChange, others: readonly Finding[]): readonly string[] {
  const known = others.map(({ effect }) => effect).filter(isDestructive);
  return OPAQUE.test(type) && known.length > 0 ? [`by what is known of it at least ${known.reduce(worse)}`] : [];
}

function baseOf(change: ResourceChange, row: TypeKnowledge | undefined, sight: Sight, isHarmless: boolean): Finding {
  const { action, type, nested_change_set } = change;
  if (sight.runs_as !== undefined && action === 'Add')
    return finding('create', `created by new code, which may do what ${sight.runs_as} may, and nothing else`);
  if (OPAQUE.test(type))
    return unknown(`${action} of what may do anything: its type is not one whose changes AWS lists`);
  if ((type === NESTED_STACK || nested_change_set !== undefined) && action !== 'Remove')
    return ofNestedStack(change, sight);
  switch (action) {
    case 'Add':
      if (propertiesOf(change.after_context) === undefined && !CLOSED_TYPES.test(type))
        return unknown('created, and AWS does not show what it would be');
      return creation(row, subjectOf(change, sight));
    case 'Remove':
      return removal(change, row, sight);
    case 'Modify':
      return modification(change, row, sight.after, isHarmless);
    case 'Import':
      return importing(sight);
    case 'SyncWithActual':
      return { effect: 'modify', why: "only CloudFormation's own record changes", recoverable: true };
    default:
      return unknown(`AWS does not say what it would do (${bounded(action, 40, sha256)})`);
  }
}

/** What a nested stack does is in its own lines; this one only says that they are there. */
function ofNestedStack({ action, replacement }: ResourceChange, { looked }: Sight): Finding {
  if (looked === 'hidden' || (action !== 'Add' && action !== 'Modify'))
    return unknown(`${action} of a nested stack, whose own changes are not listed`);
  if (action === 'Add') return { effect: 'create', why: 'a nested stack is created', recoverable: true };
  if (replacement !== undefined && replacement !== 'False')
    return { effect: 'replace', why: 'the nested stack may be replaced with all that it has', recoverable: false };
  const what = looked === 'same' ? 'AWS finds no change in it' : 'what changes in it is listed';
  return { effect: 'modify', why: `a nested stack: ${what}`, recoverable: true };
}

/**
 * The resource stays as it is: AWS doesn't even compare it with the template. But anyone who deletes the stack then
 * deletes it, unless its policy keeps it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
 */
function importing({ after }: Sight): Finding {
  const why = 'taken under the management of the stack as it is; AWS does not check it against the template';
  const kept = after?.deletion_policy === 'Retain' || after?.deletion_policy === 'RetainExceptOnCreate';
  if (kept) return { effect: 'modify', why, recoverable: true };
  const policy = after?.deletion_policy ?? 'not told';
  return { effect: 'weaken', why: `${why}; it would go with the stack (DeletionPolicy ${policy})`, recoverable: true };
}

/** What a new one does by being there. */
const BY_BEING_THERE: Readonly<Record<Verdict, string>> = {
  modify: 'created',
  disrupt: 'created, which may interrupt what is there already',
  expose: 'created, which may let others do or reach more',
  weaken: 'created, which may protect, keep or record less',
  replace: 'created, which may end what runs for new ones',
  delete: 'created, which may delete what is stored',
};

function creation(row: TypeKnowledge | undefined, subject: Subject): Finding {
  const by = row?.new ?? 'create';
  const effect = typeof by === 'string' ? by : isAmongNew(by.among, subject) ? 'create' : by.otherwise;
  return finding(effect, effect === 'create' ? 'created' : BY_BEING_THERE[effect]);
}

/** In the place of one that is replaced a new one stands, which does what new ones do: it grants something else. */
function remade(row: TypeKnowledge, { isReplaced }: Subject): readonly Finding[] {
  const { new: effect, revision } = row;
  if (!isReplaced || revision || typeof effect !== 'string' || effect === 'create') return [];
  return [finding(effect, `the new one is ${BY_BEING_THERE[effect]}`)];
}

function removal(change: ResourceChange, row: TypeKnowledge | undefined, sight: Sight): Finding {
  const { policy_action } = change;
  if (row?.revision) return revisionGone(change, row.revision, sight);
  switch (policy_action) {
    case 'Retain':
      return { effect: 'weaken', why: 'stays, but no stack manages or protects it any more', recoverable: true };
    case 'Snapshot':
      return { effect: 'delete', why: 'deleted after a final snapshot', recoverable: true };
    default:
      if (row?.gone !== undefined) return finding(row.gone, 'removed');
      return row?.holds ? finding('delete', 'deleted with all that is stored in it', 1) : finding('delete', 'deleted');
  }
}

function raisesOf(change: ResourceChange, row: TypeKnowledge | undefined, sight: Sight): readonly Finding[] {
  const { before, after, drift, by_hand = [], looked, opinions, unkept = [] } = sight;
  const hooked = change.hooks
    ? [unknown(`hooks of the account run with it (${change.hooks}), and may do anything`)]
    : [];
  const policies = weakenedPolicies(before, after, change).map((why) => finding('weaken', why));
  // A nested stack's own properties only say what its resources are, and those have lines of their own.
  if (change.type === NESTED_STACK && looked !== 'hidden') return [...hooked, ...policies];
  // Of a type that may do anything what its row knows is said all the same: which protection falls.
  const isSeen = !OPAQUE.test(change.type) || (row !== undefined && change.type !== CUSTOM_RESOURCE);
  const isJudged = (change.action === 'Add' || change.action === 'Modify') && isSeen;
  const always = [
    ...hooked,
    ...(row && change.action === 'Modify' ? remade(row, subjectOf(change, sight)) : []),
    ...(isJudged ? judgedProperties(change, row, subjectOf(change, sight)) : []),
    ...opinions.flatMap((opinion) => ofOpinion(opinion, change, row, sight)),
  ];
  if (change.action !== 'Modify') return always;
  return [
    ...always,
    ...(by_hand.length > 0 ? by_hand : drifted(drift)).map((why) => finding('disrupt', why)),
    ...attributePolicies(before, after, change.properties),
    ...stackTags(change, sight.tagRules).map((why) => finding('weaken', why)),
    ...lostSecrets(change).map((why) => ({ effect: 'disrupt' as const, why, recoverable: false })),
    ...openedSecrets(change, unkept),
    ...policies,
    ...carriedOut(change).map((why) => finding(runsAs(subjectOf(change, sight)).length > 0 ? 'expose' : 'weaken', why)),
  ];
}

function ofOpinion(
  { effect, why, about }: Opinion,
  change: ResourceChange,
  row: TypeKnowledge | undefined,
  sight: Sight,
): readonly Finding[] {
  if (about === 'access' && row && isAccessRead(change.type)) return [];
  if (about === 'network' && row && readsGroup(subjectOf(change, sight))) return [];
  if (about === 'maybe' && isKept(change, row)) return [];
  return effect === 'replace' && (row?.revision || row?.tie) ? [] : [finding(effect, why)];
}

/**
 * Someone changed it outside the stack, in an incident perhaps: what AWS shows as its present state isn't it, and
 * writing the template's values may undo what keeps it running. That is an interruption for all that is known. A drift
 * that nobody has looked for stays unseen.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
 */
function drifted(drift: string | undefined): readonly string[] {
  if (drift === 'MODIFIED')
    return ['it was changed outside the stack: its present state is not what is shown, and may be undone'];
  if (drift === 'DELETED') return ['it was deleted outside the stack'];
  return [];
}

/** What isn't understood, or doesn't fit, may be anything. */
function doubted({ doubts }: Sight): readonly Finding[] {
  return doubts.length > 0
    ? [unknown(`AWS's answer is not believed: ${doubts.slice(0, SHOWN_DOUBTS).join('; ')}`)]
    : [];
}

function differenceOf(
  { attribute, name, before, after, requires_recreation }: PropertyChange,
  stays: boolean,
): PropertyDifference {
  return {
    name: name || attribute,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(requires_recreation === 'Always' ? { replaces: 'always' } : {}),
    ...(requires_recreation === 'Conditionally' && !stays ? { replaces: 'maybe' } : {}),
  };
}
