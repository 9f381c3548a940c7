import {
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  InvalidChangeSetStatusException,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { cloudUnderTest, DATABASE, failureOf } from './clients.ts';
import { changesOf, execute, propose, proposed, statusOf, storage, withStack } from './proposals.ts';

test('an export that is not there yet is only missed by the execution', async () => {
  const cloud = await withStack();
  const Extra = '  Extra: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !ImportValue later } }\n';
  const TemplateBody = DATABASE.replace('Outputs:', `${Extra}Outputs:`);
  const set = await proposed(cloud, { TemplateBody });
  expect(set.Changes![0]!.ResourceChange!.AfterContext).toContain('{{changeSet:KNOWN_AFTER_APPLY}}');
  await execute(cloud, set.ChangeSetName!);
  cloud.settle();
  expect(await statusOf(cloud)).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('property values are only given when they are asked for', async () => {
  const cloud = await withStack();
  const TemplateBody = storage(40);
  const { Changes } = await proposed(cloud, { TemplateBody }, false);
  const [change] = Changes!.map(({ ResourceChange: one }) => one!);
  expect(change!.Details![0]!.Target).toEqual({
    Attribute: 'Properties',
    Name: 'AllocatedStorage',
    RequiresRecreation: 'Never',
  });
  expect(change!.BeforeContext).toBeUndefined();
});

test('stack tags reach every resource that can carry them', async () => {
  const cloud = await withStack();
  const { Database } = await changesOf(cloud, { UsePreviousTemplate: true, Tags: [{ Key: 'env', Value: 'dev' }] });
  expect(Database).toMatchObject({ Scope: ['Tags'], Replacement: 'False' });
});

test('a set without changes fails and says so', async () => {
  const cloud = await withStack();
  const set = await proposed(cloud, { UsePreviousTemplate: true });
  expect(set).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason:
      "The submitted information didn't contain changes. Submit different information to create a change set.",
  });
  expect(await failureOf(execute(cloud, set.ChangeSetName!))).toBeInstanceOf(InvalidChangeSetStatusException);
});

test('a set of outputs alone has no changes and can be executed', async () => {
  const cloud = await withStack();
  const TemplateBody = `${DATABASE}  Extra: { Value: "yes" }\n`;
  const set = await proposed(cloud, { TemplateBody });
  expect(set).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Changes: [] });
  await execute(cloud, set.ChangeSetName!);
  cloud.settle();
  const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({ StackName: 'orders' }));
  expect(Stacks![0]!.Outputs!.map(({ OutputKey }) => OutputKey)).toEqual(['Endpoint', 'Extra']);
});

test('a set is made step by step, and cannot be executed before it is done', async () => {
  const cloud = await withStack();
  await propose(cloud, 'slow', { TemplateBody: storage(40) });
  const describe = () => cloud.cf.send(new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: 'slow' }));
  expect(await describe()).toMatchObject({ Status: 'CREATE_PENDING', ExecutionStatus: 'UNAVAILABLE' });
  expect(await failureOf(execute(cloud, 'slow'))).toBeInstanceOf(InvalidChangeSetStatusException);
  cloud.pass(50);
  expect(await describe()).toMatchObject({ Status: 'CREATE_IN_PROGRESS' });
  cloud.pass(50);
  expect(await describe()).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
});

test('executing one set makes the others obsolete, then they are gone', async () => {
  const cloud = await withStack();
  const { Id: first } = await propose(cloud, 'first', { TemplateBody: storage(40) });
  await propose(cloud, 'second', { TemplateBody: storage(50) });
  cloud.settle();
  await execute(cloud, 'first');
  const second = new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: 'second' });
  expect(await cloud.cf.send(second)).toMatchObject({ ExecutionStatus: 'OBSOLETE' });
  expect(await failureOf(execute(cloud, 'second'))).toBeInstanceOf(InvalidChangeSetStatusException);
  cloud.settle();
  expect(await statusOf(cloud)).toBe('UPDATE_COMPLETE');
  expect((await cloud.cf.send(new ListChangeSetsCommand({ StackName: 'orders' }))).Summaries).toEqual([]);
  expect(await failureOf(cloud.cf.send(second))).toMatchObject({ name: 'ChangeSetNotFoundException' });
  // The executed one is found by its ARN, and does not run again.
  const done = await cloud.cf.send(new DescribeChangeSetCommand({ ChangeSetName: first }));
  expect(done).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'EXECUTE_COMPLETE' });
  expect(await failureOf(execute(cloud, first!))).toBeInstanceOf(InvalidChangeSetStatusException);
});

