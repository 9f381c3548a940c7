import type { Service } from './language.ts';

export const CERTIFICATES: Service = {
  'AWS::ACMPCA::Certificate': {
    page: 'aws-resource-acmpca-certificate',
    new: 'create',
    properties: {
      ApiPassthrough: 'replaces',
      // In whose name it is issued.
      CertificateAuthorityArn: ['replaces', 'acts-as'],
      CertificateSigningRequest: 'replaces',
      SigningAlgorithm: 'replaces',
      TemplateArn: 'replaces',
      Validity: 'replaces',
      ValidityNotBefore: 'replaces',
    },
  },
  'AWS::ACMPCA::CertificateAuthority': {
    page: 'aws-resource-acmpca-certificateauthority',
    new: 'create',
    // Its key is nowhere else.
    holds: 'data',
    properties: {
      CsrExtensions: 'replaces',
      KeyAlgorithm: 'replaces',
      KeyStorageSecurityStandard: 'replaces',
      // How it is known which certificates no longer count.
      RevocationConfiguration: {
        members: {
          CrlConfiguration: {
            members: {
              CrlDistributionPointExtensionConfiguration: { settled: 'weaken' },
              CrlType: { settled: 'weaken' },
              CustomCname: { settled: 'weaken' },
              CustomPath: { settled: 'weaken' },
              Enabled: 'protects',
              ExpirationInDays: 'delays',
              S3BucketName: ['acts', { settled: 'weaken' }],
              S3ObjectAcl: { settled: 'weaken' },
            },
          },
          OcspConfiguration: { members: { Enabled: 'protects', OcspCustomCname: { settled: 'weaken' } } },
        },
      },
      SigningAlgorithm: 'replaces',
      Subject: 'replaces',
      Tags: 'tags',
      Type: 'replaces',
      UsageMode: 'replaces',
    },
  },
  'AWS::ACMPCA::CertificateAuthorityActivation': {
    page: 'aws-resource-acmpca-certificateauthorityactivation',
    new: 'create',
    properties: {
      Certificate: { settled: 'disrupt' },
      CertificateAuthorityArn: ['replaces', 'acts'],
      CertificateChain: { settled: 'disrupt' },
      Status: { order: ['DISABLED', 'ACTIVE'], less: 'disrupt', absent: 'ACTIVE' },
    },
  },
  'AWS::ACMPCA::Permission': {
    page: 'aws-resource-acmpca-permission',
    new: 'create',
    properties: {
      Actions: 'replaces',
      CertificateAuthorityArn: ['replaces', 'acts'],
      Principal: ['replaces', 'admits'],
      SourceAccount: 'replaces',
    },
  },
  'AWS::CertificateManager::Account': {
    page: 'aws-resource-certificatemanager-account',
    // In the place of what was set for the account.
    new: 'weaken',
    wide: 'account',
    properties: { ExpiryEventsConfiguration: 'weaken' },
  },
  'AWS::CertificateManager::Certificate': {
    page: 'aws-resource-certificatemanager-certificate',
    new: 'create',
    properties: {
      CertificateAuthorityArn: ['replaces', 'acts-as'],
      CertificateExport: 'replaces',
      CertificateTransparencyLoggingPreference: {
        order: ['DISABLED', 'ENABLED'],
        less: 'weaken',
        absent: 'ENABLED',
      },
      DomainName: 'replaces',
      // A record in the zone that only proves whose it is.
      DomainValidationOptions: ['replaces', 'uses'],
      KeyAlgorithm: 'replaces',
      SubjectAlternativeNames: 'replaces',
      Tags: 'tags',
      ValidationMethod: 'replaces',
    },
  },
};
