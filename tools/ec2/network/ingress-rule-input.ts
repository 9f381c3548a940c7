import { z } from 'zod';
import { ec2Id, ruled, SecurityGroupId, uniqueList } from '../../fields.ts';
import { hideCredentials } from '../../ports/credentials.ts';
import type { RuleForm } from '../../ports/ec2-network.ts';
import { parseCidr } from './cidr.ts';
import { identityOf, protocolName } from './ingress-rule.ts';

const Protocol = ruled((value) =>
  /^(-1|tcp|udp|icmp|icmpv6)$/.test(value) || (/^(0|[1-9]\d{0,2})$/.test(value) && Number(value) <= 255)
    ? undefined
    : `is not a protocol; give tcp, udp, icmp, icmpv6, -1 for all, or a protocol's number`,
).describe('tcp, udp, icmp, icmpv6, -1 (all), or a number');

const Port = z.number().superRefine((value, context) => {
  if (Number.isInteger(value) && value >= -1 && value <= 65_535) return;
  context.addIssue({ code: 'custom', message: 'is not a port (0 to 65535), nor an ICMP type or code' });
});

function cidr(version: 4 | 6) {
  return ruled((value) => {
    const read = parseCidr(value);
    if (read?.version !== version)
      return `is not an IPv${version} CIDR; give one like ${version === 4 ? '203.0.113.7/32' : '2001:db8::/64'}`;
    return read.exact ? undefined : 'has bits after its prefix: give the first address of the range that is meant';
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRuleDescription.html */
const Description = ruled((value) => {
  if (value.length > 255 || !/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/.test(value))
    return 'is not a description (at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*)';
  return hideCredentials(value) === value ? undefined : 'looks like a credential; everybody who may look can read it';
});

const Rule = z
  .strictObject({
    ip_protocol: Protocol,
    from_port: Port.optional().describe('Or ICMP type'),
    to_port: Port.optional().describe('Or ICMP code'),
    cidr_ip: cidr(4).optional(),
    cidr_ipv6: cidr(6).optional(),
    source_group_id: SecurityGroupId.optional(),
    prefix_list_id: ec2Id('pl', 'a prefix list', 'the AWS console').optional(),
    description: Description.optional(),
  })
  .superRefine((rule, context) => {
    const problem = wrongSource(rule) ?? wrongPorts(rule);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

type RuleInput = z.output<typeof Rule>;

/** A few rules, none twice. */
export const IngressRules = z
  .array(Rule)
  .min(1, 'is empty; name at least one')
  .max(20, 'is too long; at most 20 in one call, so make several')
  .refine(
    (rules) => new Set(rules.map((rule) => identityOf(ruleForm(rule)))).size === rules.length,
    'names one rule twice; name each once',
  );

export const RuleIds = uniqueList(ec2Id('sgr', 'a rule', 'ec2_describe_security_groups'), 20);

function wrongSource({ cidr_ip, cidr_ipv6, source_group_id, prefix_list_id }: RuleInput): string | undefined {
  const sources = [cidr_ip, cidr_ipv6, source_group_id, prefix_list_id].filter((source) => source !== undefined);
  return sources.length === 1
    ? undefined
    : 'needs exactly one of cidr_ip, cidr_ipv6, source_group_id and prefix_list_id; make a rule for each';
}

function wrongPorts({ ip_protocol, from_port, to_port }: RuleInput): string | undefined {
  const protocol = protocolName(ip_protocol);
  if (/^icmp/.test(protocol)) {
    const sound = [from_port, to_port].every((part) => part === undefined || part <= 255);
    return sound && !((from_port ?? -1) === -1 && (to_port ?? -1) !== -1)
      ? undefined
      : 'needs an ICMP type and code of -1 (all) to 255, and all codes with all types';
  }
  if (protocol !== 'tcp' && protocol !== 'udp') {
    // AWS takes ports with these and lets all of them through: what was written would not be what is.
    return from_port === undefined && to_port === undefined
      ? undefined
      : `opens all ports with protocol ${ip_protocol}; leave from_port and to_port out, or give tcp or udp`;
  }
  const sound = from_port !== undefined && to_port !== undefined && from_port >= 0 && from_port <= to_port;
  return sound ? undefined : `needs from_port and to_port with ${protocol}, the lower one first`;
}

/** The rule as AWS will have it: protocols by name, ICMP types and codes always there. */
export function ruleForm(input: RuleInput): RuleForm {
  const { ip_protocol, from_port, to_port, cidr_ip, cidr_ipv6, source_group_id, prefix_list_id, description } = input;
  const protocol = protocolName(ip_protocol);
  const icmp = /^icmp/.test(protocol) ? { from_port: from_port ?? -1, to_port: to_port ?? -1 } : undefined;
  return {
    ip_protocol: protocol,
    ...(icmp ?? {
      ...(from_port === undefined ? {} : { from_port }),
      ...(to_port === undefined ? {} : { to_port }),
    }),
    ...(cidr_ip === undefined ? {} : { cidr_ip }),
    ...(cidr_ipv6 === undefined ? {} : { cidr_ipv6 }),
    ...(source_group_id === undefined ? {} : { source_group_id }),
    ...(prefix_list_id === undefined ? {} : { prefix_list_id }),
    ...(description === undefined ? {} : { description }),
  };
}
