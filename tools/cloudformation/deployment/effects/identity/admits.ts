import type { Json } from '../../../../../src/kernel/digest.ts';
import { madeBy, type NameTree, namesOfMember } from '../../../../ports/made-names.ts';
import { HARMLESS_ANYWHERE, HARMLESS_ON_OWN } from '../../../knowledge/identity/actions.ts';
import { ACTING_SERVICES, CALLING_SERVICES } from '../../../knowledge/identity/services.ts';
import type { Settings } from '../resource-settings.ts';
import { named } from '../rules/place.ts';
import { differenceOf } from './narrower.ts';
import { isOwn, isOwnWhole } from './own.ts';
import { type AccessChange, type AccessFinding, expose } from './permits.ts';
import { letsOneServiceIn, serviceOf } from './services.ts';
import { type Statement, statementsOf, textsOf } from './statements.ts';

/**
 * Who may be a role. A new one is harmless where a single reviewed service of AWS may be it, and nobody else. Of one
 * that is there, what it may do already would be given to those who are added.
 */
export function trusted({ before, after, namesBefore, names, isNew }: AccessChange): readonly AccessFinding[] {
  const [was, will] = [readOf(before, namesBefore), readOf(after, names)];
  const isOne = isNew && will !== undefined && letsOneServiceIn(will);
  return found(was, will, () => isOne, isNew, 'may act as it');
}

/** Who may use a resource, by its own policy. */
export function admitted(change: AccessChange & { readonly account: string | undefined }): readonly AccessFinding[] {
  const { before, after, namesBefore, names, isNew, account } = change;
  const isHarmless = (single: Statement) =>
    (isNew && (isOwnAccount(single, account) || letsServicesEncrypt(single))) ||
    letsOwnRoleIn(single) ||
    letsCallingServiceIn(single);
  return found(readOf(before, namesBefore), readOf(after, names), isHarmless, isNew, 'may use it');
}

/**
 * AWS::Lambda::Permission, whose properties are one statement: harmless for one service that calls for something of the
 * same template, and nothing else.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
export function calledBy(properties: Settings, names: NameTree | undefined): readonly AccessFinding[] {
  const {
    Principal: principal,
    Action: action,
    SourceArn: source,
    FunctionName: _,
    SourceAccount: __,
    ...more
  } = properties;
  const who = typeof principal === 'string' ? principal : undefined;
  const isCall = typeof action === 'string' && action.toLowerCase() === 'lambda:invokefunction';
  const isForOwn =
    typeof source === 'string' && isOwn({ text: source, made: madeBy(namesOfMember(names, 'SourceArn')) });
  if (who !== undefined && isCall && isForOwn && CALLING_SERVICES.has(serviceOf(who)) && Object.keys(more).length === 0)
    return [{ effect: 'modify', why: `${named(who)} may call it for what this template makes` }];
  return [expose(`${who === undefined ? 'someone' : named(who)} may use it${isForOwn ? '' : ', for anyone'}`)];
}

function readOf(value: Json | undefined, names?: NameTree): readonly Statement[] | undefined {
  return value === undefined ? [] : statementsOf(value, names);
}

function found(
  was: readonly Statement[] | undefined,
  will: readonly Statement[] | undefined,
  isHarmless: (single: Statement) => boolean,
  isNew: boolean,
  what: string,
): readonly AccessFinding[] {
  const difference = was && will && differenceOf(was, will, isHarmless);
  if (!difference) return [expose(`who ${what} can't be read`)];
  const worse = [
    ...difference.wider.map(({ principals }) => expose(`${whoText(principals)} ${what}`)),
    ...difference.undenied.map(() => expose('a denial is gone or less than before')),
  ];
  if (worse.length > 0) return worse;
  if (!isNew && difference.less) return [{ effect: 'disrupt', why: `fewer ${what} than before` }];
  const who = [
    ...new Set(will.filter(({ effect }) => effect === 'Allow').map(({ principals }) => whoText(principals))),
  ];
  return [{ effect: 'modify', why: who.length > 0 ? `${who.slice(0, 3).join(', ')} ${what}` : `nobody more ${what}` }];
}

/** A new key: services may encrypt with it, for those who may use what is encrypted. */
function letsServicesEncrypt({ actions, principals }: Statement): boolean {
  const isKnown = (text: string) => ACTING_SERVICES.has(serviceOf(text)) || CALLING_SERVICES.has(serviceOf(text));
  if (!principals || principals.not || actions.not) return false;
  return (
    actions.names.every(
      ({ text }) => /^kms:/.test(text) && (HARMLESS_ON_OWN.has(text) || HARMLESS_ANYWHERE.has(text)),
    ) && principals.names.every(({ kind, text }) => kind === 'Service' && isKnown(text))
  );
}

function isReviewed({ actions }: Statement): boolean {
  return !actions.not && actions.names.every(({ text }) => HARMLESS_ON_OWN.has(text) || HARMLESS_ANYWHERE.has(text));
}

function letsOwnRoleIn(single: Statement): boolean {
  const { principals } = single;
  if (!principals || principals.not || !isReviewed(single)) return false;
  return principals.names.every((one) => one.kind === 'AWS' && isOwnWhole(one, 'AWS::IAM::Role'));
}

function letsCallingServiceIn(single: Statement): boolean {
  const { principals } = single;
  if (!principals || principals.not || !isReviewed(single) || !actsForOwn(single)) return false;
  return principals.names.every(({ kind, text }) => kind === 'Service' && CALLING_SERVICES.has(serviceOf(text)));
}

/** Only operators that are false where the key is missing: `…IfExists` and `ForAllValues:` are true then. */
const MUST_MATCH = ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'];

function actsForOwn({ condition, condition_names }: Statement): boolean {
  return MUST_MATCH.some((operator) => {
    const keys = condition?.[operator];
    if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) return false;
    const within = namesOfMember(condition_names, operator);
    const sources = Object.entries(keys).filter(([key]) => key.toLowerCase() === 'aws:sourcearn');
    const areOwn = ([key, value]: [string, Json | undefined]) =>
      textsOf(value, namesOfMember(within, key))?.every((text) => isOwn(text)) ?? false;
    return sources.length > 0 && sources.every(areOwn);
  });
}

/** The account itself: what its own policies say holds, and nothing more. */
function isOwnAccount({ principals }: Statement, account: string | undefined): boolean {
  if (!principals || principals.not || !/^\d{12}$/.test(account ?? '')) return false;
  const own = new RegExp(`^(arn:(aws|aws-cn|aws-us-gov):iam::${account}:root|${account})$`);
  return principals.names.every(({ kind, text }) => kind === 'AWS' && own.test(text));
}

function whoText(principals: Statement['principals']): string {
  if (!principals || principals.not) return 'everyone but some';
  const [first, ...more] = principals.names;
  const name = first?.made?.map(({ logical_id }) => logical_id).join(' or ') ?? named(first?.text ?? '');
  const who = first?.text === '*' ? 'everyone' : name;
  return more.length > 0 ? `${who} and ${more.length} more` : who;
}
