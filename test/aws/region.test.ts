import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { startCloud } from '../scenes/cloud.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdshort-aws-'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of [
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
  ]) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('no region is an error that says what to set', async () => {
  const asked = createAws({}).readers();
  await expect(asked).rejects.toMatchObject({
    code: 'config_invalid',
    recovery: expect.stringContaining('AWS_REGION'),
  });
});

test('region and endpoint come from the environment, credentials must be there', async () => {
  await using cloud = await startCloud();
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ENDPOINT_URL', cloud.endpoint);
  const aws = createAws({});
  expect(await aws.defaultRegion()).toBe('eu-central-1');
  await expect(aws.caller()).rejects.toMatchObject({ code: 'aws_unreachable', certainty: 'refused' });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
  // A failure isn't remembered: signing in helps without a restart.
  expect(await aws.caller()).toMatchObject({ account: '123456789012', region: 'eu-central-1' });
  await Promise.all([aws.caller(), aws.readers(), aws.readers('eu-central-1')]);
  expect(await cloud.requests('GetCallerIdentity')).toHaveLength(1);
});

test('reads and changes speak for their own roles, named after the ticket', async () => {
  await using cloud = await startCloud({ instances: [{}] });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
  const role = (name: string, account = '123456789012') => `arn:aws:iam::${account}:role/${name}`;
  const options = { region: 'eu-west-1', endpoint: cloud.endpoint, readRoleArn: role('read') };
  const aws = createAws({ ...options, executionRoleArn: role('run') });
  expect((await aws.caller()).arn).toBe('arn:aws:sts::123456789012:assumed-role/read/holdshort-read');
  const { ec2 } = await aws.readers();
  const { items } = await ec2.instances({ filters: [], limit: 10 });
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  const grant = { policy, source_identity: 'tkt_0123', tags: {}, seconds: 900 };
  const { ports } = await aws.sender('eu-west-1', { name: 'holdshort-0123', grant });
  const writers = ports(async () => {});
  await writers.ec2.stopInstances({ ids: items.map((one) => one.instance_id), force: false, hibernate: false });
  const assumed = await cloud.requests('AssumeRole');
  expect(assumed.map(({ parameters }) => [parameters.RoleArn, parameters.RoleSessionName])).toEqual([
    [role('read'), 'holdshort-read'],
    [role('run'), 'holdshort-0123'],
  ]);
  const elsewhere = createAws({ ...options, executionRoleArn: role('run', '210987654321') });
  await expect(elsewhere.writers()).rejects.toMatchObject({ code: 'config_invalid' });
});
