import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verified } from '../scenes/whole.ts';
import { type Ec2Scene, ec2Scene } from './ec2-scene.ts';

/* Rules that were taken away, and disks that were moved, are there again, except for what the ticket had said. */

let scene: Ec2Scene;
let machine: string;
let group: string;

beforeAll(async () => {
  scene = await ec2Scene({ instances: [{ tags: { owner: 'shop' } }, { tags: { owner: 'other' } }], volumes: [{}] });
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  const found = Reservations.flatMap(({ Instances = [] }) => Instances);
  const shop = found.find(({ Tags }) => Tags?.some(({ Value }) => Value === 'shop'));
  [machine, group] = [shop?.InstanceId ?? '', shop?.SecurityGroups?.[0]?.GroupId ?? ''];
});
afterAll(async () => await scene[Symbol.asyncDispose]());

async function rules() {
  const Filters = [{ Name: 'group-id', Values: [group] }];
  const { SecurityGroupRules = [] } = await scene.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  return SecurityGroupRules;
}

/** Without what AWS makes anew for each rule. */
async function rulesAsSaid() {
  const plain = (await rules()).map(({ SecurityGroupRuleId: _, SecurityGroupRuleArn: __, Tags: ___, ...rule }) => rule);
  return plain.map((rule) => JSON.stringify(rule)).sort();
}

test('rules of every source come back with their descriptions; their ids and tags do not, as was told', async () => {
  const tagged = { ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'why', Value: 'audit' }] };
  const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  const { GroupId: peer } = await scene.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'peer', Description: 'peer' }),
  );
  await scene.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [
        { ...tcp(443), IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'the shop' }] },
        { ...tcp(8443), Ipv6Ranges: [{ CidrIpv6: '2001:db8::/64' }] },
        { ...tcp(5432), UserIdGroupPairs: [{ GroupId: peer, Description: 'the database' }] },
        { ...tcp(80), PrefixListIds: [{ PrefixListId: 'pl-0123456789abcdef0' }] },
        { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
        { IpProtocol: '50', IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
      ],
      TagSpecifications: [tagged],
    }),
  );
  const before = await rulesAsSaid();
  const going = (await rules()).filter(({ IsEgress, Tags }) => !IsEgress && Tags?.length);
  expect(going).toHaveLength(6);
  const ids = going.map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
  const { id, undo } = await scene.told('ec2_revoke_security_group_ingress', {
    ...{ group_id: group, security_group_rule_ids: ids },
  });
  expect(undo).toMatchObject({ exists: 'in_part', by: ['ec2_authorize_security_group_ingress'] });
  const lost = undo.lost.map(({ why }: { why: string }) => why);
  expect(lost[0]).toContain('the ids of its rules');
  expect(lost.slice(1).every((why: string) => why.startsWith('1 tag (why) of the rule for'))).toBe(true);
  expect(lost).toHaveLength(7);
  await scene.run(id);
  expect(await rulesAsSaid()).toHaveLength(before.length - 6);
  await scene.done('ticket_restore', { ticket_id: id });
  expect(await rulesAsSaid()).toEqual(before);
});

test('a description that reads like a secret does not come back, and is told; the rule does', async () => {
  const Description = 'AKIAIOSFODNN7EXAMPLE';
  await scene.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [
        { IpProtocol: 'udp', FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: '10.9.0.0/16', Description }] },
      ],
    }),
  );
  const rule = { ip_protocol: 'udp', from_port: 53, to_port: 53, cidr_ip: '10.9.0.0/16' };
  const { id, undo } = await scene.told('ec2_revoke_security_group_ingress', { group_id: group, rules: [rule] });
  expect(undo.lost.map(({ why }: { why: string }) => why).join('\n')).toContain(
    'the description of the rule for udp 53',
  );
  await scene.run(id);
  await scene.done('ticket_restore', { ticket_id: id });
  const [back] = (await rules()).filter(({ CidrIpv4 }) => CidrIpv4 === '10.9.0.0/16');
  expect(back).toMatchObject({ IpProtocol: 'udp', FromPort: 53 });
  expect(back?.Description ?? '').toBe('');
});

async function volume(id: string) {
  return (await scene.ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes?.[0];
}

test('a disk that was detached is at its place again; that it went with its instance was told as lost', async () => {
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  const free = Volumes.find(({ State }) => State === 'available')?.VolumeId ?? '';
  const { id: attach, undo: unattach } = await scene.told('ec2_attach_volume', {
    ...{ volume_id: free, instance_id: machine, device: '/dev/sdf' },
  });
  expect(unattach).toMatchObject({ exists: 'yes', by: ['ec2_detach_volume'] });
  await scene.run(attach);
  const { id, undo } = await scene.told('ec2_detach_volume', { volume_id: free });
  expect(undo).toMatchObject({ exists: 'in_part', by: ['ec2_attach_volume'] });
  expect(undo.lost.map(({ why }: { why: string }) => why)).toEqual([expect.stringContaining('not written to it yet')]);
  await scene.run(id);
  await scene.done('ticket_restore', { ticket_id: id });
  expect((await volume(free))?.Attachments?.[0]).toMatchObject({ InstanceId: machine, Device: '/dev/sdf' });

  // What was attached goes from there, and from nowhere else.
  await scene.done('ec2_detach_volume', { volume_id: free });
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  const others = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
  const other = others.find((one) => one !== machine) ?? '';
  await scene.done('ec2_attach_volume', { volume_id: free, instance_id: other, device: '/dev/sdf' });
  const { refusal } = await scene.agent.call('ticket_restore', { ticket_id: attach, reason: 'it was a mistake' });
  expect(refusal).toMatchObject({ code: 'wrong_state', message: expect.stringContaining(`not to ${machine}`) });
});

test('the root of an instance that is stopped: that it is deleted with it does not come back, as told', async () => {
  await scene.done('ec2_stop_instances', { instance_ids: [machine] });
  const [root] = (await scene.instance(machine)).BlockDeviceMappings ?? [];
  const volume_id = root?.Ebs?.VolumeId ?? '';
  const { id, undo } = await scene.told('ec2_detach_volume', { volume_id });
  expect(undo.lost.map(({ why }: { why: string }) => why)).toEqual([
    expect.stringContaining(`it is deleted with ${machine}`),
  ]);
  await scene.run(id);
  await scene.done('ticket_restore', { ticket_id: id });
  const [back] = (await scene.instance(machine)).BlockDeviceMappings ?? [];
  expect(back).toMatchObject({
    DeviceName: root?.DeviceName,
    Ebs: { VolumeId: volume_id, DeleteOnTermination: false },
  });
  await verified(scene);
});
