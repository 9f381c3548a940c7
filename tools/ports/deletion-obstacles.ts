/** What keeps AWS from deleting a resource that a stack lets go of. Each question has "not known" among its answers. */

/** `gone`: there is no such bucket any more. `not_known`: we may not look. */
export type BucketContent = 'empty' | 'not_empty' | 'gone' | 'not_known';

/** A network interface that has one of the groups asked about. */
export interface GroupInterface {
  readonly interface_id: string;
  /** Those of the groups asked about. */
  readonly group_ids: readonly string[];
  readonly instance_id?: string;
  /** Made and removed by an AWS service, a load balancer's for example: whose it is can't be told. */
  readonly managed: boolean;
}

export interface GroupUse {
  readonly interfaces: readonly GroupInterface[];
  /** Groups (`by`) whose rules name a group asked about. */
  readonly references: readonly { readonly group_id: string; readonly by: string }[];
}

export interface ObstacleReader {
  /** Is there an object, an old version or a delete marker in it? */
  bucketContent(bucket: string): Promise<BucketContent>;
  /** Who uses these security groups; undefined when that can't be asked. */
  groupUse(groupIds: readonly string[]): Promise<GroupUse | undefined>;
}
