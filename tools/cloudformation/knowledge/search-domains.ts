import { BACKUP_TIME, TRANSIT_ENCRYPTION } from './databases.ts';
import type { Rule, Rules } from './language.ts';
import { PLACES, SECURITY_GROUPS } from './shared.ts';

/** What domains of OpenSearch and those of Elasticsearch have in common. */

/** Others may sign in than before, or as more. */
const SIGN_IN: Rule = { standing: 'expose' };

/** Without the switch AWS makes a new domain, and deletes the old one with all that is stored in it. */
export const UPGRADE: Rules = [{ updates_by: 'EnableVersionUpgrade', otherwise: 'replace' }, { lasting: 'disrupt' }];

export const ADVANCED_OPTIONS: Rule = {
  members: {
    'indices.fielddata.cache.size': 'limits',
    'indices.query.bool.max_clause_count': { number: 'limits', absent: 1024 },
    override_main_response_version: 'disrupt',
    // With it, one request names indexes in its body, past a policy that looks at the path.
    'rest.action.multi.allow_explicit_index': {
      values: { false: 'disrupt', true: 'weaken' },
      otherwise: 'weaken',
      absent: 'true',
    },
  },
};

export const ADVANCED_SECURITY: Rule = {
  members: {
    AnonymousAuthDisableDate: { standing: 'expose' },
    AnonymousAuthEnabled: 'opens',
    // Where it is new the domain's own policy keeps callers out.
    Enabled: { standing: { values: { true: 'disrupt' }, otherwise: 'expose', absent: 'false' } },
    IAMFederationOptions: SIGN_IN,
    InternalUserDatabaseEnabled: { standing: 'opens' },
    JWTOptions: SIGN_IN,
    MasterUserOptions: {
      members: { MasterUserARN: SIGN_IN, MasterUserName: SIGN_IN, MasterUserPassword: 'secret' },
    },
    SAMLOptions: SIGN_IN,
  },
};

export const COGNITO_OPTIONS: Rule = {
  members: { Enabled: SIGN_IN, IdentityPoolId: SIGN_IN, RoleArn: 'acts-as', UserPoolId: SIGN_IN },
};

export const ENDPOINT_OPTIONS: Rule = {
  members: {
    CustomEndpoint: 'disrupt',
    CustomEndpointCertificateArn: ['uses', 'disrupt'],
    CustomEndpointEnabled: 'runs',
    EnforceHTTPS: TRANSIT_ENCRYPTION,
    TLSSecurityPolicy: [
      'disrupt',
      {
        order: [
          'Policy-Min-TLS-1-0-2019-07',
          'Policy-Min-TLS-1-2-2019-07',
          'Policy-Min-TLS-1-2-PFS-2023-10',
          'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08',
        ],
        less: 'weaken',
        absent: 'Policy-Min-TLS-1-0-2019-07',
      },
    ],
  },
};

/** The domain's nodes are all made again. */
export const ENCRYPTION_AT_REST: Rule = {
  members: { Enabled: ['disrupt', 'protects'], KmsKeyId: ['uses', 'disrupt', { settled: 'weaken' }] },
};

export const NODE_TO_NODE_ENCRYPTION: Rule = { members: { Enabled: ['disrupt', 'protects'] } };

export const LOG_PUBLISHING: Rule = {
  keys: { members: { CloudWatchLogsLogGroupArn: ['uses', 'writes-to', { settled: 'weaken' }], Enabled: 'protects' } },
  added: 'modify',
  lost: 'weaken',
};

export const SNAPSHOT_OPTIONS: Rule = { members: { AutomatedSnapshotStartHour: BACKUP_TIME } };

/** Any change makes all nodes again. Without any, the domain is on the internet. */
export const VPC_OPTIONS: Rules = [
  'disrupt',
  { standing: { unsaid: 'expose' } },
  {
    members: { EgressEnabled: { standing: 'expose' }, SecurityGroupIds: SECURITY_GROUPS, SubnetIds: ['uses', PLACES] },
  },
];
