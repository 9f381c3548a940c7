/*
 * What making a resource again from its template doesn't bring back, by its type. A type that isn't here loses
 * whatever is in it and isn't in its template. Sources are AWS's pages of each resource type,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/, and those named beside.
 */

const DATA = 'its data: it comes back empty, unless its template names a snapshot or a backup';
const MESSAGES = 'what waited in it';
const LOGS = 'what was recorded in it';

const LOST: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'its id, and so the address that clients call; keys that were made for it',
  'AWS::ApiGatewayV2::Api': 'its id, and so the address that clients call',
  // https://docs.aws.amazon.com/acm/latest/userguide/gs-acm-validate-dns.html
  'AWS::CertificateManager::Certificate': 'its ARN; the new one has to be validated again',
  'AWS::CloudFront::Distribution': 'its domain name; the new one takes minutes to be everywhere',
  'AWS::Cognito::UserPool': 'its users and their passwords, which can not be exported',
  'AWS::DocDB::DBCluster': DATA,
  'AWS::DynamoDB::GlobalTable': DATA,
  'AWS::DynamoDB::Table': DATA,
  'AWS::EC2::EIP': 'its address: the new one has another',
  'AWS::EC2::Instance': 'its disks, addresses and id',
  'AWS::EC2::Volume': DATA,
  'AWS::ECR::Repository': 'its images',
  'AWS::EFS::FileSystem': DATA,
  'AWS::ElastiCache::CacheCluster': DATA,
  'AWS::ElastiCache::ReplicationGroup': DATA,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'its DNS name and addresses',
  'AWS::FSx::FileSystem': DATA,
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  'AWS::IAM::Group': 'its unique id: policies of others that name it mean the old one',
  'AWS::IAM::Role': 'its unique id: policies of others that name it mean the old one; its last sessions',
  'AWS::IAM::User': 'its unique id, its access keys and its password',
  // https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
  'AWS::KMS::Key':
    'the key: what it encrypted can not be read with a new one. Until its waiting period is over its deletion can be cancelled',
  'AWS::Kinesis::Stream': MESSAGES,
  'AWS::Logs::LogGroup': LOGS,
  'AWS::MemoryDB::Cluster': DATA,
  'AWS::Neptune::DBCluster': DATA,
  'AWS::OpenSearchService::Domain': DATA,
  'AWS::RDS::DBCluster': DATA,
  'AWS::RDS::DBInstance': DATA,
  'AWS::Redshift::Cluster': DATA,
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/migrate-dns-domain-in-use.html
  'AWS::Route53::HostedZone': 'its name servers, which the registrar names, and records that are not in the template',
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html
  'AWS::S3::Bucket': 'what was in it; its name can be taken by anyone meanwhile',
  'AWS::SecretsManager::Secret':
    'its value, unless the template has it; its name stays taken while a deletion waits, so that it can not be made again before',
  'AWS::SNS::Topic': 'subscriptions that are not in the template, and their confirmations',
  'AWS::SQS::Queue': MESSAGES,
};

const BY_HAND = 'whatever its template does not say';

export function lostWith(type: string): string {
  return Object.hasOwn(LOST, type) ? `${LOST[type]}; and ${BY_HAND}` : `what is in it, and ${BY_HAND}`;
}
