/** A kind of thing that EC2 finds by ids. */
export interface Kind {
  readonly noun: string;
  /** For someone whose id isn't there. */
  readonly recovery: string;
  /**
   * EC2's codes for an id that it doesn't know, and no others: a wider pattern would take an id in use, or a badly
   * written one, for one that isn't there.
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
   */
  readonly missing: RegExp;
}

/** By what an id begins with, up to its last hyphen. */
export const KINDS = {
  i: {
    noun: 'instance',
    recovery: 'list instances with ec2_describe_instances; check `region`',
    missing: /^InvalidInstanceID\.NotFound$/,
  },
  vol: {
    noun: 'volume',
    recovery: 'list volumes with ec2_describe_volumes; check `region`',
    missing: /^InvalidVolume\.NotFound$/,
  },
  snap: {
    noun: 'snapshot',
    recovery: 'list snapshots with ec2_describe_snapshots; check `region`',
    missing: /^InvalidSnapshot\.NotFound$/,
  },
  ami: {
    noun: 'image',
    recovery: 'list images with ec2_describe_images; check `region`',
    missing: /^InvalidAMIID\.(NotFound|Unavailable)$/,
  },
  sg: {
    noun: 'security group',
    recovery: 'list them with ec2_describe_security_groups; check `region`',
    missing: /^Invalid(Group|SecurityGroupI[Dd])\.NotFound$/,
  },
  vpc: {
    noun: 'VPC',
    recovery: 'list them with ec2_describe_vpcs; check `region`',
    missing: /^InvalidVpcI[Dd]\.NotFound$/,
  },
  subnet: {
    noun: 'subnet',
    recovery: 'list them with ec2_describe_subnets; check `region`',
    missing: /^InvalidSubnetI[Dd]\.NotFound$/,
  },
  eipalloc: {
    noun: 'address',
    recovery: 'list them with ec2_describe_addresses; check `region`',
    missing: /^Invalid(AllocationI[Dd]|Address|AddressI[Dd])\.NotFound$/,
  },
  eni: {
    noun: 'network interface',
    recovery: 'list them with ec2_describe_security_groups; check `region`',
    missing: /^InvalidNetworkInterfaceI[Dd]\.NotFound$/,
  },
  lt: {
    noun: 'launch template',
    // No tool lists them.
    recovery: 'ask for the right one; check `region`',
    missing: /^InvalidLaunchTemplate(Id|Name)\.(Version)?NotFound(Exception)?$/,
  },
} as const satisfies Readonly<Record<string, Kind>>;
