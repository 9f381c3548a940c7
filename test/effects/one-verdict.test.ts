import * as sdk from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { EFFECTS, type Effect } from '../../src/kernel/effects.ts';
import type { Planned } from '../../tools/define.ts';
import { identityOf } from '../../tools/ec2/network/ingress-rule.ts';
import type { RuleForm } from '../../tools/ports/ec2-network.ts';
import { bounded } from '../scenes/bounded.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

/*
 * One rule for one thing: new ingress by ec2_authorize_security_group_ingress and by templates that do the same, in
 * three ways, over generated rules. The attacker takes the milder door. Where a template knows less (whose a given
 * network is, and which ranges it has), it isn't milder.
 */

/** The range of the sandbox's own VPC, and another network's. */
const [HERE, AWAY] = ['172.31.0.0/16', '10.9.0.0/16'];
const STACK = 'one-verdict';
const SIZE = 12;
const PLACES = Array.from({ length: SIZE }, (_, at) => at);

const group = (VpcId: unknown, more: object = {}) => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'd', VpcId, ...more },
});
const vpc = (CidrBlock: string) => ({ Type: 'AWS::EC2::VPC', Properties: { CidrBlock } });
const PARAMETERS = { Given: { Type: 'String', Default: 'vpc-0123456789abcdef0' } };
/** What stands before: by name as in the tool's own VPCs. */
const STANDING = {
  Here: vpc(HERE),
  Away: vpc(AWAY),
  web: group({ Ref: 'Here' }),
  app: group({ Ref: 'Here' }),
  away: group({ Ref: 'Away' }),
  given: group({ Ref: 'Given' }),
  ...Object.fromEntries(PLACES.map((at) => [`Old${at}`, group({ 'Fn::GetAtt': ['Here', 'VpcId'] })])),
};

let cloud: Cloud;
let aws: Aws;
const ids: Record<string, string> = {};

beforeAll(async () => {
  const template = { Parameters: PARAMETERS, Resources: STANDING };
  const securityGroups = [{ name: 'web' }, { name: 'app' }];
  cloud = await startCloud({ securityGroups, stacks: [{ name: STACK, template }] }, { latencyMs: 2 });
  aws = testAws(cloud.endpoint);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const ec2 = new sdk.EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  const { Vpc } = await ec2.send(new sdk.CreateVpcCommand({ CidrBlock: AWAY }));
  const asked = { GroupName: 'away', Description: 'd', VpcId: Vpc?.VpcId };
  await ec2.send(new sdk.CreateSecurityGroupCommand(asked));
  ec2.destroy();
  for (const one of (await read(aws, 'ec2_describe_security_groups')).security_groups)
    ids[one.group_name] = one.group_id;
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

/** A rule as the tool takes it, but that groups are called by their names; and how a template spells it. */
interface Case {
  readonly traffic: Pick<RuleForm, 'ip_protocol' | 'from_port' | 'to_port'>;
  readonly source: Pick<RuleForm, 'cidr_ip' | 'cidr_ipv6' | 'source_group_id' | 'prefix_list_id'>;
  readonly spelling: number;
}

const ports = fc
  .tuple(fc.nat(65_535), fc.oneof(fc.constant(0), fc.nat(20), fc.integer({ min: 990, max: 1_010 }), fc.nat(65_535)))
  .map(([from_port, more]) => ({ from_port, to_port: Math.min(from_port + more, 65_535) }));
const traffic = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('tcp', 'udp'), ports).map(([ip_protocol, two]) => ({ ip_protocol, ...two })),
  },
  fc.constantFrom('icmp', 'icmpv6').map((ip_protocol) => ({ ip_protocol, from_port: -1, to_port: -1 })),
  fc.constantFrom('-1', '50', '0').map((ip_protocol) => ({ ip_protocol })),
);

/** The beginning of a range of so many bits in which an address is. */
function rangeOf(address: readonly number[], bits: number): string {
  const value = address.reduce((sum, part) => sum * 256 + part, 0);
  const first = Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}
const octet = fc.nat(255);
const address = fc.oneof(
  fc.tuple(fc.constant(172), fc.constant(31), octet, octet),
  fc.tuple(fc.constant(172), fc.constantFrom(30, 31, 32, 15, 16), octet, octet),
  fc.tuple(fc.constant(10), fc.constantFrom(8, 9), octet, octet),
  fc.tuple(octet, octet, octet, octet),
);
const source = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(address, fc.oneof(fc.integer({ min: 22, max: 26 }), fc.integer({ min: 0, max: 32 })))
      .map(([one, bits]) => ({ cidr_ip: rangeOf(one, bits) })),
  },
  { weight: 3, arbitrary: fc.constantFrom('web', 'app', 'away').map((source_group_id) => ({ source_group_id })) },
  fc.constantFrom('::/0', 'fd00::/64', 'fe80::/128', '2001:db8::/32').map((cidr_ipv6) => ({ cidr_ipv6 })),
  fc.constant({ prefix_list_id: 'pl-00000001' }),
);
const cases = fc.uniqueArray(fc.record({ traffic, source, spelling: fc.nat(11) }), {
  minLength: SIZE,
  maxLength: SIZE,
  selector: (one) => identityOf(formOf(one)),
});

const formOf = ({ traffic: what, source: from }: Case): RuleForm => ({ ...what, ...from });

function asked({ traffic: what, source: from }: Case): Record<string, unknown> {
  const { source_group_id: name } = from;
  const { ip_protocol, from_port, to_port } = what;
  const given = from_port === undefined ? {} : { from_port, to_port };
  return { ip_protocol, ...given, ...from, ...(name === undefined ? {} : { source_group_id: ids[name] }) };
}

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

