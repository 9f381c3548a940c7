import type { Rule, Service } from '../language.ts';

/** Who may hand in mail, and which mail is let in. One statement more may let in, one less too. */
const LETS_IN: Rule = { standing: 'expose' };

/** What is done with mail, one after the other; a rule may drop it. */
const ACTIONS: Rule = {
  by: '#',
  added: 'modify',
  lost: 'modify',
  each: {
    members: {
      AddHeader: 'modify',
      Archive: { members: { TargetArchive: ['acts', 'writes-to'] }, others: 'modify' },
      Bounce: { members: { RoleArn: 'acts-as' }, others: 'modify' },
      DeliverToMailbox: { members: { MailboxArn: ['acts', 'writes-to'], RoleArn: 'acts-as' }, others: 'modify' },
      DeliverToQBusiness: {
        members: { ApplicationId: 'acts', IndexId: ['acts', 'writes-to'], RoleArn: 'acts-as' },
        others: 'modify',
      },
      Drop: 'modify',
      InvokeLambda: { members: { FunctionArn: ['acts', 'writes-to'], RoleArn: 'acts-as' }, others: 'modify' },
      PublishToSns: { members: { RoleArn: 'acts-as', TopicArn: ['acts', 'writes-to'] }, others: 'modify' },
      Relay: { members: { Relay: 'acts' }, others: 'modify' },
      // Another person gets it.
      ReplaceRecipient: 'expose',
      Send: { members: { RoleArn: 'acts-as' }, others: 'modify' },
      WriteToS3: { members: { RoleArn: 'acts-as', S3Bucket: ['acts', 'writes-to'] }, others: 'modify' },
    },
  },
};

/** Mail that comes in: let in or not, kept, handed on, thrown away. */
export const MAIL_MANAGER: Service = {
  'AWS::SES::MailManagerAddonInstance': {
    page: 'aws-resource-ses-mailmanageraddoninstance',
    new: 'create',
    // Rules and policies that ask what it found no longer know.
    gone: 'expose',
    properties: { AddonSubscriptionId: ['replaces', 'uses'], Tags: 'tags' },
  },
  'AWS::SES::MailManagerAddonSubscription': {
    page: 'aws-resource-ses-mailmanageraddonsubscription',
    new: 'create',
    gone: 'expose',
    properties: { AddonName: 'replaces', Tags: 'tags' },
  },
  'AWS::SES::MailManagerAddressList': {
    page: 'aws-resource-ses-mailmanageraddresslist',
    new: 'create',
    // Its addresses are put in from elsewhere.
    holds: 'data',
    properties: { AddressListName: 'replaces', Tags: 'tags' },
  },
  'AWS::SES::MailManagerArchive': {
    page: 'aws-resource-ses-mailmanagerarchive',
    new: 'create',
    holds: 'data',
    properties: {
      ArchiveName: 'modify',
      KmsKeyArn: ['replaces', 'uses'],
      Retention: {
        members: {
          // Older mail goes.
          RetentionPeriod: {
            order: [
              ...['THREE_MONTHS', 'SIX_MONTHS', 'NINE_MONTHS', 'ONE_YEAR', 'EIGHTEEN_MONTHS', 'TWO_YEARS'],
              ...['THIRTY_MONTHS', 'THREE_YEARS', 'FOUR_YEARS', 'FIVE_YEARS', 'SIX_YEARS', 'SEVEN_YEARS'],
              ...['EIGHT_YEARS', 'NINE_YEARS', 'TEN_YEARS', 'PERMANENT'],
            ],
            less: 'delete',
          },
        },
      },
      Tags: 'tags',
    },
  },
  'AWS::SES::MailManagerIngressPoint': {
    page: 'aws-resource-ses-mailmanageringresspoint',
    // Anyone may send to it.
    new: 'expose',
    properties: {
      IngressPointConfiguration: {
        members: {
          SecretArn: ['uses', { settled: 'expose' }],
          SmtpPassword: 'secret',
          TlsAuthConfiguration: { settled: 'expose' },
        },
      },
      IngressPointName: 'modify',
      NetworkConfiguration: 'replaces',
      // By another one mail may be dropped.
      RuleSetId: ['uses', { standing: 'delete' }],
      StatusToUpdate: {
        standing: { values: { ACTIVE: 'expose', CLOSED: 'disrupt' }, otherwise: 'expose', absent: 'ACTIVE' },
      },
      Tags: 'tags',
      TlsPolicy: { standing: { order: ['OPTIONAL', 'REQUIRED', 'FIPS'], less: 'weaken' } },
      TrafficPolicyId: ['uses', LETS_IN],
      Type: 'replaces',
    },
  },
  'AWS::SES::MailManagerRelay': {
    page: 'aws-resource-ses-mailmanagerrelay',
    new: 'create',
    properties: {
      Authentication: {
        members: { NoAuthentication: { standing: 'disrupt' }, SecretArn: ['acts-as', { settled: 'disrupt' }] },
      },
      RelayName: 'modify',
      // Another server gets the mail.
      ServerName: { settled: 'expose' },
      ServerPort: { settled: 'disrupt' },
      Tags: 'tags',
    },
  },
  'AWS::SES::MailManagerRuleSet': {
    page: 'aws-resource-ses-mailmanagerruleset',
    new: 'create',
    properties: {
      RuleSetName: 'modify',
      Rules: [
        { standing: 'delete' },
        { by: '#', added: 'modify', lost: 'modify', each: { members: { Actions: ACTIONS }, others: 'modify' } },
      ],
      Tags: 'tags',
    },
  },
  'AWS::SES::MailManagerTrafficPolicy': {
    page: 'aws-resource-ses-mailmanagertrafficpolicy',
    new: 'create',
    properties: {
      // Of what no statement fits.
      DefaultAction: { standing: { values: { ALLOW: 'expose', DENY: 'disrupt' }, otherwise: 'expose' } },
      MaxMessageSizeBytes: ['limits', { ends: 'weaken' }],
      PolicyStatements: LETS_IN,
      Tags: 'tags',
      TrafficPolicyName: 'modify',
    },
  },
};
