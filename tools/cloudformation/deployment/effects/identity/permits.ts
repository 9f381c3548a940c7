import type { Json } from '../../../../../src/kernel/digest.ts';
import { type NameTree, namesOfItems, namesOfMember } from '../../../../ports/made-names.ts';
import { HARMLESS_ANYWHERE, HARMLESS_ON_OWN } from '../../../knowledge/identity/actions.ts';
import { HARMLESS_FOR, HARMLESS_POLICIES } from '../../../knowledge/identity/managed.ts';
import { isSettings, isUntold } from '../resource-settings.ts';
import { named } from '../rules/place.ts';
import { differenceOf } from './narrower.ts';
import { isOwn, isOwnWhole, isSame } from './own.ts';
import { onlyService } from './services.ts';
import { type Name, type Statement, statementsOf, textsOf, whole } from './statements.ts';

/** A property that says who may do what, as AWS shows it. */
export interface AccessChange {
  /** Undefined: it wasn't there, or isn't any more. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** What the texts of `before` name, by the template that the stack runs. */
  readonly namesBefore: NameTree | undefined;
  /** What the texts of `after` name, by the new template. */
  readonly names: NameTree | undefined;
  readonly isNew: boolean;
  /** Logical ids of what is new in the same template. */
  readonly added: ReadonlySet<string>;
}

export interface AccessFinding {
  readonly effect: 'modify' | 'disrupt' | 'expose';
  readonly why: string;
}

interface Rights {
  readonly statements: readonly Statement[];
  /** Managed policies, by their ARNs. */
  readonly managed: readonly Name[];
}

/**
 * What an identity may do after a change that it mightn't before: policies, and lists of them. It is harmless where it
 * was reviewed on whatever it is done, or on what the same template makes; anything else is `expose`. Conditions only
 * take away, so that none makes a permission harmless.
 * @param change.trust of a role, who may be it
 */
export function permitted(change: AccessChange & { readonly trust: Json | undefined }): readonly AccessFinding[] {
  const { before, after, namesBefore, names, isNew } = change;
  const service = isNew ? onlyService(change.trust) : undefined;
  // What a role that is there may do more, everyone may do who may be it: others than a service aren't the template's.
  const isOurs = isNew || change.trust === undefined || onlyService(change.trust) !== undefined;
  const [was, will] = [rightsOf(before, namesBefore), rightsOf(after, names)];
  const difference =
    was && will && differenceOf(was.statements, will.statements, (single) => isOurs && isHarmless(single));
  if (!difference) return [expose("may do something that can't be read")];
  const without = (some: readonly Name[], others: readonly Name[]) =>
    some.filter((policy) => !others.some((other) => isSame(policy, other)));
  const [added, taken] = [without(will.managed, was.managed), without(was.managed, will.managed)];
  const worse = [
    ...difference.wider.map((single) => expose(allowanceText(single))),
    ...difference.undenied.map((denial) => expose(`is no longer denied ${actionsText(denial)}`)),
    ...added
      .filter((policy) => !(isOurs && isHarmlessPolicy(policy, service)))
      .map(({ text }) => expose(`may do what ${named(text)} says`)),
    // What it says isn't read here; it may deny.
    ...taken
      .filter((policy) => !isReviewed(policy))
      .map(({ text }) => expose(`no longer has ${named(text)}, which may deny something`)),
  ];
  if (worse.length > 0) return worse;
  if (!isNew && (difference.less || taken.length > 0)) return [{ effect: 'disrupt', why: 'may do less than before' }];
  return [
    { effect: 'modify', why: 'may do no more than what was reviewed as harmless, or reach what this template makes' },
  ];
}

/** A policy, a list of inline ones (`{PolicyName, PolicyDocument}`) or of managed ones' ARNs. */
function rightsOf(value: Json | undefined, names?: NameTree): Rights | undefined {
  if (value === undefined) return { statements: [], managed: [] };
  if (isSettings(value)) {
    const statements = statementsOf(value, names);
    return statements && { statements, managed: [] };
  }
  if (!Array.isArray(value)) return undefined;
  if (value.length === 0) return { statements: [], managed: [] };
  if (value.every((one) => typeof one === 'string')) {
    const managed = textsOf(value, names);
    return managed && { statements: [], managed };
  }
  const within = namesOfItems(names, value.length);
  const inline = whole(
    value.map((one, at) => {
      const known =
        isSettings(one) && Object.keys(one).every((key) => key === 'PolicyName' || key === 'PolicyDocument');
      return known ? statementsOf(one.PolicyDocument, namesOfMember(within[at], 'PolicyDocument')) : undefined;
    }),
  );
  return inline && { statements: inline.flat(), managed: [] };
}

/** A single permission. */
function isHarmless({ actions, resources, principals }: Statement): boolean {
  if (actions.not || !resources || resources.not || principals) return false;
  const isDone = (action: string) =>
    HARMLESS_ANYWHERE.has(action) || (HARMLESS_ON_OWN.has(action) && resources.names.every((name) => isOwn(name)));
  return actions.names.every(({ text }) => isDone(text));
}

/** AWS's own, or one that this plan makes and judges. One that is there already may say anything. */
function isHarmlessPolicy(policy: Name, service: string | undefined): boolean {
  if (isReviewed(policy)) return true;
  const name = ofAws(policy);
  if (service !== undefined && Object.hasOwn(HARMLESS_FOR, name) && HARMLESS_FOR[name] === service) return true;
  return isUntold(policy.text) && isOwnWhole(policy, 'AWS::IAM::ManagedPolicy');
}

function isReviewed(policy: Name): boolean {
  return HARMLESS_POLICIES.has(ofAws(policy));
}

/** What follows `arn:aws:iam::aws:policy/`; empty for a policy of others. */
function ofAws({ text }: Name): string {
  return /^arn:(?:aws|aws-cn|aws-us-gov):iam::aws:policy\/(.+)$/.exec(text)?.[1] ?? '';
}

export function expose(why: string): AccessFinding {
  return { effect: 'expose', why };
}

function allowanceText({ actions, resources }: Statement): string {
  const what = actionsText({ actions });
  if (!resources) return `may do ${what}`;
  if (resources.not) return `may do ${what} on everything but some things`;
  const [first] = resources.names;
  if (first?.text === '*') return `may do ${what} on everything`;
  if (first && isOwn(first)) return `may do ${what} on ${first.made?.map(({ logical_id }) => logical_id).join(' or ')}`;
  const where = first === undefined || isUntold(first.text) ? 'what only the execution will tell' : named(first.text);
  return `may do ${what} on ${where}, which this template doesn't make`;
}

function actionsText({ actions }: Pick<Statement, 'actions'>): string {
  if (actions.not) return 'everything but some actions';
  return actions.names
    .slice(0, 3)
    .map(({ text }) => (text === '*' ? 'everything' : named(text)))
    .join(', ');
}
