import type { Service } from './language.ts';
import { GRANTS, PLACED_IN, SECURITY_GROUPS } from './shared.ts';

export const TRANSFER: Service = {
  'AWS::Transfer::Connector': {
    page: 'aws-resource-transfer-connector',
    new: 'create',
    properties: {
      AccessRole: 'acts-as',
      As2Config: {
        members: {
          AsyncMdnConfig: 'disrupt',
          BasicAuthSecretId: 'disrupt',
          Compression: 'disrupt',
          EncryptionAlgorithm: { standing: 'weaken' },
          LocalProfileId: 'disrupt',
          MdnResponse: 'disrupt',
          MdnSigningAlgorithm: { standing: 'weaken' },
          MessageSubject: 'modify',
          PartnerProfileId: { standing: 'expose' },
          PreserveContentType: 'disrupt',
          SigningAlgorithm: { standing: 'weaken' },
        },
      },
      EgressConfig: 'disrupt',
      EgressType: 'disrupt',
      IpAddressType: 'disrupt',
      LoggingRole: ['acts-as', { settled: 'weaken' }],
      SecurityPolicyName: { standing: 'weaken' },
      SftpConfig: {
        members: {
          MaxConcurrentConnections: { number: 'throttles', absent: 1 },
          OrderedUserSecretVersionStages: 'disrupt',
          // By which it knows that it talks to the partner.
          TrustedHostKeys: { standing: 'weaken' },
          UserSecretId: 'disrupt',
        },
      },
      Tags: 'tags',
      // Files are sent there.
      Url: { standing: 'expose' },
    },
  },
  'AWS::Transfer::Server': {
    page: 'aws-resource-transfer-server',
    new: 'create',
    // Users, keys of its host, and its address.
    holds: 'data',
    properties: {
      Certificate: ['uses', { settled: 'disrupt' }],
      Domain: 'replaces',
      EndpointDetails: {
        members: {
          AddressAllocationIds: 'expose',
          SecurityGroupIds: SECURITY_GROUPS,
          SubnetIds: PLACED_IN,
          VpcEndpointId: 'disrupt',
          VpcId: 'disrupt',
        },
      },
      EndpointType: {
        values: { VPC: 'modify', VPC_ENDPOINT: 'modify' },
        otherwise: 'expose',
        absent: 'PUBLIC',
      },
      // Who says who someone is.
      IdentityProviderDetails: {
        members: {
          DirectoryId: { standing: 'expose' },
          Function: ['acts', { standing: 'expose' }],
          InvocationRole: 'acts-as',
          SftpAuthenticationMethods: { standing: 'expose' },
          Url: { standing: 'expose' },
        },
      },
      IdentityProviderType: ['replaces', { standing: 'expose' }],
      IpAddressType: { standing: 'expose' },
      LoggingRole: ['acts-as', { settled: 'weaken' }],
      PostAuthenticationLoginBanner: 'modify',
      PreAuthenticationLoginBanner: 'modify',
      ProtocolDetails: 'disrupt',
      // FTP has no encryption.
      Protocols: { each: 'modify', added: 'weaken', lost: 'disrupt', reordered: 'modify' },
      S3StorageOptions: 'modify',
      SecurityPolicyName: { standing: 'weaken' },
      StructuredLogDestinations: { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' },
      Tags: 'tags',
      // What looks through all that comes in.
      WorkflowDetails: {
        members: {
          OnPartialUpload: {
            by: '#',
            added: 'disrupt',
            lost: 'weaken',
            each: { members: { ExecutionRole: 'acts-as', WorkflowId: ['uses', 'weaken'] } },
          },
          OnUpload: {
            by: '#',
            added: 'disrupt',
            lost: 'weaken',
            each: { members: { ExecutionRole: 'acts-as', WorkflowId: ['uses', 'weaken'] } },
          },
        },
      },
    },
  },
  'AWS::Transfer::User': {
    page: 'aws-resource-transfer-user',
    new: 'expose',
    properties: {
      HomeDirectory: 'expose',
      HomeDirectoryMappings: 'expose',
      HomeDirectoryType: 'expose',
      Policy: ['permits', { settled: 'expose' }, { standing: 'disrupt' }],
      PosixProfile: 'expose',
      Role: 'acts-as',
      ServerId: ['replaces', 'acts'],
      SshPublicKeys: GRANTS,
      Tags: 'tags',
      UserName: 'replaces',
    },
  },
  'AWS::Transfer::Workflow': {
    page: 'aws-resource-transfer-workflow',
    new: 'create',
    properties: {
      Description: 'replaces',
      OnExceptionSteps: ['replaces', 'code'],
      Steps: ['replaces', 'code'],
      Tags: 'tags',
    },
  },
};
