import { request } from 'node:http';
import { CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf } from './clients.ts';

const orders = new CreateStackCommand({ StackName: 'orders', TemplateBody: DATABASE });
const deletion = new DeleteStackCommand({ StackName: 'orders', ClientRequestToken: 'ticket-1' });
const description = new DescribeStacksCommand({ StackName: 'orders' });

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

test('drop_before: the caller hears nothing and nothing happened', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(orders);
  cloud.settle();
  await cloud.control('faults', { action: 'DeleteStack', mode: 'drop_before' });
  expect(await failureOf(cloud.cf.send(deletion))).toMatchObject({ code: 'ECONNRESET' });
  expect((await cloud.cf.send(description)).Stacks![0]!.StackStatus).toBe('CREATE_COMPLETE');
  expect((await cloud.control('requests?action=DeleteStack')).body).toHaveLength(1);
});

test('drop_after: the caller hears nothing and it happened', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(orders);
  cloud.settle();
  await cloud.control('faults', { action: 'DeleteStack', mode: 'drop_after' });
  expect(await failureOf(cloud.cf.send(deletion))).toMatchObject({ code: 'ECONNRESET' });
  expect((await cloud.cf.send(description)).Stacks![0]!.StackStatus).toBe('DELETE_IN_PROGRESS');
});

test('an error is answered as often as was asked, and nothing happened', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(orders);
  await cloud.control('faults', { action: 'DescribeStacks', mode: 'error', code: 'Throttling', status: 400, times: 2 });
  expect(await failureOf(cloud.cf.send(description))).toMatchObject({ name: 'Throttling' });
  expect(await failureOf(cloud.cf.send(description))).toMatchObject({ name: 'Throttling' });
  expect((await cloud.cf.send(description)).Stacks).toHaveLength(1);
});

test('delay_before holds the effect back, delay_after the answer', async () => {
  const cloud = await cloudUnderTest();
  await cloud.cf.send(orders);
  cloud.settle();
  // Held back far longer than the test runs: closing the sandbox ends it.
  await cloud.control('faults', { action: 'DeleteStack', mode: 'delay_before', ms: 600_000 });
  const lost = failureOf(cloud.cf.send(deletion));
  await cloud.control('requests?action=DeleteStack&count=1&wait=10000');
  expect((await cloud.cf.send(description)).Stacks![0]!.StackStatus).toBe('CREATE_COMPLETE');
  await cloud.control('faults', { action: 'DeleteStack', mode: 'delay_after', ms: 600_000 });
  const unheard = failureOf(cloud.cf.send(deletion));
  await cloud.control('requests?action=DeleteStack&count=2&wait=10000');
  expect((await cloud.cf.send(description)).Stacks![0]!.StackStatus).toBe('DELETE_IN_PROGRESS');
  await cloud.sandbox.close();
  expect(await lost).toMatchObject({ code: 'ECONNRESET' });
  expect(await unheard).toMatchObject({ code: 'ECONNRESET' });
});

test('a fault that is not one is refused', async () => {
  const cloud = await cloudUnderTest();
  expect(await cloud.control('faults', { action: 'DeleteStack', mode: 'explode' })).toMatchObject({ status: 400 });
  expect(await cloud.control('nothing')).toMatchObject({ status: 404 });
});

test('a reset empties the cloud and puts the seed back', async () => {
  const seed = { region: 'eu-west-1', stacks: [{ name: 'seeded', template: DATABASE }] };
  const cloud = await cloudUnderTest({ seed });
  await cloud.cf.send(orders);
  await cloud.control('faults', { action: '*', mode: 'error' });
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
