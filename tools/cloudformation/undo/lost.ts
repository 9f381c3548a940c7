/*
 * What making a resource again from its template doesn't bring back, by its type. A type that isn't here loses
 * whatever is in it and isn't in its template. Sources are AWS's pages of each resource type,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/, and those named beside. The page
 * `docs/what-comes-back.md` is made of it.
 */

const DATA = 'its data: it comes back empty, unless its template names a snapshot or a backup';
const MESSAGES = 'what waited in it';
const LOGS = 'what was recorded in it';

const IDS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html';

/** What doesn't come back, and the page that says so, beside the one of the type. */
export const LOST: Readonly<Record<string, { readonly why: string; readonly source?: string }>> = {
  'AWS::ApiGateway::RestApi': { why: 'its id, and so the address that clients call; keys that were made for it' },
  'AWS::ApiGatewayV2::Api': { why: 'its id, and so the address that clients call' },
  'AWS::CertificateManager::Certificate': {
    why: 'its ARN; the new one has to be validated again',
    source: 'https://docs.aws.amazon.com/acm/latest/userguide/gs-acm-validate-dns.html',
  },
  'AWS::CloudFront::Distribution': { why: 'its domain name; the new one takes minutes to be everywhere' },
  'AWS::Cognito::UserPool': {
    why: 'its users and their passwords, which can not be exported',
    source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html',
  },
  'AWS::DocDB::DBCluster': { why: DATA },
  'AWS::DynamoDB::GlobalTable': { why: DATA },
  'AWS::DynamoDB::Table': { why: DATA },
  'AWS::EC2::EIP': {
    why: 'its address: the new one has another',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing-eips-releasing.html',
  },
  'AWS::EC2::Instance': { why: 'its disks, addresses and id' },
  'AWS::EC2::Volume': { why: DATA },
  'AWS::ECR::Repository': { why: 'its images' },
  'AWS::EFS::FileSystem': { why: DATA },
  'AWS::ElastiCache::CacheCluster': { why: DATA },
  'AWS::ElastiCache::ReplicationGroup': { why: DATA },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { why: 'its DNS name and addresses' },
  'AWS::FSx::FileSystem': { why: DATA },
  'AWS::IAM::Group': {
    why: 'its unique id: policies of others that name it mean the old one',
    source: IDS,
  },
  'AWS::IAM::Role': {
    why: 'its unique id: policies of others that name it mean the old one; its last sessions',
    source: IDS,
  },
  'AWS::IAM::User': {
    why: 'its unique id, its access keys and its password',
    source: IDS,
  },
  'AWS::KMS::Key': {
    why: 'the key: what it encrypted can not be read with a new one. Until its waiting period is over its deletion can be cancelled',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
  },
  'AWS::Kinesis::Stream': { why: MESSAGES },
  'AWS::Logs::LogGroup': { why: LOGS },
  'AWS::MemoryDB::Cluster': { why: DATA },
  'AWS::Neptune::DBCluster': { why: DATA },
  'AWS::OpenSearchService::Domain': { why: DATA },
  'AWS::RDS::DBCluster': { why: DATA },
  'AWS::RDS::DBInstance': { why: DATA },
  'AWS::Redshift::Cluster': { why: DATA },
  'AWS::Route53::HostedZone': {
    why: 'its name servers, which the registrar names, and records that are not in the template',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/migrate-dns-domain-in-use.html',
  },
  'AWS::S3::Bucket': {
    why: 'what was in it; its name can be taken by anyone meanwhile',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html',
  },
  'AWS::SecretsManager::Secret': {
    why: 'its value, unless the template has it; its name stays taken while a deletion waits, so that it can not be made again before',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html',
  },
  'AWS::SNS::Topic': { why: 'subscriptions that are not in the template, and their confirmations' },
  'AWS::SQS::Queue': { why: MESSAGES },
};

export const BY_HAND = 'whatever its template does not say';

export function lostWith(type: string): string {
  return Object.hasOwn(LOST, type) ? `${LOST[type]?.why}; and ${BY_HAND}` : `what is in it, and ${BY_HAND}`;
}
