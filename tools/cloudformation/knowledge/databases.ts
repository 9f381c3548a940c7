import type { Rule } from './language.ts';

/** What databases of RDS, DocumentDB, Neptune, MemoryDB and their kind have in common. */

/** Kinds of logs that are sent to CloudWatch. */
export const LOG_EXPORTS: Rule = { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' };

/** When copies are made. Without it AWS takes a time of its own; another one may fall into busy hours. */
export const BACKUP_TIME: Rule = { settled: 'weaken' };

/** On, the next version may come in the next window, with an interruption; off, no mends come by themselves. */
export const AUTOMATIC_UPGRADES: Rule = {
  values: { true: 'disrupt', false: 'weaken' },
  otherwise: 'weaken',
  absent: 'true',
};

/** Days. Copies that are older than fewer days are deleted, with 0 all that are there, at once. */
export function backupDays(absent: number): Rule {
  return { number: 'expires', absent };
}

/** Encryption on the way: on refuses clients that speak plainly, off lets them. */
export const TRANSIT_ENCRYPTION: Rule = {
  values: { true: 'disrupt', false: 'weaken' },
  otherwise: 'weaken',
  absent: 'false',
};

/** Roles under which the database reaches other services. */
export const ASSOCIATED_ROLES: Rule = {
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
  each: { members: { FeatureName: 'modify', RoleArn: 'acts-as' } },
};

/** Capacity units between which it moves; with a minimum of 0 it stops when nobody asks. */
export const SERVERLESS_CAPACITY: Rule = {
  members: {
    MaxCapacity: 'capacity',
    MinCapacity: 'capacity',
    SecondsUntilAutoPause: { number: 'capacity', absent: 300 },
  },
};

/** A database whose extended support is off is lifted to the next major version at the end of standard support. */
export const LIFECYCLE_SUPPORT: Rule = {
  values: { 'open-source-rds-extended-support': 'modify' },
  otherwise: 'disrupt',
  absent: 'open-source-rds-extended-support',
};

/** Monitoring in depth, with a longer memory. */
export const INSIGHTS_MODE: Rule = { order: ['standard', 'advanced'], less: 'weaken', absent: 'standard' };

/** Seconds from one measurement to the next; 0 is none. */
export const MONITORING_INTERVAL: Rule = {
  order: ['0', '60', '30', '15', '10', '5', '1'],
  less: 'weaken',
  absent: '0',
};
