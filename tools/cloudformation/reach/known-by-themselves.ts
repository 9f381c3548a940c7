import type { Caller } from '../../define.ts';
import { isServiceLinkedRole } from '../knowledge/identity/service-linked.ts';

/**
 * Is it what everyone in the account shares, or AWS's own, which nobody here can change: CDK's bucket and version of
 * this account and region, AWS's managed policies, keys and public parameters? A closed list, with the account's own
 * number, so that a look-alike of another account isn't it. Roles that AWS's services have for themselves, too.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export function isKnownByItself(name: string, { account, region }: Pick<Caller, 'account' | 'region'>): boolean {
  const plain = name.replace(/^arn:aws[a-z-]*:/, '');
  const here = `${region}:${account}:`;
  const forms = [
    new RegExp(`^(s3:::)?cdk-[a-z0-9]{1,10}-assets-${account}-${region}(/.*)?$`),
    /^iam::aws:policy\/.+$/,
    new RegExp(`^(kms:${here})?alias/aws/[a-z0-9-]+$`),
    new RegExp(`^(ssm:${here}parameter)?/cdk-bootstrap/[a-z0-9]{1,10}/version$`),
    new RegExp(`^(ssm:${region}::parameter)?/aws/service/.+$`),
  ];
  return isServiceLinkedRole(name) || forms.some((form) => form.test(plain));
}
