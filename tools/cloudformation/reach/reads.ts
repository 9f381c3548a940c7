/** The IAM actions by which planning finds out whose an existing thing is. */
export const OWNERSHIP_READS = [
  'cloudformation:DescribeStackResources',
  'tag:GetResources',
  'ec2:DescribeTags',
  'autoscaling:DescribeTags',
  'iam:ListRoleTags',
  'iam:ListInstanceProfileTags',
  'iam:ListUserTags',
  'iam:ListPolicyTags',
] as const;
