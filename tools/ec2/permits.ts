import { type Permission, type Permits, type Place, partitionOf } from '../session/permits.ts';
import { ec2Arn } from './network/target.ts';

/*
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */

/** One action on things that are there. */
export function onThings(action: string, ids: readonly string[], place: Place): Permits {
  return { permissions: [{ actions: [action], resources: ids.map((id) => ec2Arn(id, place)) }] };
}

/** All that there may be of a kind: what is made has no id yet. Snapshots and images have no account in their ARN. */
export function anyOf(kind: string, place: Place): string {
  const owner = kind === 'snapshot' || kind === 'image' ? '' : place.account;
  return `arn:${partitionOf(place)}:ec2:${place.region}:${owner}:${kind}/*`;
}

/** The tags of what is made, in the request that makes it, and no others. @param action `CreateImage` */
export function taggingIn(action: string, kinds: readonly string[], place: Place): Permission {
  return {
    actions: ['ec2:CreateTags'],
    resources: kinds.map((kind) => anyOf(kind, place)),
    when: { StringEquals: { 'ec2:CreateAction': action } },
  };
}

/**
 * The keys of encrypted disks, for EC2 alone. Without the grant an instance that is started says yes and stops again.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-permissions.html
 */
export function keysOfDisks(place: Place): readonly Permission[] {
  const resources = [`arn:${partitionOf(place)}:kms:${place.region}:*:key/*`];
  const forEc2 = { 'kms:ViaService': `ec2.${place.region}.amazonaws.com` };
  return [
    {
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncrypt*'],
      resources,
      when: { StringEquals: forEc2 },
    },
    {
      actions: ['kms:CreateGrant'],
      resources,
      when: { StringEquals: forEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}
