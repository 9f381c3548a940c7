/** Properties that AWS takes and never shows to readers, by type; `*` is each item of a list. */
interface Kept {
  readonly properties: readonly string[];
  /** What AWS answers to those who ask for the thing: it has none of them, or says that they are left out. */
  readonly page: string;
}

const API = 'https://docs.aws.amazon.com';

/**
 * Where a hidden value stays hidden, reviewed one by one. Anywhere else it counts as shown: a name, a tag, a variable,
 * metadata or a script is told to everyone who may look at the thing.
 */
export const KEPT_SECRET: Readonly<Record<string, Kept>> = {
  'AWS::AmazonMQ::Broker': {
    properties: ['Users.*.Password'],
    page: `${API}/amazon-mq/latest/api-reference/brokers-broker-id-users-username.html`,
  },
  'AWS::Amplify::App': {
    properties: ['AccessToken', 'OauthToken'],
    page: `${API}/amplify/latest/APIReference/API_App.html`,
  },
  'AWS::AppStream::DirectoryConfig': {
    properties: ['ServiceAccountCredentials.AccountPassword'],
    page: `${API}/appstream2/latest/APIReference/API_DescribeDirectoryConfigs.html`,
  },
  'AWS::CodeBuild::SourceCredential': {
    properties: ['Token'],
    page: `${API}/codebuild/latest/APIReference/API_SourceCredentialsInfo.html`,
  },
  'AWS::CodePipeline::Pipeline': {
    properties: ['Stages.*.Actions.*.Configuration.OAuthToken'],
    page: `${API}/codepipeline/latest/userguide/appendix-github-oauth.html`,
  },
  'AWS::DMS::Endpoint': { properties: ['Password'], page: `${API}/dms/latest/APIReference/API_Endpoint.html` },
  'AWS::DataSync::LocationFSxWindows': {
    properties: ['Password'],
    page: `${API}/datasync/latest/userguide/API_DescribeLocationFsxWindows.html`,
  },
  'AWS::DataSync::LocationSMB': {
    properties: ['Password'],
    page: `${API}/datasync/latest/userguide/API_DescribeLocationSmb.html`,
  },
  'AWS::DirectoryService::MicrosoftAD': {
    properties: ['Password'],
    page: `${API}/directoryservice/latest/devguide/API_DirectoryDescription.html`,
  },
  'AWS::DirectoryService::SimpleAD': {
    properties: ['Password'],
    page: `${API}/directoryservice/latest/devguide/API_DirectoryDescription.html`,
  },
  'AWS::DocDB::DBCluster': {
    properties: ['MasterUserPassword'],
    page: `${API}/documentdb/latest/developerguide/API_DBCluster.html`,
  },
  'AWS::DocDBElastic::Cluster': {
    properties: ['AdminUserPassword'],
    page: `${API}/documentdb/latest/developerguide/API_elastic_Cluster.html`,
  },
  'AWS::ElastiCache::ReplicationGroup': {
    properties: ['AuthToken'],
    page: `${API}/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html`,
  },
  'AWS::ElastiCache::User': {
    properties: ['Passwords.*', 'AuthenticationMode.Passwords.*'],
    page: `${API}/AmazonElastiCache/latest/APIReference/API_User.html`,
  },
  'AWS::Elasticsearch::Domain': {
    properties: ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
    page: `${API}/opensearch-service/latest/APIReference/API_AdvancedSecurityOptions.html`,
  },
  'AWS::Events::Connection': {
    properties: [
      'AuthParameters.ApiKeyAuthParameters.ApiKeyValue',
      'AuthParameters.BasicAuthParameters.Password',
      'AuthParameters.OAuthParameters.ClientParameters.ClientSecret',
    ],
    page: `${API}/eventbridge/latest/APIReference/API_ConnectionAuthResponseParameters.html`,
  },
  'AWS::FSx::FileSystem': {
    properties: [
      'OntapConfiguration.FsxAdminPassword',
      'WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.Password',
    ],
    page: `${API}/fsx/latest/APIReference/API_FileSystem.html`,
  },
  'AWS::FSx::StorageVirtualMachine': {
    properties: ['SvmAdminPassword', 'ActiveDirectoryConfiguration.SelfManagedActiveDirectoryConfiguration.Password'],
    page: `${API}/fsx/latest/APIReference/API_StorageVirtualMachine.html`,
  },
  'AWS::IAM::ServerCertificate': {
    properties: ['PrivateKey'],
    page: `${API}/IAM/latest/APIReference/API_ServerCertificate.html`,
  },
  'AWS::IAM::User': {
    properties: ['LoginProfile.Password'],
    page: `${API}/IAM/latest/APIReference/API_LoginProfile.html`,
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    properties: [
      'HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey',
      'RedshiftDestinationConfiguration.Password',
    ],
    page: `${API}/firehose/latest/APIReference/API_DestinationDescription.html`,
  },
  'AWS::Lightsail::Database': {
    properties: ['MasterUserPassword'],
    page: `${API}/lightsail/2016-11-28/api-reference/API_RelationalDatabase.html`,
  },
  'AWS::ManagedBlockchain::Member': {
    properties: ['MemberConfiguration.MemberFrameworkConfiguration.MemberFabricConfiguration.AdminPassword'],
    page: `${API}/managed-blockchain/latest/APIReference/API_MemberFabricAttributes.html`,
  },
  'AWS::MemoryDB::User': {
    properties: ['AuthenticationMode.Passwords.*'],
    page: `${API}/memorydb/latest/APIReference/API_User.html`,
  },
  'AWS::OpenSearchService::Domain': {
    properties: ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
    page: `${API}/opensearch-service/latest/APIReference/API_AdvancedSecurityOptions.html`,
  },
  'AWS::QuickSight::DataSource': {
    properties: ['Credentials.CredentialPair.Password'],
    page: `${API}/quicksight/latest/APIReference/API_DataSource.html`,
  },
  'AWS::RDS::DBCluster': {
    properties: ['MasterUserPassword'],
    page: `${API}/AmazonRDS/latest/APIReference/API_DBCluster.html`,
  },
  'AWS::RDS::DBInstance': {
    properties: ['MasterUserPassword', 'TdeCredentialPassword'],
    page: `${API}/AmazonRDS/latest/APIReference/API_DBInstance.html`,
  },
  'AWS::Redshift::Cluster': {
    properties: ['MasterUserPassword'],
    page: `${API}/redshift/latest/APIReference/API_Cluster.html`,
  },
  'AWS::RedshiftServerless::Namespace': {
    properties: ['AdminUserPassword'],
    page: `${API}/redshift-serverless/latest/APIReference/API_Namespace.html`,
  },
  'AWS::SecretsManager::Secret': {
    properties: ['SecretString', 'GenerateSecretString.SecretStringTemplate'],
    page: `${API}/secretsmanager/latest/apireference/API_DescribeSecret.html`,
  },
  'AWS::Timestream::InfluxDBInstance': {
    properties: ['Password'],
    page: `${API}/ts-influxdb/latest/ts-influxdb-api/API_GetDbInstance.html`,
  },
};
