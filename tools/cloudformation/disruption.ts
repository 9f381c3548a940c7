import type { ResourceChange } from '../ports/cloudformation.ts';
import { changedSettings, isUntold } from './resource-settings.ts';

/**
 * Properties that AWS updates in place, but with an interruption: change sets don't say so.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html and …-rds-dbinstance.html
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
  return changedSettings(change).flatMap(({ name, path, label, before, after }) => {
    if (names?.test(path)) return [`changing ${label} interrupts it`];
    // Also where AWS doesn't tell the values: then neither comparison holds.
    if (CAPACITY.test(name) && (isUntold(before) || !(Number(after) >= Number(before))))
      return [`${label} may stop what runs`];
    if (SWITCHES.test(path) && !/^(true|enabled|active)$/i.test(String(after))) return [`${label} may stop it`];
    return [];
  });
}
