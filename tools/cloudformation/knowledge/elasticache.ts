import { CACHES } from './elasticache/caches.ts';
import { GROUPS } from './elasticache/groups.ts';
import type { Service } from './language.ts';

export const ELASTICACHE: Service = { ...CACHES, ...GROUPS };
