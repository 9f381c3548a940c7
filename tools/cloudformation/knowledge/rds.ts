import type { Service } from './language.ts';
import { CLUSTERS } from './rds/clusters.ts';
import { GROUPS } from './rds/groups.ts';
import { INSTANCES } from './rds/instances.ts';
import { OTHERS } from './rds/others.ts';

export const RDS: Service = { ...CLUSTERS, ...GROUPS, ...INSTANCES, ...OTHERS };
