import type { Rule, Rules, Service } from '../language.ts';
import { SHAPE } from '../shared.ts';
import type { Verdict } from '../verdict.ts';

/** What is answered where there is an error: pages that only exist as another's answer are gone without it. */
const ERRORS: Rule = {
  each: {
    members: {
      ErrorCachingMinTTL: 'modify',
      ErrorCode: 'modify',
      ResponseCode: { settled: 'disrupt' },
      ResponsePagePath: { settled: 'disrupt' },
    },
  },
  by: 'ErrorCode',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
};

/** How requests for a part of the paths are answered. */
const BEHAVIOR: Readonly<Record<string, Rules>> = {
  AllowedMethods: { each: 'modify', added: 'weaken', lost: 'disrupt', reordered: 'modify' },
  // What is told apart in the cache: without a header that says who asks, one gets what was made for another.
  CachePolicyId: { settled: 'expose' },
  CachedMethods: 'modify',
  Compress: 'modify',
  // Where nothing was kept, or not what the origin keeps private, it is kept then, and given to others.
  DefaultTTL: { leaves: '0', is: 'expose' },
  FieldLevelEncryptionId: { settled: 'weaken' },
  ForwardedValues: { settled: 'expose' },
  // Functions may sign people in, or turn them away.
  FunctionAssociations: [
    'code',
    {
      by: 'EventType',
      each: { members: { EventType: 'modify', FunctionARN: 'acts-as' } },
      added: 'disrupt',
      lost: 'expose',
      reordered: 'modify',
    },
  ],
  GrpcConfig: 'disrupt',
  LambdaFunctionAssociations: [
    'code',
    {
      by: 'EventType',
      each: { members: { EventType: 'modify', IncludeBody: 'modify', LambdaFunctionARN: 'acts-as' } },
      added: 'disrupt',
      lost: 'expose',
      reordered: 'modify',
    },
  ],
  MaxTTL: { leaves: '0', is: 'expose' },
  MinTTL: { standing: { leaves: '0', is: 'expose', absent: '0' } },
  OriginRequestPolicyId: { settled: 'disrupt' },
  PathPattern: 'disrupt',
  RealtimeLogConfigArn: { settled: 'weaken' },
  // Headers by which browsers protect who looks at it.
  ResponseHeadersPolicyId: { settled: 'weaken' },
  SmoothStreaming: 'runs',
  TargetOriginId: 'disrupt',
  // Only those whose addresses were signed by them get an answer, from the first on; without any, all do.
  TrustedKeyGroups: { unordered: [{ settled: 'expose' }, { standing: 'disrupt' }] },
  TrustedSigners: { unordered: [{ settled: 'expose' }, { standing: 'disrupt' }] },
  ViewerProtocolPolicy: {
    order: ['allow-all', 'https-only', 'redirect-to-https'],
    less: 'weaken',
    absent: 'allow-all',
  },
};

/**
 * The first one whose pattern fits answers, and the default where none does: what goes, is moved, or is put before
 * others lets paths be answered by one that asks for less.
 */
function behaviors(added: Verdict): Rule {
  return {
    ...{ by: 'PathPattern', each: { members: BEHAVIOR } },
    ...{ added, lost: 'expose', reordered: 'expose' },
  };
}

/** By these the default lets in only some, from whom a new behavior takes its paths. */
const LETS_IN_SOME: readonly string[] = [
  'FunctionAssociations',
  'LambdaFunctionAssociations',
  'TrustedKeyGroups',
  'TrustedSigners',
].map((name) => `DistributionConfig.DefaultCacheBehavior.${name}`);

const BEHAVIORS: Rule = { given: LETS_IN_SOME, is: behaviors('expose'), otherwise: behaviors('disrupt') };

const ORIGINS: Rule = {
  by: 'Id',
  added: 'modify',
  lost: 'disrupt',
  reordered: 'modify',
  each: {
    members: {
      ConnectionAttempts: { number: 'limits', absent: 3 },
      ConnectionTimeout: { number: 'limits', absent: 10 },
      CustomOriginConfig: {
        members: {
          HTTPPort: { settled: 'disrupt' },
          HTTPSPort: { settled: 'disrupt' },
          IpAddressType: { settled: 'disrupt' },
          OriginKeepaliveTimeout: 'modify',
          OriginMtlsConfig: { settled: 'weaken' },
          OriginProtocolPolicy: {
            order: ['http-only', 'match-viewer', 'https-only'],
            less: 'weaken',
            absent: 'http-only',
          },
          OriginReadTimeout: { number: 'limits', absent: 30 },
          OriginSSLProtocols: { settled: 'weaken' },
        },
      },
      // Another host gets what viewers send, and answers in its name.
      DomainName: { settled: 'expose' },
      Id: 'modify',
      OriginAccessControlId: { settled: 'disrupt' },
      // By a secret header an origin may know that it is asked by nobody else.
      OriginCustomHeaders: { settled: 'disrupt' },
      // All is asked for elsewhere, from the first on.
      OriginPath: { standing: 'disrupt' },
      OriginShield: 'modify',
      ResponseCompletionTimeout: ['limits', { ends: 'weaken' }],
      S3OriginConfig: { settled: 'disrupt' },
      VpcOriginConfig: { settled: 'disrupt' },
    },
  },
};

