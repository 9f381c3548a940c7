import type { Tags } from './model.ts';

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly tags: Tags;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly tags: Tags;
}

/** One protocol, ports and source. Ports are undefined where the protocol has none. */
export interface Rule {
  readonly id: string;
  readonly egress: boolean;
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly source:
    | { readonly kind: 'cidr' | 'cidr6' | 'list'; readonly value: string }
    | { readonly kind: 'group'; readonly value: string; readonly vpcId: string; readonly account?: string };
  readonly description: string | undefined;
  readonly tags: Tags;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly rules: Rule[];
  readonly tags: Tags;
}

export interface NetworkInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly privateIp: string;
  readonly description: string;
  /** Set where AWS made it for one of its services. */
  readonly requesterId: string | undefined;
  /** The instance that it was made with, whose groups are its groups. */
  readonly instanceId: string | undefined;
  readonly groupIds: readonly string[];
  readonly tags: Tags;
}

export interface Address {
  readonly id: string;
  readonly publicIp: string;
  readonly tags: Tags;
  association: { readonly id: string; readonly interfaceId: string } | undefined;
}

/** All of one region's network. */
export interface Network {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly networkInterfaces: Map<string, NetworkInterface>;
  readonly addresses: Map<string, Address>;
}
