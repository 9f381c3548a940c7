import { describe, expect, test } from 'vitest';
import { holds, parseCidr } from '../../tools/ec2/network/cidr.ts';
import { covers, identityOf } from '../../tools/ec2/network/ingress-rule.ts';
import { TOOLS } from '../../tools/index.ts';
import { REASON } from '../scenes/tools.ts';

function problems(name: string, input: object): string {
  const result = TOOLS.find((tool) => tool.name === name)?.input.safeParse({ reason: REASON, ...input });
  return result?.success === false ? result.error.issues.map((issue) => issue.message).join('\n') : '';
}

const open = (...rules: object[]) =>
  problems('ec2_authorize_security_group_ingress', { group_id: 'sg-00000001', rules });
const tcp = (more: object) => ({ ip_protocol: 'tcp', from_port: 22, to_port: 22, ...more });

test.each([
  ['no rules', [], /name at least one/],
  ['no source', [tcp({})], /exactly one of cidr_ip/],
  ['two sources', [tcp({ cidr_ip: '10.0.0.0/8', cidr_ipv6: '::/0' })], /exactly one of cidr_ip/],
  ['a protocol that is none', [tcp({ ip_protocol: 'http', cidr_ip: '10.0.0.0/8' })], /is not a protocol; give tcp/],
  ['all protocols by a word', [{ ip_protocol: 'all', cidr_ip: '10.0.0.0/8' }], /-1 for all/],
  ['a protocol number that is none', [{ ip_protocol: '256', cidr_ip: '10.0.0.0/8' }], /is not a protocol/],
  ['tcp without ports', [{ ip_protocol: 'tcp', cidr_ip: '10.0.0.0/8' }], /needs from_port and to_port/],
  ['tcp with all ports as -1', [tcp({ from_port: -1, to_port: -1, cidr_ip: '10.0.0.0/8' })], /needs from_port/],
  ['ports the wrong way round', [tcp({ from_port: 23, cidr_ip: '10.0.0.0/8' })], /the lower one first/],
  ['a port beyond the last', [tcp({ to_port: 65_536, cidr_ip: '10.0.0.0/8' })], /is not a port/],
  ['a part of a port', [tcp({ to_port: 22.5, cidr_ip: '10.0.0.0/8' })], /is not a port/],
  ['ports that AWS would not heed', [{ ...tcp({ cidr_ip: '10.0.0.0/8' }), ip_protocol: '-1' }], /opens all ports/],
  ['ports of a protocol without', [{ ...tcp({ cidr_ip: '10.0.0.0/8' }), ip_protocol: '47' }], /opens all ports/],
  ['an ICMP type beyond the last', [{ ip_protocol: 'icmp', from_port: 256, cidr_ip: '10.0.0.0/8' }], /ICMP type/],
  ['an ICMP code of all types', [{ ip_protocol: 'icmp', to_port: 3, cidr_ip: '10.0.0.0/8' }], /all codes/],
  ['an address that is no range', [tcp({ cidr_ip: '10.0.0.1' })], /not an IPv4 CIDR/],
  ['a range with bits after its prefix', [tcp({ cidr_ip: '10.0.0.1/8' })], /bits after its prefix/],
  ['an IPv6 range as IPv4', [tcp({ cidr_ip: '::/0' })], /not an IPv4 CIDR/],
  ['an octal address', [tcp({ cidr_ip: '010.0.0.0/8' })], /not an IPv4 CIDR/],
  ['an IPv4 address in IPv6', [tcp({ cidr_ipv6: '::ffff:10.0.0.0/104' })], /not an IPv6 CIDR/],
  ['a prefix beyond the last', [tcp({ cidr_ip: '10.0.0.0/33' })], /not an IPv4 CIDR/],
  ['a range with a wildcard', [tcp({ cidr_ip: '*' })], /not an IPv4 CIDR/],
  ['a group by name', [tcp({ source_group_id: 'web' })], /not a security group id.*ec2_describe_security_groups/],
  ['another kind of id', [tcp({ prefix_list_id: 'sg-00000001' })], /not a prefix list id/],
  ['a description in other letters', [tcp({ cidr_ip: '10.0.0.0/8', description: 'caf\u00e9' })], /not a description/],
  [
    'a credential in a description',
    [tcp({ cidr_ip: '10.0.0.0/8', description: 'AKIAIOSFODNN7EXAMPLE' })],
    /looks like a credential/,
  ],
  ['an unknown key', [tcp({ cidr_ip: '10.0.0.0/8', user_id: '123456789012' })], /nrecognized/],
  ['one rule twice', [tcp({ cidr_ip: '10.0.0.0/8' }), tcp({ cidr_ip: '10.0.0.0/8', description: 'b' })], /twice/],
  [
    'one rule twice in other words',
    [tcp({ cidr_ipv6: '2001:db8::/64' }), { ...tcp({ cidr_ipv6: '2001:0db8:0::/64' }), ip_protocol: '6' }],
    /twice/,
  ],
])('a rule with %s is refused with what to do instead', (_, rules, message) => {
  expect(open(...rules)).toMatch(message);
});

test.each([
  ['tcp', tcp({ cidr_ip: '0.0.0.0/0' })],
  ['port 0 up', tcp({ from_port: 0, to_port: 65_535, cidr_ipv6: '::/0' })],
  ['all of a protocol', { ip_protocol: '50', prefix_list_id: 'pl-00000001' }],
  ['ping', { ip_protocol: 'icmp', from_port: 8, to_port: -1, source_group_id: 'sg-00000002' }],
  ['all ICMPv6', { ip_protocol: 'icmpv6', cidr_ipv6: 'fd00::/8' }],
  ['everything', { ip_protocol: '-1', cidr_ip: '10.0.0.0/8', description: 'office (Berlin), 2nd floor' }],
])('a rule for %s is taken', (_, rule) => {
  expect(open(rule)).toBe('');
});

