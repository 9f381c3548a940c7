import { DESKTOPS_OF_WEB } from './desktops/web.ts';
import type { Rule, Rules, Service } from './language.ts';
import { GRANTS, PLACED_IN, SECURITY_GROUPS } from './shared.ts';

const NETWORK: Rule = { members: { SecurityGroupIds: SECURITY_GROUPS, SubnetIds: PLACED_IN } };
const DOMAIN: Rule = {
  members: {
    DirectoryName: ['acts', { settled: 'disrupt' }],
    OrganizationalUnitDistinguishedName: { settled: 'disrupt' },
  },
};
/** From where it may be reached: without one, from the internet. */
const ENDPOINTS: Rules = [{ settled: 'expose' }, { standing: 'disrupt' }];
const IMAGE: Rules = ['code', { standing: 'disrupt' }];

/** Desktops and applications that people are streamed. */
export const DESKTOPS: Service = {
  ...DESKTOPS_OF_WEB,
  'AWS::AppStream::DirectoryConfig': {
    page: 'aws-resource-appstream-directoryconfig',
    new: 'create',
    gone: 'disrupt',
    properties: {
      CertificateBasedAuthProperties: { standing: 'disrupt' },
      DirectoryName: ['replaces', 'acts'],
      OrganizationalUnitDistinguishedNames: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      ServiceAccountCredentials: { members: { AccountName: { settled: 'disrupt' }, AccountPassword: 'secret' } },
    },
  },
  'AWS::AppStream::Fleet': {
    page: 'aws-resource-appstream-fleet',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ComputeCapacity: { members: { DesiredInstances: 'capacity', DesiredSessions: 'capacity' } },
      Description: 'modify',
      DisableIMDSV1: 'protects',
      DisconnectTimeoutInSeconds: { number: 'limits', absent: 900 },
      DisplayName: 'modify',
      DomainJoinInfo: DOMAIN,
      // What runs there reaches the internet, and has an address of its own there.
      EnableDefaultInternetAccess: 'opens',
      FleetType: 'replaces',
      IamRoleArn: 'acts-as',
      IdleDisconnectTimeoutInSeconds: [
        { number: 'limits', absent: 0 },
        { number: 'delays', absent: 0 },
      ],
      ImageArn: IMAGE,
      ImageName: IMAGE,
      InstanceType: 'disrupt',
      MaxConcurrentSessions: { number: 'capacity', absent: 'fits' },
      MaxSessionsPerInstance: { number: 'capacity', absent: 1 },
      MaxUserDurationInSeconds: { number: 'limits', absent: 57_600 },
      Name: 'replaces',
      Platform: { standing: 'disrupt' },
      RootVolumeConfig: 'disrupt',
      SessionScriptS3Location: 'code',
      StreamView: { standing: 'disrupt' },
      Tags: 'tags',
      UsbDeviceFilterStrings: GRANTS,
      VpcConfig: NETWORK,
    },
  },
  'AWS::AppStream::ImageBuilder': {
    page: 'aws-resource-appstream-imagebuilder',
    new: 'create',
    // With what was installed there, unless an image was made of it.
    holds: 'data',
    properties: {
      AccessEndpoints: ENDPOINTS,
      AppstreamAgentVersion: 'disrupt',
      Description: 'modify',
      DisableIMDSV1: 'protects',
      DisplayName: 'modify',
      DomainJoinInfo: DOMAIN,
      EnableDefaultInternetAccess: 'opens',
      IamRoleArn: 'acts-as',
      ImageArn: IMAGE,
      ImageName: IMAGE,
      InstanceType: 'disrupt',
      Name: 'replaces',
      RootVolumeConfig: 'disrupt',
      SoftwaresToInstall: 'code',
      SoftwaresToUninstall: { standing: 'disrupt' },
      Tags: 'tags',
      VpcConfig: NETWORK,
    },
  },
  'AWS::AppStream::Stack': {
    page: 'aws-resource-appstream-stack',
    new: 'create',
    gone: 'disrupt',
    properties: {
      AccessEndpoints: ENDPOINTS,
      AgentAccessConfig: { standing: 'expose' },
      ApplicationSettings: { members: { Enabled: 'protects', SettingsGroup: { settled: 'disrupt' } } },
      AttributesToDelete: { standing: 'disrupt' },
      ContentRedirection: { standing: 'expose' },
      // Files of people go with the connector.
      DeleteStorageConnectors: { standing: { values: { false: 'modify' }, otherwise: 'delete', absent: 'false' } },
      Description: 'modify',
      DisplayName: 'modify',
      // Pages that may show a session.
      EmbedHostDomains: GRANTS,
      FeedbackURL: 'modify',
      Name: 'replaces',
      RedirectURL: { standing: 'disrupt' },
      StorageConnectors: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
      StreamingExperienceSettings: 'modify',
      Tags: 'tags',
      // What people may carry out of a session and into it: the clipboard, files, printers.
      UserSettings: {
        standing: {
          by: 'Action',
          added: 'modify',
          lost: 'expose',
          reordered: 'modify',
          each: {
            members: {
              Action: 'modify',
              MaximumLength: 'expose',
              Permission: { values: { DISABLED: 'disrupt' }, otherwise: 'expose', absent: 'ENABLED' },
            },
          },
        },
      },
    },
  },
  'AWS::AppStream::StackFleetAssociation': {
    page: 'aws-resource-appstream-stackfleetassociation',
    // Who may use the stack comes onto the fleet.
    new: { among: ['FleetName', 'StackName'], otherwise: 'expose' },
    gone: 'disrupt',
    properties: { FleetName: ['acts', { standing: 'expose' }], StackName: ['acts', { standing: 'expose' }] },
  },
  'AWS::AppStream::StackUserAssociation': {
    page: 'aws-resource-appstream-stackuserassociation',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AuthenticationType: 'replaces',
      SendEmailNotification: 'replaces',
      StackName: ['replaces', 'acts'],
      UserName: 'replaces',
    },
  },
  'AWS::AppStream::User': {
    page: 'aws-resource-appstream-user',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      AuthenticationType: 'replaces',
      FirstName: 'replaces',
      LastName: 'replaces',
      MessageAction: 'replaces',
      UserName: 'replaces',
    },
  },
  'AWS::WorkSpaces::Workspace': {
    page: 'aws-resource-workspaces-workspace',
    new: 'create',
    holds: 'data',
    properties: {
      BundleId: 'replace',
      DirectoryId: ['replaces', 'acts'],
      RootVolumeEncryptionEnabled: ['replace', 'protects'],
      Tags: 'tags',
      UserName: 'replaces',
      UserVolumeEncryptionEnabled: ['replace', 'protects'],
      VolumeEncryptionKey: ['uses', 'replace'],
      WorkspaceProperties: 'disrupt',
    },
  },
  'AWS::WorkSpaces::WorkspaceIpGroup': {
    page: 'aws-resource-workspaces-workspaceipgroup',
    new: 'create',
    // Without any, all addresses may come.
    gone: 'expose',
    properties: {
      GroupDesc: 'replaces',
      GroupName: 'replaces',
      Tags: 'tags',
      UserRules: { standing: { by: 'IpRule', each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' } },
    },
  },
};
