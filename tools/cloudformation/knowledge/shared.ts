import type { Rule, Rules } from './language.ts';

/**
 * A list of those that are let in or given something (addresses, accounts, clients, roles that get a policy): one more
 * than before is `expose`, one less `disrupt`.
 */
export const GRANTS: Rule = { standing: { each: 'modify', added: 'expose', lost: 'disrupt' } };

/** The key that stored things are encrypted with. Without it what is there can't be read. */
export const KEY: Rules = ['uses', { settled: 'weaken' }];

/** S3's four fences. Absent in a template they fall where the template had them, and stand where it never had. */
export const PUBLIC_ACCESS_BLOCK: Rule = {
  members: {
    BlockPublicAcls: ['fences', 'fences-by-default'],
    BlockPublicPolicy: ['fences', 'fences-by-default'],
    IgnorePublicAcls: ['fences', 'fences-by-default'],
    RestrictPublicBuckets: ['fences', 'fences-by-default'],
  },
};

/** Web pages of other origins may call it and read the answers. Capital letters as API Gateway and Lambda have them. */
export const CORS: Rule = {
  members: {
    AllowCredentials: { standing: 'opens' },
    AllowHeaders: 'modify',
    AllowMethods: GRANTS,
    AllowOrigins: GRANTS,
    ExposeHeaders: 'modify',
    MaxAge: 'modify',
  },
};
