import { type Json, sha256 } from '../../../../../src/kernel/digest.ts';
import { type Effect, worse } from '../../../../../src/kernel/effects.ts';
import { bounded } from '../../../../../src/kernel/safe-text.ts';
import type { TagRules } from '../../../../../src/kernel/tag-effect.ts';
import type { ResourcePolicies, TemplateFacts } from '../../../../ports/cloudformation.ts';
import type { NameTree } from '../../../../ports/made-names.ts';
import type { Verdict } from '../../../knowledge/verdict.ts';
import { type Finding, finding } from '../finding.ts';
import type { Settings } from '../resource-settings.ts';
import type { Named, Own } from './named-things.ts';

/** Where in a resource the value is that a rule looks at. */
export interface Place {
  /** Its steps, before and after: an entry of a list may have another place than it had. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly resource: Subject;
}

/** The resource that changes. */
export interface Subject {
  /** Its logical id. */
  readonly id: string;
  /** Nothing was there that could be interrupted, weakened or deleted. */
  readonly isNew: boolean;
  /** AWS says itself that it makes a new one in its place, or may. */
  readonly isReplaced: boolean;
  /** It only ties others together. */
  readonly isTie: boolean;
  readonly before: Settings | undefined;
  readonly after: Settings | undefined;
  /** The values that the template takes from itself, in its text of before and after. */
  readonly ownBefore: Own;
  readonly ownAfter: Own;
  /** As whom it will act or run code that its template doesn't make: nothing here says what they may do. */
  readonly identities: readonly Omit<Named, 'isOwn'>[];
  /** Properties that are code and carry whom it runs as, as the definition of a task does. */
  readonly carrying: readonly string[];
  /** By logical id, all that the new template has. */
  readonly resources: TemplateFacts['resources'];
  /** Of a security group: its VPC, in the words of `ResourcePolicies`. */
  readonly network: string | undefined;
  readonly type: string;
  /** What its texts name of the template's own, by the template that the stack runs and by the new one. */
  readonly namesBefore: NameTree | undefined;
  readonly names: NameTree | undefined;
  /** The account that it is in; undefined where that isn't known. */
  readonly account: string | undefined;
  readonly tagRules: TagRules;
  /** What its values are worked out from, by the new template, in the words of `ResourcePolicies`. */
  readonly sources: ResourcePolicies['value_sources'];
  /** What its members are made by may change, and those that run stay. */
  readonly keepsMembers: boolean;
  /** How it is updated, by the new template; `null` stands for what can't be worked out. */
  readonly updatePolicy: Json | undefined;
  /** Logical ids of what the same change set makes new in this template. */
  readonly added: ReadonlySet<string>;
}

/** What each effect means for those who depend on the resource. */
const MEANS: Readonly<Record<Verdict, string>> = {
  modify: 'is noticed by nobody',
  disrupt: 'may interrupt what runs',
  expose: 'may let others do or reach more',
  weaken: 'may protect, keep or record less',
  replace: 'may put new ones in place of what is there, without what is stored in it',
  delete: 'may lose what is stored or comes in',
};

export function within(place: Place, step: string): Place {
  return { ...place, before: [...place.before, step], after: [...place.after, step] };
}

/** A finding of a value. Of a new resource only `expose` is said, and what nobody judged: nothing was there to lose. */
export function say(place: Place, effect: Effect, why: string, weight?: number): readonly Finding[] {
  if (effect === 'modify') return [];
  if (place.resource.isNew && effect !== 'expose' && effect !== 'unjudged') return [];
  return [finding(effect, why, weight)];
}

/** What is said where a row gives the effect alone: `Cpu changes, which may interrupt what runs`. */
export function sayVerdict(place: Place, effect: Verdict, given?: string): readonly Finding[] {
  const what = given ?? (place.resource.isNew ? 'is as it is given' : 'changes');
  return say(place, effect, `${labelOf(place)} ${what}, which ${MEANS[effect]}`);
}

/** Nobody wrote down what this value does. Its reason is its name alone: several of them are told together. */
/** @param _word none is left: the compiler sees that every word of the language has its rule */
export function unjudged(place: Place, _word?: never): readonly Finding[] {
  return say(place, 'unjudged', labelOf(place));
}

/** Of what can't be read the worst is told, once for the whole. */
export function worstOf(place: Place, found: readonly Finding[]): readonly Finding[] {
  if (found.length === 0) return [];
  const effect = found.map((one) => one.effect).reduce(worse);
  if (effect === 'unjudged') return unjudged(place);
  const recoverable = found.every((one) => one.effect !== effect || one.recoverable);
  const why = `what ${labelOf(place)} will be is hidden, or known only afterwards, so that it ${MEANS[effect as Verdict] ?? 'counts as the worst'}`;
  return [{ effect, why, recoverable }];
}

/** The path for people. Anyone who writes the template names the keys of maps, at any length. */
export function labelOf({ before, after }: Place): string {
  const path = (after.length > 0 ? after : before).join('.');
  return path === '' ? 'a property that AWS does not name' : named(path, 120);
}

/** A text of the template's. One that reads like another finding stays within its quotation marks. */
export function named(text: string, most = 100): string {
  const shown = bounded(text.replaceAll('"', "'"), most, sha256);
  return /^[\w.:/@*-]+$/.test(text) ? shown : `"${shown}"`;
}
