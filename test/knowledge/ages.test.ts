import { expect, test } from 'vitest';
import { impactOf } from '../../tools/cloudformation/deployment/effects/change-effect.ts';
import { modified, sight } from '../tools/resource-change.ts';

/* Rules by which stored things are deleted or moved as they age: what is lost by a change of them, and what isn't. */

const TYPE = 'AWS::Made::Up';

/** As ECR has them: what the first matches the second doesn't delete. */
const FIRST = { rulePriority: 1, selection: { countNumber: 9 }, action: { type: 'expire' } };
const SECOND = { ...FIRST, rulePriority: 2 };

/** As OpenSearch Serverless has them. */
const logs = (more: object) => ({ ResourceType: 'index', Resource: ['index/c/logs'], ...more });
const ALL = { ResourceType: 'index', Resource: ['index/c/*'], MinIndexRetention: '30d' };

test.each<[unknown, unknown, string]>([
  [[], [{ Status: 'Enabled', ExpirationInDays: 1 }], 'delete'],
  [[], [{ Status: 'Disabled', ExpirationInDays: 1 }], 'modify'],
  [[], [{ Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER_IR' }] }], 'modify'],
  [[], [{ Status: 'Enabled', Transitions: [{ StorageClass: 'DEEP_ARCHIVE' }] }], 'disrupt'],
  [[], [{ Status: 'Disabled', Transitions: [{ StorageClass: 'DEEP_ARCHIVE' }] }], 'modify'],
  [[], [{ Status: 'Enabled', Transition: { StorageClass: 'ONEZONE_IA' } }], 'weaken'],
  [[], [{ Status: 'Enabled', Transitions: [{ Days: 1 }] }], 'disrupt'],
  [[{ Id: 'a', ExpirationInDays: 30 }], [{ Id: 'a', ExpirationInDays: 31 }], 'modify'],
  [[{ Id: 'a', ExpirationInDays: 30 }], [{ Id: 'a', ExpirationInDays: 29 }], 'delete'],
  [[{ Id: 'a', ExpirationInDays: 30 }], [{ Id: 'a', ExpirationInDays: 31, Prefix: '' }], 'delete'],
  [[{ Status: 'Disabled', ExpirationInDays: 3 }], [{ Status: 'Enabled', ExpirationInDays: 9 }], 'delete'],
  [[], [{ Status: 'Enabled', Future: 1 }], 'delete'],
  [[FIRST, SECOND], [SECOND], 'delete'],
  [[FIRST, SECOND], [{ ...SECOND, selection: { countNumber: 30 } }], 'delete'],
  [[FIRST, SECOND], [{ ...FIRST, rulePriority: 3 }, SECOND], 'delete'],
  [[FIRST, SECOND], [FIRST], 'modify'],
  [[FIRST, SECOND], [{ ...FIRST, selection: { countNumber: 99 } }, SECOND], 'modify'],
  [[logs({ MinIndexRetention: '90d' })], [logs({ MinIndexRetention: '180d' })], 'modify'],
  [[logs({ MinIndexRetention: '24h' })], [logs({ MinIndexRetention: '1d' })], 'modify'],
  [[logs({ MinIndexRetention: '2d' })], [logs({ MinIndexRetention: '24h' })], 'delete'],
  [[logs({ MinIndexRetention: '90d' })], [logs({ NoMinIndexRetention: true })], 'modify'],
  [[logs({ NoMinIndexRetention: true })], [logs({ MinIndexRetention: '90d' })], 'delete'],
  [[logs({ NoMinIndexRetention: true }), ALL], [ALL], 'delete'],
  [[logs({ NoMinIndexRetention: true })], [], 'modify'],
])('%j to %j', (before, after, effect) => {
  const properties = { P: 'ages' as const };
  const knowledge = new Map([[TYPE, { page: 'aws-resource-x', new: 'create' as const, properties }]]);
  const change = modified(TYPE, { P: before }, { P: after });
  expect(impactOf(change, sight(undefined, undefined, { knowledge })).effect).toBe(effect);
});
