/**
 * A service-linked role: its service alone can take it, and AWS alone says what it may do. Nobody else can make a role
 * under that path, and one of another account can't be passed at all.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
 */
const SERVICE_LINKED =
  /^arn:aws[a-z-]*:iam::\d{12}:role\/aws-service-role\/[a-z0-9.-]+\.amazonaws\.com\/AWSServiceRoleFor\w+$/;

export function isServiceLinkedRole(arn: string): boolean {
  return SERVICE_LINKED.test(arn);
}
