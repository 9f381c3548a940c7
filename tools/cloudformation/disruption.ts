import type { ResourceChange } from '../ports/cloudformation.ts';

/**
 * Properties that AWS updates in place, but with an interruption: change sets don't say so.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html and …-rds-dbinstance.html
 */
const INTERRUPTING: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::Instance': /^(InstanceType|UserData|EbsOptimized|KernelId|RamdiskId)$/,
  'AWS::RDS::DBInstance':
    /^(DBInstanceClass|EngineVersion|AllocatedStorage|StorageType|DBParameterGroupName|MultiAZ|CACertificateIdentifier|PreferredMaintenanceWindow)$/,
  'AWS::RDS::DBCluster': /^(EngineVersion|DBClusterParameterGroupName|Port|DBClusterInstanceClass)$/,
  'AWS::ElastiCache::CacheCluster': /^(CacheNodeType|NumCacheNodes|EngineVersion)$/,
  'AWS::ElastiCache::ReplicationGroup': /^(CacheNodeType|EngineVersion)$/,
  'AWS::Redshift::Cluster': /^(NodeType|NumberOfNodes|ClusterVersion)$/,
  'AWS::OpenSearchService::Domain': /^(ClusterConfig|EngineVersion)$/,
};

/** Properties that say how much of something runs: less may be nothing. */
const CAPACITY = /^(DesiredCapacity|DesiredCount|MaxSize|ReservedConcurrentExecutions)$/;

/** Properties that say whether something runs at all. */
const SWITCHES = /^(State|Enabled)$/;

export function interruptedBy(change: ResourceChange): readonly string[] {
  const names = Object.hasOwn(INTERRUPTING, change.type) ? INTERRUPTING[change.type] : undefined;
  return change.properties.flatMap(({ attribute, name = '', before, after }) => {
    if (attribute !== 'Properties') return [];
    if (names?.test(name)) return [`changing ${name} interrupts it`];
    // Also where AWS doesn't tell the values: then neither comparison holds.
    if (CAPACITY.test(name) && !(Number(after) >= Number(before))) return [`${name} may stop what runs`];
    if (SWITCHES.test(name) && !/^(true|enabled)$/i.test(after ?? '')) return [`${name} may stop it`];
    return [];
  });
}