/** The same in a template, in one of the ways in which people write it. */
function written({ traffic: what, source: from, spelling }: Case): Record<string, unknown> {
  const { ip_protocol, from_port, to_port } = what;
  const protocol = [ip_protocol, ip_protocol.toUpperCase(), NUMBERS[ip_protocol] ?? ip_protocol][spelling % 3];
  const port = (value: number | undefined) => (spelling % 2 === 0 ? value : String(value));
  const { cidr_ip, cidr_ipv6, source_group_id, prefix_list_id } = from;
  const ref = spelling % 4 < 2 ? { Ref: source_group_id } : { 'Fn::GetAtt': [source_group_id, 'GroupId'] };
  return {
    IpProtocol: protocol,
    ...(from_port === undefined ? {} : { FromPort: port(from_port), ToPort: port(to_port) }),
    ...(cidr_ip === undefined ? {} : { CidrIp: cidr_ip }),
    ...(cidr_ipv6 === undefined ? {} : { CidrIpv6: cidr_ipv6 }),
    ...(source_group_id === undefined ? {} : { SourceSecurityGroupId: ref }),
    ...(prefix_list_id === undefined ? {} : { SourcePrefixListId: prefix_list_id }),
    ...(spelling === 0 ? { Description: 'from who asked' } : {}),
  };
}

/** The worst line of each resource by its name in the template. */
function verdicts({ impact }: Planned): ReadonlyMap<string, Effect> {
  const found = new Map<string, Effect>();
  for (const { effect, detail } of impact) {
    const name = /^(\w+): /.exec(detail)?.[1] ?? 'stack';
    if (rank(effect) > rank(found.get(name) ?? 'read')) found.set(name, effect);
  }
  return found;
}
const rank = (effect: Effect) => EFFECTS.indexOf(effect);
const isOpen = (effect: Effect | undefined) => effect === undefined || rank(effect) >= rank('expose');

const ingress = (rules: readonly Case[]) =>
  propose(aws, 'ec2_authorize_security_group_ingress', { group_id: ids.app, rules: rules.map(asked) });

/** Each rule by itself, whichever is told first of several; together they are no other. */
async function byTool(rules: readonly Case[]): Promise<ReadonlyMap<Case, Effect>> {
  const found = new Map<Case, Effect>();
  for (const rule of rules) found.set(rule, (await ingress([rule])).impact[0]?.effect ?? 'unknown');
  const { impact } = await ingress(rules);
  expect(impact.map(({ effect }) => effect).sort()).toEqual([...found.values()].sort());
  return found;
}

async function byTemplate(rules: readonly Case[]): Promise<ReadonlyMap<string, Effect>> {
  const made = rules.flatMap((rule, at) => {
    const one = written(rule);
    const inline = { SecurityGroupIngress: [one] };
    const into = (name: string) => ({
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { ...one, GroupId: { Ref: name } },
    });
    return [
      [`Rule${at}`, into('app')],
      [`Old${at}`, group({ 'Fn::GetAtt': ['Here', 'VpcId'] }, inline)],
      [`New${at}`, group({ Ref: 'Here' }, inline)],
      [`Given${at}`, into('given')],
    ];
  });
  const template = { Parameters: PARAMETERS, Resources: { ...STANDING, ...Object.fromEntries(made) } };
  const proposal = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: STACK,
    template_body: JSON.stringify(template),
  });
  await proposal.discard();
  return verdicts(proposal);
}

test('new ingress has one verdict, by the tool and by a template', async () => {
  const seen = { expose: 0, modify: 0 };
  await fc.assert(
    fc.asyncProperty(cases, async (rules) => {
      const [tool, template] = [await byTool(rules), await byTemplate(rules)];
      for (const [at, rule] of rules.entries()) {
        const effect = tool.get(rule) ?? 'unknown';
        seen[effect === 'modify' ? 'modify' : 'expose'] += 1;
        const text = JSON.stringify(rule);
        for (const door of ['Rule', 'Old', 'New'])
          expect(isOpen(template.get(`${door}${at}`)), `${door} ${text}`).toBe(isOpen(effect));
        if (isOpen(effect)) expect(isOpen(template.get(`Given${at}`)), `Given ${text}`).toBe(true);
      }
    }),
    { numRuns: bounded('generated lots of ingress rules, by the tool and by templates', 60, 8) },
  );
  // Both verdicts, and neither by the way.
  expect(Math.min(seen.expose, seen.modify)).toBeGreaterThan(5);
}, 240_000);

test('of several rules the one that lets in most is told first, however they were given', async () => {
  const source = (from: Case['source']): Case => ({
    ...{ traffic: { ip_protocol: 'tcp', from_port: 22, to_port: 22 }, source: from, spelling: 0 },
  });
  const widest: readonly (readonly [string, Case['source']])[] = [
    ['0.0.0.0/0', { cidr_ip: '0.0.0.0/0' }],
    ['128.0.0.0/1', { cidr_ip: '128.0.0.0/1' }],
    ['pl-00000001', { prefix_list_id: 'pl-00000001' }],
    ['10.0.0.0/8', { cidr_ip: '10.0.0.0/8' }],
    ['198.51.100.7/32', { cidr_ip: '198.51.100.7/32' }],
  ];
  for (const given of [widest, widest.toReversed(), [...widest.slice(2), ...widest.slice(0, 2)]]) {
    const { impact } = await ingress(given.map(([, from]) => source(from)));
    for (const [at, [name]] of widest.entries()) expect(impact[at]?.detail).toContain(name);
  }
});
