import type { Service } from './language.ts';
import { CLUSTERS } from './redshift/clusters.ts';
import { OTHERS } from './redshift/others.ts';
import { SERVERLESS } from './redshift/serverless.ts';

export const REDSHIFT: Service = { ...CLUSTERS, ...OTHERS };

export const REDSHIFT_SERVERLESS: Service = SERVERLESS;
