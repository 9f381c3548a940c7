import { DescribeInstancesCommand, DescribeSecurityGroupRulesCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, REASON } from '../scenes/front-door.ts';
import { type Scene, setScene, verified } from '../scenes/whole.ts';

/* What EC2's tools took away comes back as it was, except for what the ticket had said. */

let scene: Scene;
let ids: readonly string[];

beforeAll(async () => {
  scene = await setScene(
    {
      instances: [
        { tags: { owner: 'shop', stage: 'production' }, publicAddress: true },
        { tags: { owner: 'billing' } },
      ],
    },
    { approvers: ['ann'], latencyMs: 0, speed: 5 },
  );
  scene.place.start(['executor']);
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  const found = Reservations.flatMap(({ Instances = [] }) => Instances);
  const of = (owner: string) => found.find(({ Tags }) => Tags?.some(({ Value }) => Value === owner))?.InstanceId ?? '';
  ids = [of('shop'), of('billing')];
});
afterAll(async () => await scene[Symbol.asyncDispose]());

/** Runs it as far as it goes, with a person's yes where it is held. */
async function done(tool: string, args: Record<string, unknown>): Promise<string> {
  const ticket = await scene.ask(tool, args);
  if (ticket.state === 'pending') await approve(scene.place, ticket, 'ann');
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  return ticket.id;
}

async function undo(id: string) {
  return (await scene.agent.call('ticket_get', { ticket_id: id })).plan.undo;
}

async function tags() {
  const { Tags = [] } = await scene.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [...ids] }] }),
  );
  return Tags.map(({ ResourceId, Key, Value }) => `${ResourceId} ${Key} ${Value}`).sort();
}

async function instance(id: string) {
  const { Reservations } = await scene.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0];
}

test('tags of different values, overwritten and new, each come back as they were', async () => {
  const before = await tags();
  const id = await done('ec2_create_tags', { resources: ids, tags: { owner: 'nobody', stage: 'test' } });
  const told = await undo(id);
  expect(told).toMatchObject({ exists: 'yes', by: ['ec2_create_tags', 'ec2_create_tags', 'ec2_delete_tags'] });
  for (const part of [1, 2, 3]) await done('ticket_restore', { ticket_id: id, part });
  expect(await tags()).toEqual(before);
});

test('tags that were removed come back', async () => {
  const before = await tags();
  const id = await done('ec2_delete_tags', { resources: ids, tag_keys: ['owner'] });
  for (const part of [1, 2]) await done('ticket_restore', { ticket_id: id, part });
  expect(await tags()).toEqual(before);
});

test('an instance that was stopped runs again, with another address, as the ticket said', async () => {
  const [id = ''] = ids;
  const address = (await instance(id))?.PublicIpAddress ?? 'none';
  const stop = await done('ec2_stop_instances', { instance_ids: [id] });
  const told = await undo(stop);
  expect(told).toMatchObject({ exists: 'in_part', by: ['ec2_start_instances'] });
  expect(JSON.stringify(told.lost)).toContain(address);
  await done('ticket_restore', { ticket_id: stop });
  expect((await instance(id))?.State?.Name).toBe('running');
});

test('a type comes back', async () => {
  const [, id = ''] = ids;
  const resize = await done('ec2_modify_instance_attribute', { instance_id: id, instance_type: 't3.small' });
  await done('ticket_restore', { ticket_id: resize });
  expect((await instance(id))?.InstanceType).toBe('t3.micro');
});

test('rules that were added go again', async () => {
  const [id = ''] = ids;
  const GroupId = (await instance(id))?.SecurityGroups?.[0]?.GroupId ?? '';
  const rules = async () => {
    const Filters = [{ Name: 'group-id', Values: [GroupId] }];
    return (await scene.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))).SecurityGroupRules;
  };
  const before = await rules();
  const rule = { ip_protocol: 'tcp', from_port: 22, to_port: 22, cidr_ip: '0.0.0.0/0', description: 'for a minute' };
  const open = await done('ec2_authorize_security_group_ingress', { group_id: GroupId, rules: [rule] });
  expect(await undo(open)).toMatchObject({ exists: 'yes', by: ['ec2_revoke_security_group_ingress'] });
  await done('ticket_restore', { ticket_id: open });
  expect(await rules()).toEqual(before);
  expect(
    (await scene.agent.call('ticket_restore', { ticket_id: open, part: 2, reason: REASON })).refusal,
  ).toBeDefined();
  await verified(scene);
});