test.each([
  ['ec2_create_tags', { resources: ['lt-00000001'], tags: { a: 'b' } }, /these tools know \(i-, vol-/],
  ['ec2_create_tags', { resources: ['i-*'], tags: { a: 'b' } }, /these tools know/],
  ['ec2_create_tags', { resources: ['i-00000001', 'i-00000001'], tags: { a: 'b' } }, /names one twice/],
  ['ec2_create_tags', { resources: ['i-00000001'], tags: {} }, /name at least one/],
  ['ec2_create_tags', { resources: ['i-00000001'], tags: { 'aws:x': 'b' } }, /belongs to AWS/],
  ['ec2_create_tags', { resources: ['i-00000001'], tags: { 'holdshort:ticket': 'b' } }, /what a ticket made/],
  ['ec2_create_tags', { resources: ['i-00000001'], tags: { a: 'postgres://u:secret@h/d' } }, /like a credential/],
  ['ec2_delete_tags', { resources: ['i-00000001'], tag_keys: [] }, /name at least one/],
  ['ec2_delete_tags', { resources: ['i-00000001'], tag_keys: [''] }, /not a tag key/],
  ['ec2_delete_tags', { resources: ['i-00000001'], tag_keys: ['AWS:x'] }, /belongs to AWS/],
  ['ec2_delete_tags', { resources: ['i-00000001'], tag_keys: ['holdshort:ticket'] }, /what a ticket made/],
  ['ec2_release_address', { allocation_id: '203.0.113.1' }, /not an address allocation id/],
  ['ec2_delete_security_group', { group_id: '-f' }, /command-line option/],
  ['ec2_create_security_group', { group_name: 'default', description: 'b', vpc_id: 'vpc-00000001' }, /reserved/],
  ['ec2_create_security_group', { group_name: 'sg-1', description: 'b', vpc_id: 'vpc-00000001' }, /only ids do/],
  ['ec2_create_security_group', { group_name: ' a', description: 'b', vpc_id: 'vpc-00000001' }, /spaces around/],
  [
    'ec2_create_security_group',
    { group_name: 'a\u200b', description: 'b', vpc_id: 'vpc-00000001' },
    /not a group name/,
  ],
  ['ec2_create_security_group', { group_name: 'a', description: '', vpc_id: 'vpc-00000001' }, /not a description/],
])('%s with %j is refused', (tool, input, message) => {
  expect(problems(tool, input)).toMatch(message);
});

test('a filter by tags takes no wildcards, in key or value', () => {
  const filter = (tags: object) => {
    const tool = TOOLS.find(({ name }) => name === 'ec2_describe_vpcs');
    return tool?.input.safeParse({ tags }).success;
  };
  expect([filter({ env: 'dev' }), filter({ env: 'd*' }), filter({ 'e?': 'dev' })]).toEqual([true, false, false]);
});

describe('ranges', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255/32', true],
    ['10.0.0.0/8', '11.0.0.0/32', false],
    ['10.0.0.0/8', '0.0.0.0/0', false],
    ['0.0.0.0/0', '203.0.113.7/32', true],
    ['::/0', '203.0.113.7/32', false],
    ['2001:db8::/32', '2001:db8:ffff::/48', true],
    ['2001:db8::/32', '2001:db9::/48', false],
  ])('%s holds %s: %s', (outer, inner, expected) => {
    const [a, b] = [parseCidr(outer), parseCidr(inner)];
    expect(a && b && holds(a, b)).toBe(expected);
  });

  test.each([
    '',
    '10.0.0.0',
    '10.0.0/8',
    '10.0.0.256/8',
    '1::2::3/64',
    '1:2:3:4:5:6:7/64',
    ':::/0',
    '10.0.0.0/08x',
    'x/1',
  ])('%j is none', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('a rule covers', () => {
  const rule = (ip_protocol: string, from_port: number, to_port: number, cidr_ip: string) => ({
    ip_protocol,
    from_port,
    to_port,
    cidr_ip,
  });
  const web = rule('tcp', 443, 443, '10.1.0.0/16');
  test.each([
    ['itself', web, true],
    ['the same with a wider range', rule('tcp', 443, 443, '10.0.0.0/8'), true],
    ['the same with more ports', rule('tcp', 0, 65_535, '10.1.0.0/16'), true],
    ['everything', { ip_protocol: '-1', cidr_ip: '0.0.0.0/0' }, true],
    ['another protocol', rule('udp', 443, 443, '10.1.0.0/16'), false],
    ['other ports', rule('tcp', 444, 500, '10.1.0.0/16'), false],
    ['a narrower range', rule('tcp', 443, 443, '10.1.2.0/24'), false],
    ['a group', { ip_protocol: '-1', source_group_id: 'sg-00000001' }, false],
  ])('another when it is %s: %#', (_, outer, expected) => {
    expect(covers(outer, web)).toBe(expected);
  });

  test('one ICMP type when it is for all, not the other way round', () => {
    const [all, echo] = [rule('icmp', -1, -1, '0.0.0.0/0'), rule('icmp', 8, -1, '0.0.0.0/0')];
    expect([covers(all, echo), covers(echo, all)]).toEqual([true, false]);
  });

  test('and is the same whatever its range is written like', () => {
    const written = (cidr_ipv6: string) => identityOf({ ip_protocol: '-1', cidr_ipv6 });
    expect(written('2001:DB8:0:0::/64')).toBe(written('2001:db8::/64'));
    expect(written('2001:db8::/64')).not.toBe(written('2001:db8::/65'));
  });
});
