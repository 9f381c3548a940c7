import type { Rule } from '../language.ts';

/** Which bucket has who called what. */
const LOGGED_TO: Rule = { members: { Key: 'modify', Value: ['writes-to', 'weaken'] } };

/** `[{"Key":"deletion_protection.enabled","Value":"true"}]`: deletion protection, access logs, draining and others. */
export const ATTRIBUTES: Rule = {
  by: 'Key',
  added: 'modify',
  lost: 'weaken',
  reordered: 'modify',
  // Requests pass where the firewall doesn't answer.
  known: {
    'access_logs.s3.bucket': LOGGED_TO,
    'connection_logs.s3.bucket': LOGGED_TO,
    'health_check_logs.s3.bucket': LOGGED_TO,
    'waf.fail_open.enabled': { members: { Key: 'modify', Value: 'endangers' } },
  },
  each: { members: { Key: 'modify', Value: 'protects' } },
};

/** A switch that goes off (stickiness, failover, health by zone) is less than it was. */
export const TARGET_ATTRIBUTES: Rule = {
  by: 'Key',
  added: 'modify',
  lost: 'weaken',
  reordered: 'modify',
  // Requests that are under way are cut off.
  known: {
    'deregistration_delay.timeout_seconds': {
      members: { Key: 'modify', Value: { number: 'limits', absent: 300 } },
    },
  },
  each: { members: { Key: 'modify', Value: { values: { false: 'weaken' }, otherwise: 'modify', absent: 'false' } } },
};
