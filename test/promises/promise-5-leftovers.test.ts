import {
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON, until } from '../scenes/front-door.ts';
import { done } from '../scenes/here.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

const QUEUE = { Type: 'AWS::SQS::Queue' };
/** Opening the network is destructive, and so is held outside production too. */
const OPEN = {
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    GroupDescription: 'web',
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
  },
};
const bodyOf = (...names: string[]) =>
  JSON.stringify({ Resources: Object.fromEntries(names.map((name) => [name, QUEUE])) });

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    { stacks: ['held', 'moved', 'gone'].map((name) => ({ name, template: bodyOf('One') })), instances: [{}] },
    {
      approvers: ['mara'],
      config: 'environments: [{ name: staging, match: { stack_names: ["brief-*"] }, expire_after: 3s }]\n',
    },
  );
  scene.place.start(['executor']);
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const propose = (stack_name: string, ...names: string[]) =>
  scene.ask('cloudformation_deploy_stack', { stack_name, template_body: bodyOf(...names) });

const deny = async ({ id, digest }: { id: string; digest: string }) => {
  await done(scene.place, 'deny', id, '--reason', 'not like this', '--yes', '--digest', digest, '--as', 'mara');
};

async function statusOf(name: string): Promise<string | undefined> {
  const { Stacks = [] } = await scene.cloudformation.send(new DescribeStacksCommand({}));
  return Stacks.find(({ StackName }) => StackName === name)?.StackStatus;
}

async function changeSetsOf(StackName: string): Promise<string[]> {
  const { Summaries = [] } = await scene.cloudformation.send(new ListChangeSetsCommand({ StackName }));
  return Summaries.map(({ ChangeSetName = '' }) => ChangeSetName);
}

const removal = (ticket: string) =>
  until(
    () => scene.rows(`SELECT seq FROM audit_events WHERE ticket = ? AND type = 'aws.removed'`, ticket).length,
    (count) => count > 0,
  );

test('[P5-14] a denied update leaves no change set', async () => {
  const ticket = await propose('held', 'One', 'Two');
  expect(await changeSetsOf('held')).toEqual([`holdshort-${ticket.id.slice(4)}`]);
  await deny(ticket);
  await removal(ticket.id);
  expect(await changeSetsOf('held')).toEqual([]);
  expect(await statusOf('held')).toBe('CREATE_COMPLETE');
});

test('[P5-14] a creation that is denied, withdrawn or expired leaves no change set and no empty stack', async () => {
  const [denied, withdrawn, expired] = [
    await propose('new-denied', 'One'),
    await propose('new-withdrawn', 'One'),
    await scene.ask('cloudformation_deploy_stack', {
      stack_name: 'brief-expired',
      template_body: JSON.stringify({ Resources: { Group: OPEN } }),
    }),
  ];
  expect(await statusOf('new-denied')).toBe('REVIEW_IN_PROGRESS');
  await deny(denied);
  await scene.agent.call('ticket_withdraw', { ticket_id: withdrawn.id, reason: REASON });
  for (const [ticket, state, name] of [
    [denied, 'denied', 'new-denied'],
    [withdrawn, 'withdrawn', 'new-withdrawn'],
    [expired, 'expired', 'brief-expired'],
  ] as const) {
    expect(await scene.settled(ticket.id)).toBe(state);
    await removal(ticket.id);
    expect(await statusOf(name)).toBeUndefined();
  }
  const again = { stack_name: 'new-denied', template_body: bodyOf('One'), reason: 'it is asked for once more' };
  const { ticket, refusal = ticket?.refusal } = await scene.agent.call('cloudformation_deploy_stack', again);
  expect(refusal).toMatchObject({ code: 'denied', message: expect.stringContaining(denied.id) });
  await until(
    () => statusOf('new-denied'),
    (status) => status === undefined,
  );
  expect(await scene.cloud.requests('ExecuteChangeSet')).toEqual([]);
});

