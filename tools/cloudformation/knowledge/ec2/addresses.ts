import type { Service } from '../language.ts';

/** Plans of addresses (IPAM). What was given out of them stays in use; what is taken back may be given to others. */
export const ADDRESSES: Service = {
  'AWS::EC2::IPAM': {
    page: 'aws-resource-ec2-ipam',
    new: 'create',
    holds: 'data',
    properties: {
      DefaultResourceDiscoveryOrganizationalUnitExclusions: 'weaken',
      Description: 'modify',
      EnablePrivateGua: 'modify',
      MeteredAccount: 'modify',
      OperatingRegions: { by: 'RegionName', each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      Tags: 'tags',
      Tier: { order: ['free', 'advanced'], less: 'disrupt', absent: 'advanced' },
    },
  },
  'AWS::EC2::IPAMPool': {
    page: 'aws-resource-ec2-ipampool',
    new: 'create',
    holds: 'data',
    properties: {
      AddressFamily: 'replaces',
      // Whether an allocation is in order; those that were made stay.
      AllocationDefaultNetmaskLength: 'modify',
      AllocationMaxNetmaskLength: 'limits',
      AllocationMinNetmaskLength: 'disrupt',
      // Without them nothing is given out any more.
      AllocationResourceTags: 'disrupt',
      AutoImport: 'protects',
      AwsService: 'replaces',
      Description: 'modify',
      IpamScopeId: 'replaces',
      Locale: 'replaces',
      ProvisionedCidrs: { by: 'Cidr', each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      PublicIpSource: 'replaces',
      PubliclyAdvertisable: 'replaces',
      SourceIpamPoolId: ['replaces', 'acts'],
      SourceResource: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::EC2::IPAMPoolCidr': {
    page: 'aws-resource-ec2-ipampoolcidr',
    new: 'create',
    properties: {
      Cidr: 'replaces',
      IpamPoolId: ['replaces', 'acts'],
      NetmaskLength: 'replaces',
    },
  },
  'AWS::EC2::IPAMScope': {
    page: 'aws-resource-ec2-ipamscope',
    new: 'create',
    properties: {
      Description: 'modify',
      ExternalAuthorityConfiguration: 'disrupt',
      IpamId: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::EC2::IPAMAllocation': {
    page: 'aws-resource-ec2-ipamallocation',
    new: 'create',
    properties: {
      Cidr: 'replaces',
      Description: 'replaces',
      IpamPoolId: ['replaces', 'acts'],
      NetmaskLength: 'replaces',
    },
  },
};
