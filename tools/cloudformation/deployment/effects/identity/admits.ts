import type { Json } from '../../../../../src/kernel/digest.ts';
import { madeBy, type NameTree, namesOfMember } from '../../../../ports/made-names.ts';
import { CALLING_SERVICES } from '../../../knowledge/identity/services.ts';
import { EVERYONE, EVERYTHING } from '../finding.ts';
import { type Settings, same } from '../resource-settings.ts';
import { named } from '../rules/place.ts';
import {
  ACCOUNT_ID,
  isOwnAccount,
  isUsedThroughServices,
  letsCallingServiceIn,
  letsNewOriginRead,
  letsNewRoleEmpty,
  letsNewRolesIn,
  letsOwnRoleIn,
  letsServiceSend,
  letsServicesEncrypt,
} from './lets-in.ts';
import { differenceOf } from './narrower.ts';
import { isOwn, isSame } from './own.ts';
import { type AccessChange, type AccessFinding, expose, isDenial } from './permits.ts';
import { isAssuming, letsOneServiceIn, serviceOf } from './services.ts';
import { type Statement, statementsOf } from './statements.ts';

/**
 * Who may be a role. A new one is harmless where a single reviewed service of AWS may be it, or roles of the same
 * template that are as new as it is, and nobody else. Of one that is there, what it may do already would be given to
 * those who are added.
 */
export function trusted(change: AccessChange): readonly AccessFinding[] {
  const { before, after, namesBefore, names, isNew, added } = change;
  const [was, will] = [readOf(before, namesBefore), readOf(after, names)];
  const isOurs = (single: Statement) => isAssuming(single) && letsNewRolesIn(single, added);
  const isOne = letsOneServiceIn(will?.filter((statement) => !isOurs(statement)) ?? []);
  return found(was, will, (single) => isNew && (isOurs(single) || isOne), change, 'may act as it');
}

/** Who may use a resource, by its own policy. */
export function admitted(
  change: AccessChange & { readonly account: string | undefined; readonly isOwnCode: (role: string) => boolean },
): readonly AccessFinding[] {
  const { before, after, namesBefore, names, isNew, added, account, isOwnCode } = change;
  const isHarmless = (single: Statement) =>
    (isNew &&
      (isOwnAccount(single, account) || isUsedThroughServices(single, account) || letsServicesEncrypt(single))) ||
    letsOwnRoleIn(single, isOwnCode) ||
    letsNewRoleEmpty(single, added) ||
    letsNewOriginRead(single, added) ||
    letsCallingServiceIn(single) ||
    letsServiceSend(single, added, account);
  return found(readOf(before, namesBefore), readOf(after, names), isHarmless, change, 'may use it');
}

/** The properties of AWS::Lambda::Permission, and what their texts name. */
export interface Call {
  readonly properties: Settings;
  readonly names: NameTree | undefined;
}

/** What else counts of a new one: what is as new as it is, and the account that it is in. */
type Around = Pick<AccessChange, 'added'> & { readonly account: string | undefined };

/**
 * AWS::Lambda::Permission, whose properties are one statement: harmless for one service that calls for something of the
 * same template, and nothing else.
 * @param before the statement whose place it takes; undefined for a new one
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
export function calledBy(call: Call & Around, before: Call | undefined): readonly AccessFinding[] {
  const { properties, names, added, account } = call;
  const {
    Principal: principal,
    Action: action,
    SourceArn: source,
    FunctionName: _,
    SourceAccount: from,
    ...more
  } = properties;
  const who = typeof principal === 'string' ? principal : undefined;
  const isCall = typeof action === 'string' && action.toLowerCase() === 'lambda:invokefunction';
  const isForOwn =
    typeof source === 'string' && isOwn({ text: source, made: madeBy(namesOfMember(names, 'SourceArn')) });
  const isService = who !== undefined && CALLING_SERVICES.has(serviceOf(who));
  if (isService && isCall && isForOwn && Object.keys(more).length === 0)
    return before && !isSameCall(before, call)
      ? [{ effect: 'disrupt', why: `${named(who)} may call it for something else than before` }]
      : [{ effect: 'modify', why: `${named(who)} may call it for what this template makes` }];
  const isFrom = from === account && ACCOUNT_ID.test(account ?? '');
  if (!before && isService && isCall && isFrom && Object.keys(more).length === 0 && isNewFunction(names, added))
    return [{ effect: 'modify', why: `${named(who)} may call it for this account; it is new` }];
  const whom = who === undefined ? 'someone' : named(who);
  return [
    expose(`${whom} may use it${isForOwn ? '' : ', for anyone'}`, who === undefined || who === '*' ? EVERYONE : 0),
  ];
}

/** Is it the same function that the same thing calls, though either may be made new? */
function isSameCall(before: Call, after: Call): boolean {
  const nameAt = ({ properties, names }: Call, property: string) => ({
    text: String(properties[property]),
    made: madeBy(namesOfMember(names, property)),
  });
  return (
    ['Principal', 'Action', 'SourceAccount'].every((name) => same(before.properties[name], after.properties[name])) &&
    ['FunctionName', 'SourceArn'].every((name) => isSame(nameAt(before, name), nameAt(after, name)))
  );
}

function isNewFunction(names: NameTree | undefined, added: ReadonlySet<string>): boolean {
  const made = madeBy(namesOfMember(names, 'FunctionName'));
  return (
    made?.every(
      ({ type, prefix, logical_id }) => type === 'AWS::Lambda::Function' && prefix === '' && added.has(logical_id),
    ) ?? false
  );
}

function readOf(value: Json | undefined, names?: NameTree): readonly Statement[] | undefined {
  return value === undefined ? [] : statementsOf(value, names);
}

function found(
  was: readonly Statement[] | undefined,
  will: readonly Statement[] | undefined,
  isHarmless: (single: Statement) => boolean,
  { isNew, isOnStanding }: Pick<AccessChange, 'isNew' | 'isOnStanding'>,
  what: string,
): readonly AccessFinding[] {
  const difference = was && will && differenceOf(was, will, isHarmless);
  if (!difference) return [expose(`who ${what} can't be read`, EVERYONE)];
  const worse = [
    ...difference.wider.map(({ principals }) =>
      expose(`${whoText(principals)} ${what}`, isAnyone(principals) ? EVERYONE : 0),
    ),
    ...difference.undenied.map(() => expose('a denial is gone or less than before', EVERYTHING)),
  ];
  if (worse.length > 0) return worse;
  if (isNew ? isOnStanding && will.some(isDenial) : difference.less)
    return [{ effect: 'disrupt', why: `fewer ${what} than before` }];
  const who = [
    ...new Set(will.filter(({ effect }) => effect === 'Allow').map(({ principals }) => whoText(principals))),
  ];
  return [{ effect: 'modify', why: who.length > 0 ? `${who.slice(0, 3).join(', ')} ${what}` : `nobody more ${what}` }];
}

function isAnyone(principals: Statement['principals']): boolean {
  return !principals || principals.not || principals.names.some(({ text }) => text === '*');
}

function whoText(principals: Statement['principals']): string {
  if (!principals || principals.not) return 'everyone but some';
  const [first, ...more] = principals.names;
  const name = first?.made?.map(({ logical_id }) => logical_id).join(' or ') ?? named(first?.text ?? '');
  const who = first?.text === '*' ? 'everyone' : name;
  return more.length > 0 ? `${who} and ${more.length} more` : who;
}
