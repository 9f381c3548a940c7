import type { Service } from './language.ts';

/** Keys of payment cards and terminals, which no one can export but as they say. */
export const PAYMENTS: Service = {
  'AWS::PaymentCryptography::Alias': {
    page: 'aws-resource-paymentcryptography-alias',
    new: 'create',
    gone: 'disrupt',
    // Those who name the key by it use another one.
    properties: { AliasName: 'replaces', KeyArn: ['acts', 'disrupt'] },
  },
  'AWS::PaymentCryptography::Key': {
    page: 'aws-resource-paymentcryptography-key',
    new: 'create',
    holds: 'data',
    properties: {
      // What it may be used for, and whether it may leave, can't be another afterwards.
      DeriveKeyUsage: 'replace',
      Enabled: 'runs-by-default',
      Exportable: ['replace', { standing: 'opens' }],
      KeyAttributes: 'replace',
      KeyCheckValueAlgorithm: 'replace',
      Policy: 'admits',
      ReplicationRegions: { each: 'modify', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      Tags: 'tags',
    },
  },
};