test('an update by another way makes a set stale', async () => {
  const cloud = await withStack();
  const { Id } = await propose(cloud, 'stale', { TemplateBody: storage(40) });
  cloud.settle();
  await cloud.cf.send(new UpdateStackCommand({ StackName: 'orders', TemplateBody: storage(60) }));
  expect((await failureOf(execute(cloud, Id!))).message).toMatch(/execution status of \[OBSOLETE\]/);
});

test('a token executes once and then answers as before', async () => {
  const cloud = await withStack();
  const { Id } = await propose(cloud, 'once', { TemplateBody: storage(40) });
  cloud.settle();
  await execute(cloud, Id!, 'ticket-7');
  await execute(cloud, Id!, 'ticket-7');
  cloud.settle();
  await execute(cloud, Id!, 'ticket-7');
  await execute(cloud, 'once', 'ticket-7');
  expect(await statusOf(cloud)).toBe('UPDATE_COMPLETE');
  const deletion = new DeleteStackCommand({ StackName: 'orders', ClientRequestToken: 'ticket-7' });
  expect(await failureOf(cloud.cf.send(deletion))).toMatchObject({ name: 'TokenAlreadyExistsException' });
});

test('a set that creates a stack leaves it in review until it is executed', async () => {
  const cloud = await cloudUnderTest();
  await propose(cloud, 'new', { ChangeSetType: 'CREATE', TemplateBody: DATABASE });
  expect(await statusOf(cloud)).toBe('REVIEW_IN_PROGRESS');
  cloud.settle();
  const set = await cloud.cf.send(new DescribeChangeSetCommand({ StackName: 'orders', ChangeSetName: 'new' }));
  expect(set.Changes!.map(({ ResourceChange: one }) => one!.Action)).toEqual(['Add', 'Add']);
  await execute(cloud, 'new');
  expect(await statusOf(cloud)).toBe('CREATE_IN_PROGRESS');
  cloud.settle();
  expect(await statusOf(cloud)).toBe('CREATE_COMPLETE');
});

test('a stack in review is deleted with its sets', async () => {
  const cloud = await cloudUnderTest();
  await propose(cloud, 'new', { ChangeSetType: 'CREATE', TemplateBody: DATABASE });
  cloud.settle();
  await cloud.cf.send(new DeleteChangeSetCommand({ StackName: 'orders', ChangeSetName: 'new' }));
  expect(await statusOf(cloud)).toBe('REVIEW_IN_PROGRESS');
  await cloud.cf.send(new DeleteStackCommand({ StackName: 'orders' }));
  expect(await failureOf(statusOf(cloud))).toMatchObject({ name: 'ValidationError' });
});

test('a request that is refused leaves nothing behind', async () => {
  const cloud = await cloudUnderTest();
  const unknown = JSON.stringify({ Resources: { A: { Type: 'AWS::Not::AType' } } });
  const refused = await failureOf(propose(cloud, 'new', { ChangeSetType: 'CREATE', TemplateBody: unknown }));
  expect(refused.message).toBe('Template format error: Unrecognized resource types: [AWS::Not::AType]');
  expect(await failureOf(statusOf(cloud))).toMatchObject({ name: 'ValidationError' });
  const absent = await failureOf(propose(cloud, 'new', { TemplateBody: DATABASE }));
  expect(absent.message).toBe('Stack [orders] does not exist');
});
