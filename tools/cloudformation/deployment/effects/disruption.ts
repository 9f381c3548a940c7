import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { closedBy, RULE_TYPES } from './network-rules.ts';
import { changedSettings, isUntold, propertiesOf } from './resource-settings.ts';

/**
 * Properties that AWS updates in place, but with an interruption: change sets don't say so.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html and
 * …-rds-dbinstance.html
 */
const INTERRUPTING: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::Instance': /^(InstanceType|UserData|EbsOptimized|KernelId|RamdiskId|Affinity|HostId|Tenancy|CpuOptions)$/,
  'AWS::RDS::DBInstance':
    /^(DBInstanceClass|EngineVersion|AllocatedStorage|StorageType|DBParameterGroupName|MultiAZ|CACertificateIdentifier|PreferredMaintenanceWindow|DBPortNumber|MasterUserPassword)$/,
  'AWS::RDS::DBCluster':
    /^(EngineVersion|DBClusterParameterGroupName|Port|DBClusterInstanceClass|PreferredMaintenanceWindow|MasterUserPassword)$/,
  'AWS::ElastiCache::CacheCluster': /^(CacheNodeType|NumCacheNodes|EngineVersion)$/,
  'AWS::ElastiCache::ReplicationGroup': /^(CacheNodeType|EngineVersion)$/,
  'AWS::Redshift::Cluster': /^(NodeType|NumberOfNodes|ClusterVersion|ClusterType|MasterUserPassword)$/,
  'AWS::OpenSearchService::Domain': /^(ClusterConfig|EngineVersion)$/,
  // A client that signs in with the one before can't until it has learnt the new one.
  'AWS::SecretsManager::Secret': /^(SecretString|GenerateSecretString)$/,
  'AWS::Route53::RecordSet': /^(ResourceRecords|AliasTarget|Weight|Failover|Region|GeoLocation|HealthCheckId)$/,
  'AWS::Route53::RecordSetGroup': /^RecordSets$/,
};

/** Properties that say how much of something runs: less may be nothing. */
const CAPACITY =
  /^(Desired(Capacity|Count|Size|InstanceCount)|M(ax|in)(Size|Capacity)|ReservedConcurrentExecutions|NumCache(Nodes|Clusters)|NumNodeGroups|ReplicasPerNodeGroup|NumberOf(Nodes|BrokerNodes)|ShardCount|TargetCapacity)$/;

/** Properties that say whether something runs at all. */
const SWITCHES = /^(State|Status|Enabled?|Active)$/;

/** What a change in place stops or interrupts. */
export function interruptedBy(change: ResourceChange): readonly string[] {
  const names = Object.hasOwn(INTERRUPTING, change.type) ? INTERRUPTING[change.type] : undefined;
  const before = propertiesOf(change.before_context);
  const after = propertiesOf(change.after_context);
  const closed = RULE_TYPES.test(change.type) && before && after ? closedBy(before, after) : undefined;
  const settings = changedSettings(change).flatMap(({ name, path, label, before, after }) => {
    if (names?.test(path)) return [`changing ${label} interrupts it`];
    // Also where AWS doesn't tell the values: then neither comparison holds.
    if (CAPACITY.test(name) && (isUntold(before) || !(Number(after) >= Number(before))))
      return [`${label} may stop what runs`];
    if (SWITCHES.test(path) && !/^(true|enabled|active)$/i.test(String(after))) return [`${label} may stop it`];
    return [];
  });
  return closed === undefined ? settings : [closed, ...settings];
}
