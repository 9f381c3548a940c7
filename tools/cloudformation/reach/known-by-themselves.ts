import type { Caller } from '../../define.ts';
import type { NamedThing } from '../../ports/ownership.ts';
import { isServiceLinkedRole } from '../knowledge/identity/service-linked.ts';
import { isAmazonsCode } from './publishers.ts';

/**
 * Is it what everyone in the account shares, or AWS's own, which nobody here can change: CDK's bucket and version of
 * this account and region, AWS's managed policies, keys and public parameters, layers and images? A closed list, with
 * the account's own number, so that a look-alike of another account isn't it. Roles that AWS's services have for
 * themselves, too. A bare name counts only where the type is known: a log group may be called like a public parameter.
 * @param by the type of the resource that names it: a policy or setting of S3's for CDK's bucket changes what all
 *   deployments of the account rest on
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export function isKnownByItself(
  { name, type }: NamedThing,
  by: string,
  { account, region }: Pick<Caller, 'account' | 'region'>,
): boolean {
  const plain = name.replace(/^arn:aws[a-z-]*:/, '');
  const isArn = plain !== name;
  const here = `${region}:${account}:`;
  const bucket = new RegExp(`^(s3:::)?cdk-[a-z0-9]{1,10}-assets-${account}-${region}(/.*)?$`);
  if (bucket.test(plain)) return !by.startsWith('AWS::S3');
  const arns = [
    /^iam::aws:policy\/.+$/,
    new RegExp(`^kms:${here}alias/aws/[a-z0-9-]+$`),
    new RegExp(`^ssm:${here}parameter/cdk-bootstrap/[a-z0-9]{1,10}/version$`),
    new RegExp(`^ssm:${region}::parameter/aws/service/.+$`),
  ];
  if (isArn) return isServiceLinkedRole(name) || isAmazonsCode(plain) || arns.some((form) => form.test(plain));
  if (type === 'AWS::KMS::Key' || type === 'AWS::KMS::Alias') return /^alias\/aws\/[a-z0-9-]+$/.test(plain);
  const parameter = /^\/(cdk-bootstrap\/[a-z0-9]{1,10}\/version|aws\/service\/.+)$/;
  return type === 'AWS::SSM::Parameter' && parameter.test(plain);
}
