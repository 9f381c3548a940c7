import type { Json } from '../../../../../src/kernel/digest.ts';
import { namesOfMember } from '../../../../ports/made-names.ts';
import { FOR_ENCRYPTION, HARMLESS_ANYWHERE, HARMLESS_ON_OWN, SENDING } from '../../../knowledge/identity/actions.ts';
import {
  ACTING_SERVICES,
  CALLING_SERVICES,
  ENCRYPTING_SERVICES,
  GRANTED_SERVICES,
} from '../../../knowledge/identity/services.ts';
import { isAdded, isOwn, isOwnWhole } from './own.ts';
import { serviceOf } from './services.ts';
import { type Name, type Principal, type Statement, textsOf } from './statements.ts';

/*
 * Whom a single permission of a resource's policy may let in without harm. Conditions that nobody wrote down here make
 * nothing harmless.
 */

/** A new key: services may encrypt with it, for those who may use what is encrypted. */
export function letsServicesEncrypt({ actions, principals }: Statement): boolean {
  if (!principals || principals.not || actions.not) return false;
  const services = principals.names.map(({ kind, text }) => (kind === 'Service' ? serviceOf(text) : ''));
  const isDone = (action: string) =>
    FOR_ENCRYPTION.has(action) ||
    (action === 'kms:creategrant' && services.every((service) => GRANTED_SERVICES.has(service)));
  return actions.names.every(({ text }) => isDone(text)) && services.every(isKnownService);
}

function isKnownService(service: string): boolean {
  return [ACTING_SERVICES, CALLING_SERVICES, GRANTED_SERVICES, ENCRYPTING_SERVICES].some((known) => known.has(service));
}

/**
 * A new key that anyone in the account may use through AWS's services, as AWS's own keys say it: only what a service
 * lets them have. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function isUsedThroughServices(single: Statement, account: string | undefined): boolean {
  const { actions, principals } = single;
  const isEveryone = principals?.names.every(({ kind, text }) => text === '*' && (kind === '*' || kind === 'AWS'));
  return (
    isEveryone === true &&
    principals?.not === false &&
    !actions.not &&
    actions.names.every(({ text }) => FOR_ENCRYPTION.has(text)) &&
    isOnlyWhere(single, 'kms:calleraccount', ({ text }) => text === account && ACCOUNT_ID.test(text)) &&
    isOnlyWhere(single, 'kms:viaservice', ({ text }) => /^[a-z0-9]+\.[a-z0-9-]+\.amazonaws\.com$/.test(text))
  );
}

function isReviewed({ actions }: Statement): boolean {
  return !actions.not && actions.names.every(({ text }) => HARMLESS_ON_OWN.has(text) || HARMLESS_ANYWHERE.has(text));
}

/** A role that is there may be someone's in another account: what it is let in to, they are. */
export function letsOwnRoleIn(single: Statement, isOwnCode: (role: string) => boolean): boolean {
  const { principals } = single;
  if (!principals || principals.not || !isReviewed(single)) return false;
  return principals.names.every(
    (one) =>
      one.kind === 'AWS' &&
      isOwnWhole(one, 'AWS::IAM::Role') &&
      one.made?.every(({ logical_id }) => isOwnCode(logical_id)) === true,
  );
}

export function letsNewRolesIn({ principals }: Statement, added: ReadonlySet<string>): boolean {
  if (!principals || principals.not) return false;
  return principals.names.every(
    (one) => one.kind === 'AWS' && isOwnWhole(one, 'AWS::IAM::Role') && isAdded(one, added),
  );
}

/**
 * CDK's way to delete a bucket with what is in it: its role may delete objects, and writes the bucket's policy so that
 * nobody puts in more meanwhile. Of a new bucket that is no more than its stack may do.
 */
