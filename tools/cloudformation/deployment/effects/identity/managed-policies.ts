import type { Json } from '../../../../../src/kernel/digest.ts';
import {
  DENIED_TO_CODE,
  HARMLESS_FOR,
  HARMLESS_POLICIES,
  NEEDED_BY_LAMBDA,
  ONLY_ALLOW,
} from '../../../knowledge/identity/managed.ts';
import { isSettings, isUntold, type Settings } from '../resource-settings.ts';
import { named } from '../rules/place.ts';
import { isOwnWhole } from './own.ts';
import { rightsOf } from './rights.ts';
import type { Name } from './statements.ts';

/** A new role that a single service may be. */
export interface Holder {
  readonly service: string | undefined;
  readonly inline: Json | undefined;
}

/** AWS's own, or one that this plan makes and judges. One that is there already may say anything. */
export function isHarmlessPolicy(policy: Name, holder: Holder | undefined): boolean {
  if (isReviewed(policy)) return true;
  const name = ofAws(policy);
  if (holder?.service !== undefined && Object.hasOwn(HARMLESS_FOR, name) && HARMLESS_FOR[name] === holder.service)
    return true;
  if (NEEDED_BY_LAMBDA.has(name) && holder?.service === 'lambda' && isDeniedToCode(holder.inline)) return true;
  return isUntold(policy.text) && isOwnWhole(policy, 'AWS::IAM::ManagedPolicy');
}

/** Is a function's code denied what Lambda itself may do as its role? */
function isDeniedToCode(inline: Json | undefined): boolean {
  const denials = rightsOf(inline)?.statements.filter(({ effect, resources, condition }) => {
    const isEverywhere = resources?.not === false && resources.names.some(({ text }) => text === '*');
    return effect === 'Deny' && isEverywhere && (condition === undefined || isOfCode(condition));
  });
  const isDenied = (action: string) =>
    denials?.some(({ actions }) => !actions.not && actions.names.some(({ text }) => text === action)) ?? false;
  return DENIED_TO_CODE.every(isDenied);
}

/** It holds for each call in which a function's ARN is said, and asks for nothing beside. */
function isOfCode(condition: Settings): boolean {
  const [[operator = '', keys] = [], ...more] = Object.entries(condition);
  const given = operator === 'Null' && isSettings(keys) ? Object.entries(keys) : [];
  const [[key = '', value] = [], ...others] = given;
  const isSaid = key.toLowerCase() === 'lambda:sourcefunctionarn' && String(value) === 'false';
  return isSaid && more.length === 0 && others.length === 0;
}

/** Who loses it is denied no less than before. */
export function onlyAllows(policy: Name): boolean {
  const name = ofAws(policy);
  return isReviewed(policy) || NEEDED_BY_LAMBDA.has(name) || ONLY_ALLOW.has(name);
}

function isReviewed(policy: Name): boolean {
  return HARMLESS_POLICIES.has(ofAws(policy));
}

/** What follows `arn:aws:iam::aws:policy/`; empty for a policy of others. */
function ofAws({ text }: Name): string {
  return /^arn:(?:aws|aws-cn|aws-us-gov):iam::aws:policy\/(.+)$/.exec(text)?.[1] ?? '';
}

/** What a role with it may do, for people. */
export function policyText(policy: Name): string {
  const says = `may do what ${named(policy.text)} says`;
  return NEEDED_BY_LAMBDA.has(ofAws(policy)) ? `${says}, ${TAKES}` : says;
}

const TAKES =
  'which lets its code take addresses from any network interface unless an inline policy denies that ' +
  'where lambda:SourceFunctionArn is said';
