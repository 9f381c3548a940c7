/** Types whose policies are read, by the property. Those of others may say anything, and count as the worst. */
const POLICIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::S3::BucketPolicy': ['PolicyDocument'],
  'AWS::SNS::TopicInlinePolicy': ['PolicyDocument'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument'],
  'AWS::SQS::QueueInlinePolicy': ['PolicyDocument'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument'],
  'AWS::SecretsManager::ResourcePolicy': ['ResourcePolicy'],
};

/** Of roles, and what is given to them. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::ManagedPolicy': ['PolicyDocument'],
  'AWS::IAM::Policy': ['PolicyDocument'],
  'AWS::IAM::Role': ['ManagedPolicyArns', 'Policies'],
  'AWS::IAM::RolePolicy': ['PolicyDocument'],
};

export const ROLE = 'AWS::IAM::Role';
export const LAMBDA_PERMISSION = 'AWS::Lambda::Permission';

export function isResourcePolicy(type: string, property: string): boolean {
  return Object.hasOwn(POLICIES, type) && (POLICIES[type]?.includes(property) ?? false);
}

export function isRight(type: string, property: string): boolean {
  return Object.hasOwn(RIGHTS, type) && (RIGHTS[type]?.includes(property) ?? false);
}

export function isAccessRead(type: string): boolean {
  return type === LAMBDA_PERMISSION || Object.hasOwn(POLICIES, type) || Object.hasOwn(RIGHTS, type);
}