export function letsNewRoleEmpty(single: Statement, added: ReadonlySet<string>): boolean {
  const { actions, resources } = single;
  const isEmptying = ({ text }: Name) => text === 's3:putbucketpolicy' || HARMLESS_ON_OWN.has(text);
  const isOfNew = (name: Name) => isOwn(name, ['AWS::S3::Bucket']) && isAdded(name, added);
  if (actions.not || !resources || resources.not || !letsNewRolesIn(single, added)) return false;
  return actions.names.every(isEmptying) && resources.names.every(isOfNew);
}

/** CloudFront's older way to read a bucket: a distribution that names the new identity reads for its viewers. */
export function letsNewOriginRead(single: Statement, added: ReadonlySet<string>): boolean {
  const { actions, principals } = single;
  if (!principals || principals.not || !isReviewed(single)) return false;
  const isRead = actions.names.every(({ text }) => /^s3:(get|list)/.test(text));
  return isRead && principals.names.every((one) => isAdded(one, added) && isOrigin(one));
}

function isOrigin({ kind, made }: Principal): boolean {
  return (
    made?.every(({ type, attribute, prefix, rest }) => {
      if (type !== 'AWS::CloudFront::CloudFrontOriginAccessIdentity' || rest !== '') return false;
      return kind === 'CanonicalUser'
        ? attribute === 'S3CanonicalUserId' && prefix === ''
        : kind === 'AWS' && attribute === undefined && ORIGIN_USER.test(prefix);
    }) ?? false
  );
}

const ORIGIN_USER = /^arn:(aws|aws-cn|\$\{AWS::Partition\}):iam::cloudfront:user\/CloudFront Origin Access Identity $/;

export function letsCallingServiceIn(single: Statement): boolean {
  return isReviewed(single) && letsCallersIn(single) && isOnlyWhere(single, 'aws:sourcearn', (text) => isOwn(text));
}

function letsCallersIn({ principals }: Statement): boolean {
  if (!principals || principals.not) return false;
  return principals.names.every(({ kind, text }) => kind === 'Service' && CALLING_SERVICES.has(serviceOf(text)));
}

/**
 * What is new may be sent to for the same account, whatever in it sends: nothing is read, and nobody rests on it yet.
 * Of what is there already, others could feed those who do.
 */
export function letsServiceSend(single: Statement, added: ReadonlySet<string>, account: string | undefined): boolean {
  const { actions, resources } = single;
  if (actions.not || !resources || resources.not || !letsCallersIn(single)) return false;
  return (
    actions.names.every(({ text }) => SENDING.has(text)) &&
    resources.names.every((name) => isOwn(name) && isAdded(name, added)) &&
    isOnlyWhere(single, 'aws:sourceaccount', ({ text }) => text === account && ACCOUNT_ID.test(text))
  );
}

/** Only operators that are false where the key is missing: `…IfExists` and `ForAllValues:` are true then. */
const MUST_MATCH = ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'];

/** Does a condition hold only where a key is there, and is one of texts that fit? @param name in small letters */
function isOnlyWhere({ condition, condition_names }: Statement, name: string, fits: (text: Name) => boolean): boolean {
  return MUST_MATCH.some((operator) => {
    const keys = condition?.[operator];
    if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) return false;
    const within = namesOfMember(condition_names, operator);
    const given = Object.entries(keys).filter(([key]) => key.toLowerCase() === name);
    const fit = ([key, value]: [string, Json | undefined]) =>
      textsOf(value, namesOfMember(within, key))?.every(fits) ?? false;
    return given.length > 0 && given.every(fit);
  });
}

export const ACCOUNT_ID = /^\d{12}$/;

/** The account itself: what its own policies say holds, and nothing more. */
export function isOwnAccount({ principals }: Statement, account: string | undefined): boolean {
  if (!principals || principals.not || !ACCOUNT_ID.test(account ?? '')) return false;
  const own = new RegExp(`^(arn:(aws|aws-cn|aws-us-gov):iam::${account}:root|${account})$`);
  return principals.names.every(({ kind, text }) => kind === 'AWS' && own.test(text));
}
