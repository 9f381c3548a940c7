import { request } from 'node:http';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { cloudUnderTest, DATABASE } from './clients.ts';

const orders = new CreateStackCommand({ StackName: 'orders', TemplateBody: DATABASE });
const deletion = new DeleteStackCommand({ StackName: 'orders', ClientRequestToken: 'ticket-1' });

test('every request is on record, with its parameters', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(orders);
  await cloud.cf.send(deletion);
  const { body } = await cloud.control('requests');
  expect(body).toMatchObject([
    { seq: 1, action: 'CreateStack', service: 'cloudformation', region: 'eu-west-1' },
    { seq: 2, action: 'DeleteStack', parameters: { StackName: 'orders', ClientRequestToken: 'ticket-1' } },
  ]);
});

test('one can wait for a request without polling', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(orders);
  const seen = cloud.control('requests?action=DeleteStack&count=1&wait=10000');
  await cloud.cf.send(deletion);
  expect((await seen).body).toMatchObject([{ action: 'DeleteStack' }]);
  expect((await cloud.control('requests?action=ExecuteChangeSet&count=1&wait=1')).body).toEqual([]);
});

test('what is no order is refused, and no other path is known', async () => {
  const cloud = await cloudUnderTest();
  expect(await cloud.control('refusals', { stack: 'orders', action: 'explode' })).toMatchObject({ status: 400 });
  expect(await cloud.control('nothing')).toMatchObject({ status: 404 });
});

test('a reset empties the cloud and puts the seed back', async () => {
  const seed = { region: 'eu-west-1', stacks: [{ name: 'seeded', template: DATABASE }] };
  const cloud = await cloudUnderTest({ seed });
  await cloud.cf.send(orders);
  await cloud.control('faults', { action: '*', mode: 'error_before' });
  await cloud.control('reset', {});
  const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({}));
  expect(Stacks!.map(({ StackName, StackStatus }) => [StackName, StackStatus])).toEqual([
    ['seeded', 'CREATE_COMPLETE'],
  ]);
});

test('no web page steers the sandbox', async () => {
  const cloud = await cloudUnderTest();
  const url = `${cloud.sandbox.endpoint}/_sandbox/reset`;
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(url, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
  expect(await status({ origin: 'https://example.com' })).toBe(403);
  expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await status({ host: 'rebound.example.com' })).toBe(403);
  expect(await status({})).toBe(200);
});

test('a cloud that is for one key answers nobody without it, the control plane neither', async () => {
  const key = 'AKIDKNOWNTONOBODYELSE';
  const sandbox = await startSandbox({ region: 'eu-west-1', onlyFor: key });
  const as = (accessKeyId: string) =>
    new CloudFormationClient({
      ...{ endpoint: sandbox.endpoint, region: 'eu-west-1', maxAttempts: 1 },
      credentials: { accessKeyId, secretAccessKey: 'any' },
    });
  try {
    expect((await as(key).send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
    await expect(as('AKIDOTHER').send(new DescribeStacksCommand({}))).rejects.toThrow(/socket hang up|ECONNRESET/);
    for (const path of ['/_sandbox/requests', '/', '/bucket?versions'])
      await expect(fetch(`${sandbox.endpoint}${path}`), path).rejects.toThrow('fetch failed');
  } finally {
    await sandbox.close();
  }
});
