import * as sdk from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { propose, read } from '../scenes/tools.ts';
import { securityGroupScene, tcp } from './security-group-scene.ts';

const { aws, client, groups, authorize, revoke, remove, described } = await securityGroupScene();

test('a group that is used, named by another, or the default one is not deleted', async () => {
  await expect(remove('web')).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringMatching(/2 instances \(.*1 load balancer/),
    recovery: expect.stringContaining('another group'),
  });
  const source = await authorize('db', tcp(1234, { source_group_id: groups.idle }));
  await source.execute();
  await expect(remove('idle')).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringContaining(groups.db ?? ''),
  });
  await (await revoke('db', { rules: [tcp(1234, { source_group_id: groups.idle })] })).execute();
  await expect(remove('default')).rejects.toMatchObject({ code: 'protected' });
  const missing = propose(aws, 'ec2_delete_security_group', { group_id: 'sg-00000001' });
  await expect(missing).rejects.toMatchObject({ code: 'not_found' });
});

test('a group is made with the ticket on it, found by that, and deleted', async () => {
  const vpc_id = (await described('web')).vpc_id;
  const create = (group_name: string) =>
    propose(aws, 'ec2_create_security_group', { group_name, description: 'made here', vpc_id, tags: { env: 'dev' } });
  const made = await create('new (1)');
  expect(made.impact).toMatchObject([{ effect: 'create', detail: expect.stringContaining('lets everything out') }]);
  expect(made.targets).toMatchObject([{ type: 'AWS::EC2::VPC', name: vpc_id, tags: {} }]);
  expect(await made.observe()).toMatchObject({ state: 'unknown', resources: [] });
  const rival = await create('new (1)');
  await made.execute();
  expect(await made.outcome()).toMatchObject({ state: 'succeeded', resources: [{ outcome: 'succeeded' }] });
  // Another ticket for the same name finds a group, but not its own.
  expect(await rival.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('somebody else') });
  await expect(rival.again()).rejects.toMatchObject({ code: 'wrong_state' });
  await expect(create('new (1)')).rejects.toMatchObject({ code: 'wrong_state' });
  // A star in a name is a star.
  expect((await create('new*')).impact).toHaveLength(1);
  const nowhere = propose(aws, 'ec2_create_security_group', {
    group_name: 'a',
    description: 'b',
    vpc_id: 'vpc-00000001',
  });
  await expect(nowhere).rejects.toMatchObject({ code: 'not_found' });

  const found = await read(aws, 'ec2_describe_security_groups', { group_name: 'new (1)' });
  const group_id = found.security_groups[0].group_id;
  const gone = await propose(aws, 'ec2_delete_security_group', { group_id });
  expect(gone.impact).toMatchObject([{ effect: 'delete', recoverable: false }]);
  expect(gone.targets[0]?.tags).toMatchObject({ env: 'dev' });
  expect((await gone.again()).guard).toEqual(gone.guard);
  expect(await gone.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('still there') });
  await gone.execute();
  expect(await gone.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(gone.again()).rejects.toMatchObject({ code: 'not_found' });
});

test('rules of a group that is gone tell nothing about what was asked of it', async () => {
  const made = await client.send(new sdk.CreateSecurityGroupCommand({ GroupName: 'brief', Description: 'x' }));
  groups.brief = made.GroupId ?? '';
  await (await authorize('brief', tcp(1, { cidr_ip: '203.0.113.9/32' }))).execute();
  const close = await revoke('brief', { rules: [tcp(1, { cidr_ip: '203.0.113.9/32' })] });
  await client.send(new sdk.DeleteSecurityGroupCommand({ GroupId: groups.brief }));
  expect(await close.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('no longer there') });
});
