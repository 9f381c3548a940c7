import { CLUSTERS } from './ecs/clusters.ts';
import { SERVICES } from './ecs/services.ts';
import { TASKS } from './ecs/tasks.ts';
import type { Service } from './language.ts';

export const ECS: Service = { ...CLUSTERS, ...SERVICES, ...TASKS };
