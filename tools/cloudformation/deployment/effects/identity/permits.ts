import type { Json } from '../../../../../src/kernel/digest.ts';
import type { NameTree } from '../../../../ports/made-names.ts';
import { HARMLESS_ANYWHERE, HARMLESS_ON_NEW, HARMLESS_ON_OWN } from '../../../knowledge/identity/actions.ts';
import { EVERYONE, EVERYTHING } from '../finding.ts';
import { isUntold, same } from '../resource-settings.ts';
import { named } from '../rules/place.ts';
import { isHarmlessPolicy, onlyAllows, policyText } from './managed-policies.ts';
import { differenceOf } from './narrower.ts';
import { isAdded, isOwn, isSame } from './own.ts';
import { rightsOf } from './rights.ts';
import { onlyService } from './services.ts';
import type { Name, Statement } from './statements.ts';

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
  /** New, for something that was there before: what it denies is less than before. */
  readonly isOnStanding: boolean;
  /** Logical ids of what is new in the same template. */
  readonly added: ReadonlySet<string>;
}

export interface AccessFinding {
  readonly effect: 'modify' | 'disrupt' | 'expose';
  readonly why: string;
  readonly weight?: number;
}

interface Permitted extends AccessChange {
  readonly isForOwnCode: boolean;
  readonly trust: Json | undefined;
  readonly inline: Json | undefined;
}

/**
 * What an identity may do after a change that it mightn't before: policies, and lists of them. It is harmless where it
 * was reviewed on whatever it is done, or on what the same template makes; anything else is `expose`. Conditions only
 * take away, so that none makes a permission harmless.
 * @param change.isForOwnCode whether nobody else gets what it says
 * @param change.trust of a role, who may be it
 * @param change.inline of a role, its inline policies
 */
export function permitted(change: Permitted): readonly AccessFinding[] {
  const { before, after, namesBefore, names, isNew, isForOwnCode: isOurs } = change;
  const holder = isNew ? { service: onlyService(change.trust), inline: change.inline } : undefined;
  const [was, will] = [rightsOf(before, namesBefore), rightsOf(after, names)];
  const difference =
    was &&
    will &&
    differenceOf(was.statements, will.statements, (single) => isOurs && isHarmless(single, change.added));
  if (!difference) return [expose("may do something that can't be read", EVERYONE)];
  const without = (some: readonly Name[], others: readonly Name[]) =>
    some.filter((policy) => !others.some((other) => isSame(policy, other)));
  const [added, taken] = [without(will.managed, was.managed), without(was.managed, will.managed)];
  const worse = [
    ...difference.wider.map((single) =>
      expose(
        `${allowanceText(single)}${isHarmless(single, change.added) ? ', which others than its own code would get' : ''}`,
        weightOf(single),
      ),
    ),
    ...difference.undenied.map((denial) => expose(`is no longer denied ${actionsText(denial)}`, weightOf(denial))),
    ...added
      .filter((policy) => !(isOurs && isHarmlessPolicy(policy, holder)))
      .map((policy) => expose(policyText(policy), MANAGED)),
    // What it says isn't read here; it may deny.
    ...taken
      .filter((policy) => !onlyAllows(policy))
      .map(({ text }) => expose(`no longer has ${named(text)}, which may deny something`, MANAGED)),
  ];
  if (worse.length > 0) return worse;
  const isLess = isNew ? change.isOnStanding && will.statements.some(isDenial) : difference.less || taken.length > 0;
  if (isLess) return [{ effect: 'disrupt', why: 'may do less than before' }];
  return [
    { effect: 'modify', why: 'may do no more than what was reviewed as harmless, or reach what this template makes' },
  ];
}

/**
 * Does it deny what was allowed? Not where only those are denied who call without TLS, as AWS recommends for every
 * bucket, queue and topic: its SDKs and tools never do.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export function isDenial({ effect, condition }: Statement): boolean {
  const ofPlainHttp = [false, 'false'].map((value) => ({ Bool: { 'aws:SecureTransport': value } }));
  return effect === 'Deny' && !ofPlainHttp.some((one) => same(condition, one));
}

/** A single permission. */
function isHarmless({ actions, resources, principals }: Statement, added: ReadonlySet<string>): boolean {
  if (actions.not || !resources || resources.not || principals) return false;
  const areOwn = resources.names.every((name) => isOwn(name));
  const areNew = areOwn && resources.names.every((name) => isAdded(name, added));
  const isDone = (action: string) =>
    HARMLESS_ANYWHERE.has(action) || (areOwn && HARMLESS_ON_OWN.has(action)) || (areNew && HARMLESS_ON_NEW.has(action));
  return actions.names.every(({ text }) => isDone(text));
}

export function expose(why: string, weight = 0): AccessFinding {
  return { effect: 'expose', why, weight };
}

const ALL = /^[*?]+(:[*?]+)?$/;
const ALL_OF_ONE = /:\*$/;
/**
 * What gives rights, or takes them, or opens what is encrypted: all of these services but what only tells of it. By a
 * pattern of services it may be any of them.
 */
const MIGHTY =
  /^[^:]*[*?]|^(iam|kms|organizations):(?!(get|list|describe)[a-z])|^sts:(?!(getcalleridentity|getaccesskeyinfo|decodeauthorizationmessage)$)/;
/** One that isn't read here may say anything, as one that says all but some actions. Only all of it is surely more. */
const MANAGED = EVERYTHING + 3;

const ANYWHERE = /^(arn:)?[*?:]+$/;

/** One action on everything is more than all of a service's on one thing. What can't be read may be everything. */
function weightOf({ actions, resources }: Statement): number {
  const isAnywhere =
    !resources ||
    resources.not ||
    resources.names.some((one) => ANYWHERE.test(one.text) || (isUntold(one.text) && !isOwn(one)));
  const says = (what: RegExp) => !actions.not && actions.names.some(({ text }) => what.test(text) || isUntold(text));
  if (says(ALL) && isAnywhere) return EVERYONE;
  const what = says(ALL) || says(MIGHTY) ? EVERYTHING + 1 : actions.not ? EVERYTHING : says(ALL_OF_ONE) ? 1 : 0;
  return what + (isAnywhere ? 2 : 0);
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
