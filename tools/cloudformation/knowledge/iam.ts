import type { Rules, Service } from './language.ts';
import { GRANTS } from './shared.ts';

/** Those that get a policy or membership: of the same template, or anyone's. */
const GIVEN_TO: Rules = ['acts', GRANTS];

export const IAM: Service = {
  'AWS::IAM::AccessKey': {
    page: 'aws-resource-iam-accesskey',
    // Who has it is that user, until it is taken back.
    new: 'expose',
    properties: {
      Serial: 'replaces',
      Status: { values: { Active: 'expose', Inactive: 'disrupt' }, otherwise: 'expose', absent: 'Active' },
      UserName: ['replaces', 'acts'],
    },
  },
  'AWS::IAM::Group': {
    page: 'aws-resource-iam-group',
    new: 'create',
    properties: {
      GroupName: 'replaces',
      ManagedPolicyArns: 'permits',
      // Policies that name it by its ARN no longer do.
      Path: 'disrupt',
      Policies: 'permits',
    },
  },
  'AWS::IAM::GroupPolicy': {
    page: 'aws-resource-iam-grouppolicy',
    new: 'create',
    properties: {
      GroupName: ['replaces', 'acts'],
      PolicyDocument: 'permits',
      PolicyName: 'replaces',
    },
  },
  'AWS::IAM::InstanceProfile': {
    page: 'aws-resource-iam-instanceprofile',
    new: 'create',
    properties: {
      InstanceProfileName: 'replaces',
      Path: 'replaces',
      // Instances that run have another identity from then on, or none.
      Roles: ['acts-as', { settled: 'disrupt' }],
    },
  },
  'AWS::IAM::ManagedPolicy': {
    page: 'aws-resource-iam-managedpolicy',
    new: 'create',
    properties: {
      Description: 'replaces',
      Groups: GIVEN_TO,
      ManagedPolicyName: 'replaces',
      Path: 'replaces',
      PolicyDocument: 'permits',
      Roles: GIVEN_TO,
      Users: GIVEN_TO,
    },
  },
  'AWS::IAM::OIDCProvider': {
    page: 'aws-resource-iam-oidcprovider',
    // Identities of another issuer can be trusted from then on.
    new: 'expose',
    properties: {
      ClientIdList: GRANTS,
      Tags: 'tags',
      ThumbprintList: { unordered: 'expose' },
      Url: 'replaces',
    },
  },
  'AWS::IAM::Policy': {
    page: 'aws-resource-iam-policy',
    new: 'create',
    properties: {
      Groups: GIVEN_TO,
      PolicyDocument: 'permits',
      PolicyName: 'modify',
      Roles: GIVEN_TO,
      Users: GIVEN_TO,
    },
  },
  'AWS::IAM::Role': {
    page: 'aws-resource-iam-role',
    new: 'create',
    properties: {
      AssumeRolePolicyDocument: 'admits',
      Description: 'modify',
      ManagedPolicyArns: 'permits',
      MaxSessionDuration: [
        { number: 'limits', absent: 3600 },
        { number: 'delays', absent: 3600 },
      ],
      Path: 'replaces',
      // A first one takes away what it doesn't list.
      PermissionsBoundary: ['disrupt', { settled: 'expose' }],
      Policies: 'permits',
      RoleName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::IAM::RolePolicy': {
    page: 'aws-resource-iam-rolepolicy',
    new: 'create',
    properties: {
      PolicyDocument: 'permits',
      PolicyName: 'replaces',
      RoleName: ['replaces', 'acts'],
    },
  },
  'AWS::IAM::SAMLProvider': {
    page: 'aws-resource-iam-samlprovider',
    new: 'expose',
    properties: {
      AddPrivateKey: 'secret',
      AssertionEncryptionMode: { order: ['Allowed', 'Required'], less: 'weaken', absent: 'Allowed' },
      Name: 'replaces',
      PrivateKeyList: 'disrupt',
      RemovePrivateKey: 'disrupt',
      // Whose signature is believed.
      SamlMetadataDocument: 'expose',
      Tags: 'tags',
    },
  },
  'AWS::IAM::ServerCertificate': {
    page: 'aws-resource-iam-servercertificate',
    new: 'create',
    properties: {
      CertificateBody: 'replaces',
      CertificateChain: 'replaces',
      Path: 'modify',
      PrivateKey: ['replaces', 'secret'],
      ServerCertificateName: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::IAM::ServiceLinkedRole': {
    page: 'aws-resource-iam-servicelinkedrole',
    new: 'create',
    properties: {
      AWSServiceName: 'replaces',
      CustomSuffix: 'replaces',
      Description: 'modify',
    },
  },
  'AWS::IAM::User': {
    page: 'aws-resource-iam-user',
    new: 'expose',
    properties: {
      Groups: ['acts-as', GRANTS],
      LoginProfile: 'expose',
      ManagedPolicyArns: 'permits',
      Path: 'disrupt',
      // A first one takes away what it doesn't list.
      PermissionsBoundary: ['disrupt', { settled: 'expose' }],
      Policies: 'permits',
      Tags: 'tags',
      UserName: 'replaces',
    },
  },
  'AWS::IAM::UserPolicy': {
    page: 'aws-resource-iam-userpolicy',
    new: 'create',
    properties: {
      PolicyDocument: 'permits',
      PolicyName: 'replaces',
      UserName: ['replaces', 'acts'],
    },
  },
  'AWS::IAM::UserToGroupAddition': {
    page: 'aws-resource-iam-usertogroupaddition',
    new: 'expose',
    properties: {
      GroupName: ['acts', 'expose'],
      Users: GIVEN_TO,
    },
  },
  'AWS::IAM::VirtualMFADevice': {
    page: 'aws-resource-iam-virtualmfadevice',
    new: 'create',
    properties: {
      Path: 'replaces',
      Tags: 'tags',
      Users: ['acts', { each: 'modify', added: 'modify', lost: 'weaken', reordered: 'modify' }],
      VirtualMfaDeviceName: 'replaces',
    },
  },
};
