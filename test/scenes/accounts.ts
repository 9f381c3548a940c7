import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import { type Cloud, startCloud } from './cloud.ts';

/** Two accounts in which the same things have the same names, and a third whose credentials the process has. */

export const SHOP = { id: '111122223333', name: 'shop-production' };
export const LAB = { id: '444455556666', name: 'lab' };
/** That of the key with which processes sign. */
export const HOME = '123456789012';

const EXTERNAL_ID = 'of-this-installation';

export const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly regions?: readonly string[];
  readonly [more: string]: unknown;
}

/** An entry of `accounts:` with both roles. */
export const entry = ({ id, name, ...more }: Entry) => ({
  ...{ id, name, regions: ['eu-west-1', 'eu-central-1'] },
  ...{ read_role_arn: role(id, 'read'), execution_role_arn: role(id, 'execute'), external_id: EXTERNAL_ID },
  ...more,
});

/** A configuration with these entries; JSON is YAML. */
export const configOf = (entries: readonly object[], more: object = {}) =>
  Object.entries({ accounts: entries, ...more })
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');

const queue = { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Delete' };
const ORDERS = { name: 'orders', template: { Resources: { Jobs: queue, More: queue } } };

/** The same in both: a stack, instances and volumes. */
export const SEED: SandboxSeed = {
  region: 'eu-west-1',
  stacks: [ORDERS],
  instances: [{ count: 2, tags: { Name: 'web' } }],
  volumes: [{ tags: { Name: 'data' } }, { tags: { Name: 'spare' } }],
};

interface Seeds {
  readonly shop?: SandboxSeed;
  readonly lab?: SandboxSeed;
  readonly now?: () => number;
  readonly latencyMs?: number;
}

export async function twoAccounts({ shop = SEED, lab = SEED, ...clock }: Seeds = {}): Promise<Cloud> {
  return await startCloud({}, { ...clock, accounts: { [SHOP.id]: shop, [LAB.id]: lab } });
}
