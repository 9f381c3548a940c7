/**
 * Where AWS takes the value to: nowhere but into the thing itself; to an address that stands in these properties of the
 * same thing; or to wherever those who use the thing name. The attacker has AWS send what it never shows to a host of
 * their own.
 */
type TakenTo = readonly string[] | typeof ITS_USERS;
const NOWHERE: readonly string[] = [];
export const ITS_USERS = 'its users';

/** Properties that AWS takes and never shows to readers, by type; `*` is each item of a list. */
interface Kept {
  readonly properties: Readonly<Record<string, TakenTo>>;
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
    properties: { 'Users.*.Password': NOWHERE },
    page: `${API}/amazon-mq/latest/api-reference/brokers-broker-id-users-username.html`,
  },
  'AWS::Amplify::App': {
    properties: { AccessToken: ['Repository'], OauthToken: ['Repository'] },
    page: `${API}/amplify/latest/APIReference/API_App.html`,
  },
  'AWS::AppStream::DirectoryConfig': {
    properties: { 'ServiceAccountCredentials.AccountPassword': ['DirectoryName'] },
    page: `${API}/appstream2/latest/APIReference/API_DescribeDirectoryConfigs.html`,
  },
  'AWS::CodeBuild::SourceCredential': {
    properties: { Token: ITS_USERS },
    page: `${API}/codebuild/latest/APIReference/API_SourceCredentialsInfo.html`,
  },
  'AWS::CodePipeline::Pipeline': {
    properties: {
      'Stages.*.Actions.*.Configuration.OAuthToken': [
        'Stages.*.Actions.*.ActionTypeId',
        'Stages.*.Actions.*.Configuration.Owner',
        'Stages.*.Actions.*.Configuration.Repo',
      ],
    },
    page: `${API}/codepipeline/latest/userguide/appendix-github-oauth.html`,
  },
  'AWS::DMS::Endpoint': {
    properties: {
      Password: [
        'ServerName',
        'Port',
        'EngineName',
        'ExtraConnectionAttributes',
        'SslMode',
        'CertificateArn',
        'DocDbSettings',
        'MongoDbSettings',
        'MySqlSettings',
        'OracleSettings',
        'PostgreSqlSettings',
        'MicrosoftSqlServerSettings',
        'IbmDb2Settings',
        'SybaseSettings',
        'RedshiftSettings',
        'RedisSettings',
        'KafkaSettings',
        'ElasticsearchSettings',
      ],
    },
    page: `${API}/dms/latest/APIReference/API_Endpoint.html`,
  },
  'AWS::DataSync::LocationFSxWindows': {
    properties: { Password: ['FsxFilesystemArn', 'Domain', 'SecurityGroupArns'] },
    page: `${API}/datasync/latest/userguide/API_DescribeLocationFsxWindows.html`,
  },
  'AWS::DataSync::LocationSMB': {
    properties: { Password: ['ServerHostname', 'AgentArns', 'Domain', 'DnsIpAddresses', 'AuthenticationType'] },
    page: `${API}/datasync/latest/userguide/API_DescribeLocationSmb.html`,
  },
  'AWS::DirectoryService::MicrosoftAD': {
    properties: { Password: NOWHERE },
    page: `${API}/directoryservice/latest/devguide/API_DirectoryDescription.html`,
  },
  'AWS::DirectoryService::SimpleAD': {
    properties: { Password: NOWHERE },
    page: `${API}/directoryservice/latest/devguide/API_DirectoryDescription.html`,
  },
  'AWS::DocDB::DBCluster': {
    properties: { MasterUserPassword: NOWHERE },
    page: `${API}/documentdb/latest/developerguide/API_DBCluster.html`,
  },
  'AWS::DocDBElastic::Cluster': {
    properties: { AdminUserPassword: NOWHERE },
    page: `${API}/documentdb/latest/developerguide/API_elastic_Cluster.html`,
  },
  'AWS::ElastiCache::ReplicationGroup': {
    properties: { AuthToken: NOWHERE },
    page: `${API}/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html`,
  },
  'AWS::ElastiCache::User': {
    properties: { 'Passwords.*': NOWHERE, 'AuthenticationMode.Passwords.*': NOWHERE },
    page: `${API}/AmazonElastiCache/latest/APIReference/API_User.html`,
  },
  'AWS::Elasticsearch::Domain': {
    properties: { 'AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword': NOWHERE },
    page: `${API}/opensearch-service/latest/APIReference/API_AdvancedSecurityOptions.html`,
  },
  'AWS::Events::Connection': {
    properties: {
      'AuthParameters.ApiKeyAuthParameters.ApiKeyValue': ITS_USERS,
      'AuthParameters.BasicAuthParameters.Password': ITS_USERS,
      'AuthParameters.OAuthParameters.ClientParameters.ClientSecret': [
        'AuthParameters.OAuthParameters.AuthorizationEndpoint',
        'AuthParameters.ConnectivityParameters',
      ],
    },
    page: `${API}/eventbridge/latest/APIReference/API_ConnectionAuthResponseParameters.html`,
  },
  'AWS::FSx::FileSystem': {
    properties: {
      'OntapConfiguration.FsxAdminPassword': NOWHERE,
      'WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.Password': [
        'WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.DnsIps',
        'WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.DomainName',
        'SubnetIds',
      ],
    },
    page: `${API}/fsx/latest/APIReference/API_FileSystem.html`,
  },
  'AWS::FSx::StorageVirtualMachine': {
    properties: {
      SvmAdminPassword: NOWHERE,
      'ActiveDirectoryConfiguration.SelfManagedActiveDirectoryConfiguration.Password': [
        'ActiveDirectoryConfiguration.SelfManagedActiveDirectoryConfiguration.DnsIps',
        'ActiveDirectoryConfiguration.SelfManagedActiveDirectoryConfiguration.DomainName',
        'FileSystemId',
      ],
    },
    page: `${API}/fsx/latest/APIReference/API_StorageVirtualMachine.html`,
  },
  'AWS::IAM::ServerCertificate': {
    properties: { PrivateKey: NOWHERE },
    page: `${API}/IAM/latest/APIReference/API_ServerCertificate.html`,
  },
  'AWS::IAM::User': {
    properties: { 'LoginProfile.Password': NOWHERE },
    page: `${API}/IAM/latest/APIReference/API_LoginProfile.html`,
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    properties: {
      'HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey': [
        'HttpEndpointDestinationConfiguration.EndpointConfiguration.Url',
      ],
      'RedshiftDestinationConfiguration.Password': ['RedshiftDestinationConfiguration.ClusterJDBCURL'],
    },
    page: `${API}/firehose/latest/APIReference/API_DestinationDescription.html`,
  },
  'AWS::Lightsail::Database': {
    properties: { MasterUserPassword: NOWHERE },
    page: `${API}/lightsail/2016-11-28/api-reference/API_RelationalDatabase.html`,
  },
  'AWS::ManagedBlockchain::Member': {
    properties: { 'MemberConfiguration.MemberFrameworkConfiguration.MemberFabricConfiguration.AdminPassword': NOWHERE },
    page: `${API}/managed-blockchain/latest/APIReference/API_MemberFabricAttributes.html`,
  },
  'AWS::MemoryDB::User': {
    properties: { 'AuthenticationMode.Passwords.*': NOWHERE },
    page: `${API}/memorydb/latest/APIReference/API_User.html`,
  },
  'AWS::OpenSearchService::Domain': {
    properties: { 'AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword': NOWHERE },
    page: `${API}/opensearch-service/latest/APIReference/API_AdvancedSecurityOptions.html`,
  },
  'AWS::QuickSight::DataSource': {
    properties: {
      'Credentials.CredentialPair.Password': [
        'DataSourceParameters',
        'AlternateDataSourceParameters',
        'VpcConnectionProperties',
        'SslProperties',
        'Type',
      ],
    },
    page: `${API}/quicksight/latest/APIReference/API_DataSource.html`,
  },
  'AWS::RDS::DBCluster': {
    properties: { MasterUserPassword: NOWHERE },
    page: `${API}/AmazonRDS/latest/APIReference/API_DBCluster.html`,
  },
  'AWS::RDS::DBInstance': {
    properties: { MasterUserPassword: NOWHERE, TdeCredentialPassword: ['TdeCredentialArn'] },
    page: `${API}/AmazonRDS/latest/APIReference/API_DBInstance.html`,
  },
  'AWS::Redshift::Cluster': {
    properties: { MasterUserPassword: NOWHERE },
    page: `${API}/redshift/latest/APIReference/API_Cluster.html`,
  },
  'AWS::RedshiftServerless::Namespace': {
    properties: { AdminUserPassword: NOWHERE },
    page: `${API}/redshift-serverless/latest/APIReference/API_Namespace.html`,
  },
  'AWS::SecretsManager::Secret': {
    properties: { SecretString: NOWHERE, 'GenerateSecretString.SecretStringTemplate': NOWHERE },
    page: `${API}/secretsmanager/latest/apireference/API_DescribeSecret.html`,
  },
  'AWS::Timestream::InfluxDBInstance': {
    properties: { Password: NOWHERE },
    page: `${API}/ts-influxdb/latest/ts-influxdb-api/API_GetDbInstance.html`,
  },
};