test('[P5-15] a stack that came to life meanwhile is not deleted', async () => {
  const ticket = await propose('alive', 'One');
  // Someone executes the change set in the console.
  const ChangeSetName = `holdshort-${ticket.id.slice(4)}`;
  await scene.cloudformation.send(new ExecuteChangeSetCommand({ StackName: 'alive', ChangeSetName }));
  await until(
    () => statusOf('alive'),
    (status) => status === 'CREATE_COMPLETE',
  );
  await deny(ticket);
  await removal(ticket.id);
  expect(await statusOf('alive')).toBe('CREATE_COMPLETE');
});

test("[P5-15] nor is an empty one that somebody else's change set is for", async () => {
  const ticket = await propose('shared', 'One');
  const theirs = { StackName: 'shared', ChangeSetName: 'theirs', ChangeSetType: 'CREATE' as const };
  await scene.cloudformation.send(new CreateChangeSetCommand({ ...theirs, TemplateBody: bodyOf('Other') }));
  await deny(ticket);
  await until(
    () => changeSetsOf('shared'),
    (names) => names.join() === 'theirs',
  );
  expect(await statusOf('shared')).toBe('REVIEW_IN_PROGRESS');
});

test('[P5-16] a stack or instance that changed after the approval: stale, nothing sent, nothing left', async () => {
  const { place, cloudformation, ec2 } = scene;
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  const instance = Reservations?.[0]?.Instances?.[0]?.InstanceId ?? '';
  // Halted, so that the world can change between approval and execution.
  await done(place, 'halt', '--reason', 'the world changes', '--as', 'mara');
  const update = await scene.approved('cloudformation_deploy_stack', {
    stack_name: 'moved',
    template_body: bodyOf('One', 'Two'),
  });
  const deletion = await scene.approved('cloudformation_delete_stack', { stack_name: 'gone' });
  const termination = await scene.approved('ec2_terminate_instances', { instance_ids: [instance] });
  for (const StackName of ['moved', 'gone'])
    await cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: bodyOf('One', 'Three') }));
  await ec2.send(new StopInstancesCommand({ InstanceIds: [instance] }));
  for (const name of ['moved', 'gone'])
    await until(
      () => statusOf(name),
      (status) => status === 'UPDATE_COMPLETE',
    );
  await done(place, 'resume', '--as', 'mara');
  for (const { id } of [update, deletion, termination]) {
    expect(await scene.settled(id)).toBe('stale');
    expect(scene.rows(`SELECT seq FROM audit_events WHERE ticket = ? AND type = 'ticket.executing'`, id)).toEqual([]);
  }
  await removal(update.id);
  expect(await changeSetsOf('moved')).toEqual([]);
  expect(await statusOf('gone')).toBe('UPDATE_COMPLETE');
  const sent = (await scene.cloud.requests()).map(({ action }) => action);
  expect(sent).not.toContain('TerminateInstances');
  const deleted = await scene.cloud.requests('DeleteStack');
  expect(deleted.length).toBeGreaterThan(0);
  expect(deleted.filter(({ parameters }) => String(parameters.StackName).includes(':stack/gone/'))).toEqual([]);
  const asked = await scene.cloud.requests('ExecuteChangeSet');
  expect(asked.filter(({ parameters }) => String(parameters.StackName).includes(':stack/moved/'))).toEqual([]);
});

test('[P5-14] of several executors one removes each leftover', async () => {
  const names = ['many-1', 'many-2', 'many-3', 'many-4', 'many-5', 'many-6'];
  const deletions = async () =>
    (await scene.cloud.requests('DeleteStack')).filter(({ parameters }) =>
      names.some((name) => String(parameters.StackName).includes(name)),
    );
  const executors = [scene.place.start(['executor']), scene.place.start(['executor'])];
  const tickets = [];
  for (const name of names) tickets.push(await propose(name, 'One'));
  for (const { id } of tickets) await scene.agent.call('ticket_withdraw', { ticket_id: id, reason: REASON });
  for (const { id } of tickets) await removal(id);
  expect(await deletions()).toHaveLength(names.length);
  const removing = `SELECT ticket FROM audit_events WHERE type = 'aws.removing' AND ticket = ?`;
  for (const { id } of tickets) expect(scene.rows(removing, id)).toHaveLength(1);
  for (const executor of executors) executor.kill();
}, 60_000);
