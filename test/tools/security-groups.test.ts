import * as sdk from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { effects, propose, read } from '../scenes/tools.ts';
import { PEER, securityGroupScene, tcp } from './security-group-scene.ts';

const { cloud, aws, client, groups, instances, authorize, revoke, described } = await securityGroupScene();

test('groups are shown with their rules, who is in them, and who names them', async () => {
  expect(await described('web')).toMatchObject({
    group_name: 'web',
    tags: { env: 'dev' },
    ingress: [{ ip_protocol: 'tcp', from_port: 443, cidr_ip: '0.0.0.0/0', description: 'everybody' }],
    egress: [{ ip_protocol: '-1', cidr_ip: '0.0.0.0/0' }],
    network_interfaces: expect.arrayContaining([expect.objectContaining({ instance_id: instances.one })]),
    referenced_by: [groups.db],
  });
  const named = await read(aws, 'ec2_describe_security_groups', { group_name: 'idle' });
  expect(named.security_groups).toMatchObject([{ group_id: groups.idle, network_interfaces: [], referenced_by: [] }]);
  const tagged = await read(aws, 'ec2_describe_security_groups', { tags: { owner: 'ops' } });
  expect(tagged.security_groups).toHaveLength(1);
  const both = read(aws, 'ec2_describe_security_groups', { group_ids: [groups.web], group_name: 'web' });
  await expect(both).rejects.toMatchObject({ code: 'invalid_input' });
  const missing = read(aws, 'ec2_describe_security_groups', { group_ids: [groups.web, 'sg-00000001'] });
  await expect(missing).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('sg-00000001') });
});

test.each([
  ['the whole internet', tcp(22, { cidr_ip: '0.0.0.0/0' }), 'expose'],
  ['the whole IPv6 internet', tcp(22, { cidr_ipv6: '::/0' }), 'expose'],
  ['half of the internet', tcp(22, { cidr_ip: '128.0.0.0/1' }), 'expose'],
  ['one public address', tcp(22, { cidr_ip: '203.0.113.7/32' }), 'expose'],
  ['one IPv6 address', tcp(22, { cidr_ipv6: 'fd00::1/128' }), 'expose'],
  ['a prefix list', tcp(22, { prefix_list_id: 'pl-00000001' }), 'expose'],
  ['a wide private range of the VPC', tcp(22, { cidr_ip: '172.31.0.0/16' }), 'expose'],
  ['a narrow private range of another network', tcp(22, { cidr_ip: '10.0.0.0/24' }), 'expose'],
  ['a narrow range of the VPC', tcp(22, { cidr_ip: '172.31.4.0/24' }), 'modify'],
  ['one address of the VPC', tcp(22, { cidr_ip: '172.31.4.9/32' }), 'modify'],
  ['ping from the VPC', { ip_protocol: 'icmp', cidr_ip: '172.31.4.0/24' }, 'modify'],
  ['all traffic from a neighbour', { ip_protocol: '-1', cidr_ip: '172.31.4.9/32' }, 'expose'],
  ['another protocol from a neighbour', { ip_protocol: '50', cidr_ip: '172.31.4.9/32' }, 'expose'],
  [
    'all ports to a neighbour',
    { ip_protocol: 'udp', from_port: 0, to_port: 65_535, cidr_ip: '172.31.4.9/32' },
    'expose',
  ],
])('opening to %s is told as such', async (_, rule, effect) => {
  expect(effects(await authorize('idle', rule))).toEqual([`${effect} AWS::EC2::SecurityGroup`]);
});