const CONFIG: Readonly<Record<string, Rules>> = {
  // A name that it answers to.
  Aliases: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
  AnycastIpListId: { standing: 'disrupt' },
  CNAMEs: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
  CacheBehaviors: BEHAVIORS,
  CacheTagConfig: 'modify',
  Comment: 'modify',
  ConnectionFunctionAssociation: { settled: 'expose' },
  ConnectionMode: 'disrupt',
  ContinuousDeploymentPolicyId: { standing: 'disrupt' },
  CustomErrorResponses: ERRORS,
  CustomOrigin: { standing: 'expose' },
  DefaultCacheBehavior: { members: BEHAVIOR },
  DefaultRootObject: { standing: 'disrupt' },
  Enabled: 'runs',
  HttpVersion: 'modify',
  IPV6Enabled: { values: { true: 'modify' }, otherwise: 'disrupt', absent: 'false' },
  Logging: { members: { Bucket: ['writes-to', { settled: 'weaken' }], IncludeCookies: 'protects', Prefix: SHAPE } },
  OriginGroups: 'disrupt',
  Origins: ORIGINS,
  // Fewer places answer, and those who are far away wait longer.
  PriceClass: 'modify',
  // Which countries get an answer.
  Restrictions: { standing: 'expose' },
  S3Origin: { standing: 'expose' },
  Staging: 'disrupt',
  TenantConfig: 'disrupt',
  ViewerCertificate: {
    members: {
      AcmCertificateArn: ['uses', { settled: 'disrupt' }],
      CloudFrontDefaultCertificate: 'disrupt',
      IamCertificateId: ['uses', { settled: 'disrupt' }],
      MinimumProtocolVersion: {
        order: [
          'SSLv3',
          'TLSv1',
          'TLSv1_2016',
          'TLSv1.1_2016',
          'TLSv1.2_2018',
          'TLSv1.2_2019',
          'TLSv1.2_2021',
          'TLSv1.2_2025',
          'TLSv1.3_2025',
        ],
        less: 'weaken',
        absent: 'TLSv1',
      },
      SslSupportMethod: 'disrupt',
    },
  },
  ViewerMtlsConfig: { settled: 'expose' },
  // A firewall.
  WebACLId: { settled: 'expose' },
};

export const DISTRIBUTIONS: Service = {
  'AWS::CloudFront::Distribution': {
    page: 'aws-resource-cloudfront-distribution',
    // On the internet, with what its origins have.
    new: 'expose',
    properties: {
      DistributionConfig: { members: CONFIG },
      Tags: 'tags',
    },
  },
  'AWS::CloudFront::MonitoringSubscription': {
    page: 'aws-resource-cloudfront-monitoringsubscription',
    new: 'create',
    properties: {
      DistributionId: ['replaces', 'acts'],
      MonitoringSubscription: 'protects',
    },
  },
  'AWS::CloudFront::RealtimeLogConfig': {
    page: 'aws-resource-cloudfront-realtimelogconfig',
    new: 'create',
    properties: {
      EndPoints: {
        by: '#',
        added: 'modify',
        lost: 'weaken',
        each: {
          members: {
            KinesisStreamConfig: { members: { RoleArn: 'acts-as', StreamArn: ['writes-to', { settled: 'weaken' }] } },
            StreamType: { settled: 'weaken' },
          },
        },
      },
      Fields: { each: 'modify', added: 'modify', lost: 'weaken' },
      Name: 'replaces',
      SamplingRate: 'retains',
    },
  },
  // A part of the requests goes to another distribution.
  'AWS::CloudFront::ContinuousDeploymentPolicy': {
    page: 'aws-resource-cloudfront-continuousdeploymentpolicy',
    new: 'create',
    properties: {
      ContinuousDeploymentPolicyConfig: 'disrupt',
    },
  },
};
