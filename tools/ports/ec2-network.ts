/** Security groups, networks, addresses and tags as tools see them. Texts in results are AWS's own, unescaped. */

import type { Filter, Query } from './ec2-query.ts';
import type { Page } from './pages.ts';

/** What one rule lets through: a protocol, ports (an ICMP type and code), and exactly one of the four sources. */
export type RuleForm = {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` (all), or the number of another protocol. */
  readonly ip_protocol: string;
  readonly from_port?: number;
  readonly to_port?: number;
  readonly cidr_ip?: string;
  readonly cidr_ipv6?: string;
  readonly source_group_id?: string;
  readonly prefix_list_id?: string;
  readonly description?: string;
};

export interface SecurityGroupRule {
  readonly security_group_rule_id: string;
  readonly group_id: string;
  readonly is_egress: boolean;
  /** The account of the group that is named as the source: a peer's may be someone else's. */
  readonly source_owner_id?: string;
  readonly form: RuleForm;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SecurityGroup {
  readonly group_id: string;
  readonly group_name: string;
  readonly description: string;
  readonly vpc_id: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface NetworkInterface {
  readonly network_interface_id: string;
  readonly description: string;
  /** `interface`, `nat_gateway`, `network_load_balancer`, … */
  readonly interface_type: string;
  readonly instance_id?: string;
  /** Who had AWS make it for a service of AWS (`amazon-elb`); only then does the description come from AWS. */
  readonly requester_managed: boolean;
  readonly requester_id?: string;
  readonly private_ip_address?: string;
  readonly public_ip?: string;
  readonly security_group_ids: readonly string[];
}

export interface Vpc {
  readonly vpc_id: string;
  readonly state: string;
  readonly is_default: boolean;
  readonly cidr_blocks: readonly string[];
  readonly ipv6_cidr_blocks: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Subnet {
  readonly subnet_id: string;
  readonly vpc_id: string;
  readonly state: string;
  readonly availability_zone: string;
  readonly cidr_block?: string;
  readonly available_ip_address_count?: number;
  readonly map_public_ip_on_launch: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Address {
  readonly allocation_id: string;
  readonly public_ip: string;
  readonly association_id?: string;
  readonly instance_id?: string;
  readonly network_interface_id?: string;
  readonly private_ip_address?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A resource of any kind with the tags that it has now. */
export interface Tagged {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Methods that take ids give what they name, in the order asked, and throw `not_found` naming the first that isn't
 * there.
 */
export interface NetworkReader {
  securityGroupsById(ids: readonly string[]): Promise<readonly SecurityGroup[]>;
  /** One page. */
  securityGroups(query: Query): Promise<Page<SecurityGroup>>;
  /** All rules of these groups, at most 200, both directions; none for a group that isn't there. */
  securityGroupRules(groupIds: readonly string[]): Promise<readonly SecurityGroupRule[]>;
  /** The ids of all groups that have a rule that names one of these, by the group named. */
  referencing(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** All network interfaces that are in one of these groups, ordered by id. */
  networkInterfacesOf(groupIds: readonly string[]): Promise<readonly NetworkInterface[]>;
  vpcsById(ids: readonly string[]): Promise<readonly Vpc[]>;
  /** One page. */
  vpcs(query: Query): Promise<Page<Vpc>>;
  subnetsById(ids: readonly string[]): Promise<readonly Subnet[]>;
  /** One page. */
  subnets(query: Query): Promise<Page<Subnet>>;
  addressesById(ids: readonly string[]): Promise<readonly Address[]>;
  /** All of them: EC2 has no pages here. */
  addresses(filters: readonly Filter[]): Promise<readonly Address[]>;
  /** What these resources, of any kind that `TAGGED_KINDS` names, are tagged with. */
  tagged(ids: readonly string[]): Promise<readonly Tagged[]>;
}

export interface NetworkWriter {
  authorizeSecurityGroupIngress(request: {
    readonly group_id: string;
    readonly rules: readonly RuleForm[];
  }): Promise<void>;
  revokeSecurityGroupIngress(request: {
    readonly group_id: string;
    readonly security_group_rule_ids: readonly string[];
  }): Promise<void>;
  /** @returns the new group's id */
  createSecurityGroup(request: {
    readonly group_name: string;
    readonly description: string;
    readonly vpc_id: string;
    readonly tags: Readonly<Record<string, string>>;
  }): Promise<string>;
  deleteSecurityGroup(groupId: string): Promise<void>;
  releaseAddress(allocationId: string): Promise<void>;
  createTags(request: {
    readonly ids: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
  }): Promise<void>;
  deleteTags(request: { readonly ids: readonly string[]; readonly keys: readonly string[] }): Promise<void>;
}
