import type { Rules, Service } from './language.ts';
import { GRANTS, PLACED_IN, SECURITY_GROUPS } from './shared.ts';

/** One of several in a folder, each under its name: those who send write there. */
const LANDING: Rules = ['uses', 'writes-to', { settled: 'disrupt' }];

export const TRANSFER: Service = {
  // A partner may put files into a bucket, by a role.
  'AWS::Transfer::Agreement': {
    page: 'aws-resource-transfer-agreement',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AccessRole: 'acts-as',
      BaseDirectory: LANDING,
      CustomDirectories: LANDING,
      Description: 'modify',
      EnforceMessageSigning: { order: ['DISABLED', 'ENABLED'], less: 'weaken', absent: 'DISABLED' },
      LocalProfileId: { settled: 'disrupt' },
      // Whose files are taken.
      PartnerProfileId: { settled: 'expose' },
      // With the names that the partner gives, a file may take the place of one that is there.
      PreserveFilename: { order: ['ENABLED', 'DISABLED'], less: 'weaken', absent: 'DISABLED' },
      ServerId: ['replaces', 'acts'],
      Status: { standing: { values: { INACTIVE: 'disrupt' }, otherwise: 'expose', absent: 'ACTIVE' } },
      Tags: 'tags',
    },
  },
  'AWS::Transfer::Certificate': {
    page: 'aws-resource-transfer-certificate',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ActiveDate: { standing: 'disrupt' },
      Certificate: 'replaces',
      CertificateChain: 'replaces',
      Description: 'modify',
      InactiveDate: { standing: 'disrupt' },
      PrivateKey: ['replaces', 'secret'],
      Tags: 'tags',
      Usage: 'disrupt',
    },
  },
  // Whom clients take the server for; with another they refuse it.
  'AWS::Transfer::HostKey': {
    page: 'aws-resource-transfer-hostkey',
    new: 'create',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      HostKeyBody: ['replaces', 'secret'],
      ServerId: ['replaces', 'acts', 'affects'],
      Tags: 'tags',
    },
  },
  'AWS::Transfer::Profile': {
    page: 'aws-resource-transfer-profile',
    new: 'create',
    gone: 'disrupt',
    properties: {
      As2Id: 'disrupt',
      // By which a partner's messages are believed.
      CertificateIds: ['uses', GRANTS],
      ProfileType: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::Transfer::WebApp': {
    page: 'aws-resource-transfer-webapp',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AccessEndpoint: { settled: 'disrupt' },
      EndpointDetails: {
        members: {
          Vpc: {
            members: {
              IpAddressType: 'disrupt',
              SecurityGroupIds: SECURITY_GROUPS,
              SubnetIds: PLACED_IN,
              VpcId: ['uses', 'disrupt'],
            },
          },
        },
      },
      // Who says who someone is, and as whom they read and write.
      IdentityProviderDetails: {
        members: { ApplicationArn: 'modify', InstanceArn: ['uses', { settled: 'expose' }], Role: 'acts-as' },
      },
      Tags: 'tags',
      WebAppCustomization: 'modify',
      WebAppEndpointPolicy: 'replaces',
      WebAppUnits: { members: { Provisioned: { number: 'capacity', absent: 1 } } },
    },
  },
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