test('another group of the same VPC is a neighbour, one of another VPC is not', async () => {
  const { Vpc } = await client.send(new sdk.CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const away = await client.send(
    new sdk.CreateSecurityGroupCommand({ GroupName: 'away', Description: 'x', VpcId: Vpc?.VpcId }),
  );
  expect((await authorize('idle', tcp(22, { source_group_id: groups.web }))).impact).toMatchObject([
    { effect: 'modify', detail: expect.stringContaining(`from ${groups.web} (2 instances (i-`) },
  ]);
  expect(effects(await authorize('idle', tcp(22, { source_group_id: away.GroupId })))[0]).toMatch(/^expose/);
  expect(effects(await authorize('idle', { ip_protocol: '-1', source_group_id: groups.web }))).toEqual([
    'expose AWS::EC2::SecurityGroup',
  ]);
});

test('a plan that opens says to whom, to what, and on whom; the instances count for the environment', async () => {
  const proposal = await authorize('web', tcp(22, { cidr_ip: '0.0.0.0/0', description: 'for a while' }));
  const [line] = proposal.impact;
  expect(line?.detail).toContain('lets in tcp 22 from 0.0.0.0/0 (the whole IPv4 internet) on 2 instances (');
  expect(line?.detail).toContain('1 load balancer ("app/front/1a2b")');
  expect(line?.detail).toContain('belongs to stack site');
  expect(line?.detail).toMatch(/described as "for a while"$/);
  expect(line?.recoverable).toBe(true);
  expect(proposal.targets.map(({ name }) => name)).toEqual(
    [groups.web, ...[instances.one, instances.two].sort()].map(String),
  );
  expect(proposal.targets[0]).toMatchObject({
    id: `arn:aws:ec2:eu-west-1:123456789012:security-group/${groups.web}`,
    stack_name: 'site',
    tags: { env: 'dev' },
  });
  expect(proposal.targets.some(({ tags }) => tags.env === 'production')).toBe(true);
});

test('only what AWS itself made is called a load balancer or a database', async () => {
  const [line] = (await authorize('db', tcp(22, { cidr_ip: '0.0.0.0/0' }))).impact;
  expect(line?.detail).toContain('1 database (eni-');
  expect(line?.detail).toContain('1 network interface (eni-');
  expect(line?.detail).not.toContain('load balancer');
});

test('a rule that a wider one covers is not milder for that', async () => {
  const [line] = (await authorize('web', tcp(443, { cidr_ip: '198.51.100.0/24' }))).impact;
  expect(line).toMatchObject({
    effect: 'expose',
    detail: expect.stringMatching(/at present sgr-\w+ lets that in already/),
  });
});

test('what the group has already is refused, and so is a source that is not there', async () => {
  const known = authorize('web', tcp(80, { cidr_ip: '0.0.0.0/0' }), tcp(443, { cidr_ip: '0.0.0.0/0' }));
  await expect(known).rejects.toMatchObject({ code: 'no_changes', message: expect.stringMatching(/443.*sgr-/) });
  const numbered = { ip_protocol: '6', from_port: 443, to_port: 443, cidr_ip: '0.0.0.0/0' };
  await expect(authorize('web', numbered)).rejects.toMatchObject({ code: 'no_changes' });
  const nowhere = authorize('web', tcp(80, { source_group_id: 'sg-00000001' }));
  await expect(nowhere).rejects.toMatchObject({ code: 'not_found' });
  const absent = propose(aws, 'ec2_authorize_security_group_ingress', {
    group_id: 'sg-00000001',
    rules: [tcp(80, { cidr_ip: '0.0.0.0/0' })],
  });
  await expect(absent).rejects.toMatchObject({ code: 'not_found' });
});

test('rules are added once, observed, and revoked by id', async () => {
  const open = await authorize('idle', tcp(8080, { cidr_ip: '203.0.113.7/32' }), {
    ip_protocol: 'udp',
    from_port: 53,
    to_port: 53,
    cidr_ipv6: '2001:db8:0:0::/64',
  });
  expect(await open.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('no trace') });
  expect((await open.again()).guard).toEqual(open.guard);
  await open.execute();
  expect(await open.outcome()).toMatchObject({ state: 'succeeded', resources: [{}, {}] });
  // The same once more is AWS's to refuse, and ours before that.
  await expect(open.execute()).rejects.toMatchObject({ code: 'aws_rejected', certainty: 'refused' });
  await expect(open.again()).rejects.toMatchObject({ code: 'no_changes' });
  const sent = await cloud.requests('AuthorizeSecurityGroupIngress');
  expect(sent.length).toBe(2);

  const ids = (await described('idle')).ingress.map((rule: any) => rule.security_group_rule_id);
  const close = await revoke('idle', { security_group_rule_ids: ids });
  expect(close.impact).toHaveLength(2);
  expect(close.impact[0]).toMatchObject({ effect: 'disrupt', recoverable: true });
  expect(close.impact[0]?.detail).toContain('no inbound rule is left');
  expect(await close.observe()).toMatchObject({ state: 'unknown' });
  await close.execute();
  expect(await close.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(close.again()).rejects.toMatchObject({ code: 'not_found' });
});

test('of several rules of which some came, each is told', async () => {
  const open = await authorize('idle', tcp(81, { cidr_ip: '203.0.113.7/32' }), tcp(82, { cidr_ip: '203.0.113.7/32' }));
  await (await authorize('idle', tcp(81, { cidr_ip: '203.0.113.7/32' }))).execute();
  expect(await open.observe()).toMatchObject({
    state: 'unknown',
    resources: [{ outcome: 'succeeded' }, { outcome: 'unknown' }],
  });
});

test('a plan that closes says which flows end, from whom to whom', async () => {
  const close = await revoke('db', { rules: [tcp(5432, { source_group_id: groups.web })] });
  expect(close.impact[0]?.detail).toContain(`ends tcp 5432 from ${groups.web} (2 instances (`);
  expect(close.impact[0]?.detail).toContain('on 1 database (eni-');
  const web = await revoke('web', { rules: [tcp(443, { cidr_ip: '0.0.0.0/0' })] });
  expect(web.impact[0]?.detail).toContain('ends tcp 443 from 0.0.0.0/0 (the whole IPv4 internet) on 2 instances');
  // The agent's words are of the rule that goes, not of the call.
  expect(web.impact[0]?.detail).toMatch(/described as "everybody"$/);
  // Sent by id, whatever the call said.
  await (await authorize('db', tcp(1, { cidr_ip: '203.0.113.9/32' }))).execute();
  const one = await revoke('db', { rules: [tcp(1, { cidr_ip: '203.0.113.9/32' })] });
  await one.execute();
  const [sent] = (await cloud.requests('RevokeSecurityGroupIngress')).slice(-1);
  expect(JSON.stringify(sent?.parameters)).toMatch(/sgr-[0-9a-f]{17}/);
  expect(await one.outcome()).toMatchObject({ state: 'succeeded' });
});

test('a flow that another rule still lets in is told, and disrupts all the same', async () => {
  await (
    await authorize('db', tcp(7000, { cidr_ip: '203.0.113.0/24' }), tcp(7000, { cidr_ip: '203.0.113.7/32' }))
  ).execute();
  const [wide, narrow] = [
    await revoke('db', { rules: [tcp(7000, { cidr_ip: '203.0.113.0/24' })] }),
    await revoke('db', { rules: [tcp(7000, { cidr_ip: '203.0.113.7/32' })] }),
  ];
  expect(narrow.impact).toMatchObject([
    { effect: 'disrupt', detail: expect.stringMatching(/sgr-\w+ still lets that in/) },
  ]);
  expect(wide.impact[0]?.detail).not.toContain('still');
});

test('the members of a group of another account are not said to be none', async () => {
  const close = await revoke('peered', { rules: [tcp(80, { source_group_id: PEER.group })] });
  expect(close.impact[0]?.detail).toContain(
    `from ${PEER.group} (of account ${PEER.account}, whose members can't be seen`,
  );
});

test.each([
  ['no rule is named', {}, 'invalid_input'],
  [
    'both forms are given',
    { security_group_rule_ids: ['sgr-00000001'], rules: [tcp(1, { cidr_ip: '0.0.0.0/0' })] },
    'invalid_input',
  ],
  ['the id is not there', { security_group_rule_ids: ['sgr-00000001'] }, 'not_found'],
  ['the rule is not there', { rules: [tcp(443, { cidr_ip: '0.0.0.0/1' })] }, 'not_found'],
])('closing when %s is refused as such', async (_, which, code) => {
  await expect(revoke('web', which)).rejects.toMatchObject({ code });
});

test('which of the two is wrong, none or both, is said', async () => {
  const both = { security_group_rule_ids: ['sgr-00000001'], rules: [tcp(1, { cidr_ip: '0.0.0.0/0' })] };
  await expect(revoke('web', both)).rejects.toMatchObject({ message: expect.stringContaining('both') });
  await expect(revoke('web', {})).rejects.toMatchObject({ message: expect.not.stringContaining('both') });
});

test('an outbound rule is not taken for an inbound one', async () => {
  const [egress] = (await described('idle')).egress;
  const close = revoke('idle', { security_group_rule_ids: [egress.security_group_rule_id] });
  await expect(close).rejects.toMatchObject({ code: 'not_found' });
});

test('the guard sees another rule, another member and another tag', async () => {
  const open = await authorize('idle', tcp(9090, { cidr_ip: '203.0.113.1/32' }));
  const changed = async () => {
    const { guard } = await open.again();
    return Object.keys(guard).filter((key) => JSON.stringify(guard[key]) !== JSON.stringify(open.guard[key]));
  };
  expect(await changed()).toEqual([]);
  await (await authorize('idle', tcp(9091, { cidr_ip: '203.0.113.1/32' }))).execute();
  expect(await changed()).toEqual(['ingress_rules']);
  await client.send(new sdk.CreateTagsCommand({ Resources: [groups.idle ?? ''], Tags: [{ Key: 'env', Value: 'x' }] }));
  expect(await changed()).toEqual(['tags', 'ingress_rules']);
  const { Subnets } = await client.send(new sdk.DescribeSubnetsCommand({}));
  const SubnetId = Subnets?.find(({ DefaultForAz }) => DefaultForAz)?.SubnetId;
  const made = await client.send(new sdk.CreateNetworkInterfaceCommand({ SubnetId, Groups: [groups.idle ?? ''] }));
  expect(await changed()).toEqual(['tags', 'ingress_rules', 'network_interfaces']);
  const { NetworkInterfaceId } = made.NetworkInterface ?? {};
  await client.send(new sdk.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
});
