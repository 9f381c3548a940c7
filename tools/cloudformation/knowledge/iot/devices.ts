import type { Rule, Service } from '../language.ts';
import { GRANTS, SHAPE } from '../shared.ts';

/** Off, devices that are known by it aren't let in; on, they are. */
const LETS_IN: Rule = { values: { INACTIVE: 'disrupt' }, otherwise: 'expose' };

/** How devices come in, and what is done to those that are found wanting. */
export const DEVICES: Service = {
  'AWS::IoT::BillingGroup': {
    page: 'aws-resource-iot-billinggroup',
    new: 'create',
    gone: 'modify',
    properties: { BillingGroupName: 'replaces', BillingGroupProperties: 'modify', Tags: 'tags' },
  },
  // Devices with a certificate that it signed are known.
  'AWS::IoT::CACertificate': {
    page: 'aws-resource-iot-cacertificate',
    new: 'expose',
    gone: 'disrupt',
    properties: {
      // Devices that nobody knew are registered when they first call.
      AutoRegistrationStatus: { standing: { values: { DISABLE: 'disrupt' }, otherwise: 'expose', absent: 'DISABLE' } },
      CACertificatePem: 'replaces',
      CertificateMode: 'replaces',
      // What a device that comes is made of and may do.
      RegistrationConfig: {
        members: {
          RoleArn: 'acts-as',
          TemplateBody: { standing: 'expose' },
          TemplateName: { standing: 'expose' },
        },
      },
      RemoveAutoRegistration: { standing: 'disrupt' },
      Status: { standing: LETS_IN },
      Tags: 'tags',
      VerificationCertificatePem: 'replaces',
    },
  },
  'AWS::IoT::DomainConfiguration': {
    page: 'aws-resource-iot-domainconfiguration',
    new: 'create',
    gone: 'disrupt',
    properties: {
      ApplicationProtocol: { standing: 'disrupt' },
      AuthenticationType: { standing: 'expose' },
      AuthorizerConfig: {
        members: {
          AllowAuthorizerOverride: { standing: 'opens' },
          DefaultAuthorizerName: ['uses', { settled: 'expose' }],
        },
      },
      ClientCertificateConfig: { members: { ClientCertificateCallbackArn: ['acts', { settled: 'expose' }] } },
      DomainConfigurationName: 'replaces',
      DomainConfigurationStatus: { order: ['DISABLED', 'ENABLED'], less: 'disrupt', absent: 'ENABLED' },
      DomainName: 'replaces',
      ServerCertificateArns: 'replaces',
      ServerCertificateConfig: {
        members: {
          EnableOCSPCheck: 'protects',
          OcspAuthorizedResponderArn: ['uses', { settled: 'weaken' }],
          OcspLambdaArn: ['acts', { settled: 'weaken' }],
        },
      },
      ServiceType: 'replaces',
      Tags: 'tags',
      // Which versions of TLS it takes.
      TlsConfig: { members: { SecurityPolicy: { settled: 'weaken' } } },
      ValidationCertificateArn: 'replaces',
    },
  },
  'AWS::IoT::MitigationAction': {
    page: 'aws-resource-iot-mitigationaction',
    // Switches certificates off, and moves things to groups, where an audit finds something and it is started.
    new: 'create',
    gone: 'weaken',
    properties: { ActionName: 'replaces', ActionParams: ['may-act', 'disrupt'], RoleArn: 'acts-as', Tags: 'tags' },
  },
  'AWS::IoT::ProvisioningTemplate': {
    page: 'aws-resource-iot-provisioningtemplate',
    // Devices with its claim get certificates and rights of their own.
    new: 'expose',
    gone: 'disrupt',
    properties: {
      Description: 'modify',
      Enabled: 'opens',
      // Looks at each device before it is let in.
      PreProvisioningHook: ['acts', { settled: 'expose' }],
      ProvisioningRoleArn: 'acts-as',
      Tags: 'tags',
      TemplateBody: { standing: 'expose' },
      TemplateName: 'replaces',
      TemplateType: 'replaces',
    },
  },
  'AWS::IoT::ResourceSpecificLogging': {
    page: 'aws-resource-iot-resourcespecificlogging',
    // In the place of the level of all.
    new: 'weaken',
    gone: 'weaken',
    properties: {
      LogLevel: { order: ['DISABLED', 'ERROR', 'WARN', 'INFO', 'DEBUG'], less: 'weaken' },
      TargetName: 'replaces',
      TargetType: 'replaces',
    },
  },
  'AWS::IoT::TopicRuleDestination': {
    page: 'aws-resource-iot-topicruledestination',
    new: 'create',
    gone: 'disrupt',
    properties: {
      HttpUrlProperties: 'replaces',
      InfluxDBProperties: ['replaces', 'may-act'],
      Status: { values: { ENABLED: 'modify', IN_PROGRESS: 'modify' }, otherwise: 'disrupt' },
      VpcProperties: [
        'replaces',
        { members: { RoleArn: 'acts-as', SecurityGroups: ['acts-as', GRANTS], SubnetIds: 'uses', VpcId: 'uses' } },
      ],
    },
  },
};

/** Video that devices send. */
export const VIDEO: Service = {
  'AWS::KinesisVideo::SignalingChannel': {
    page: 'aws-resource-kinesisvideo-signalingchannel',
    new: 'create',
    gone: 'disrupt',
    properties: {
      MessageTtlSeconds: { number: 'expires', absent: 60 },
      Name: 'replaces',
      Tags: 'tags',
      Type: SHAPE,
    },
  },
  'AWS::KinesisVideo::Stream': {
    page: 'aws-resource-kinesisvideo-stream',
    new: 'create',
    holds: 'data',
    properties: {
      // None is kept by none.
      DataRetentionInHours: { number: 'expires', absent: 0 },
      DeviceName: 'modify',
      KmsKeyId: ['uses', { settled: 'weaken' }],
      MediaType: SHAPE,
      Name: 'replaces',
      StreamStorageConfiguration: { standing: 'disrupt' },
      Tags: 'tags',
    },
  },
};
