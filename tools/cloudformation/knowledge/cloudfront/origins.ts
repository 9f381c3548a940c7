import type { Service } from '../language.ts';
import { GRANTS } from '../shared.ts';

/** What distributions are made of, and by what they are known to their origins. */
export const ORIGINS: Service = {
  'AWS::CloudFront::CachePolicy': {
    page: 'aws-resource-cloudfront-cachepolicy',
    new: 'create',
    properties: {
      CachePolicyConfig: {
        members: {
          Comment: 'modify',
          // What the origin keeps private is kept then, and given to others.
          DefaultTTL: { leaves: '0', is: 'expose' },
          MaxTTL: { leaves: '0', is: 'expose' },
          MinTTL: { standing: { leaves: '0', is: 'expose', absent: '0' } },
          Name: 'modify',
          // Without a header that says who asks, one gets what was made for another.
          ParametersInCacheKeyAndForwardedToOrigin: { standing: 'expose' },
        },
      },
    },
  },
  'AWS::CloudFront::CloudFrontOriginAccessIdentity': {
    page: 'aws-resource-cloudfront-cloudfrontoriginaccessidentity',
    new: 'create',
    properties: {
      CloudFrontOriginAccessIdentityConfig: 'modify',
    },
  },
  'AWS::CloudFront::Function': {
    page: 'aws-resource-cloudfront-function',
    new: 'create',
    properties: {
      AutoPublish: { values: {}, otherwise: 'disrupt', absent: 'false' },
      FunctionCode: 'guards',
      FunctionConfig: {
        members: {
          Comment: 'modify',
          KeyValueStoreAssociations: { each: 'modify', added: 'modify', lost: 'disrupt', reordered: 'modify' },
          Runtime: 'code',
        },
      },
      FunctionMetadata: 'modify',
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::CloudFront::KeyGroup': {
    page: 'aws-resource-cloudfront-keygroup',
    new: 'create',
    properties: {
      KeyGroupConfig: { members: { Comment: 'modify', Items: GRANTS, Name: 'modify' } },
    },
  },
  'AWS::CloudFront::KeyValueStore': {
    page: 'aws-resource-cloudfront-keyvaluestore',
    new: 'create',
    holds: 'data',
    properties: {
      Comment: 'modify',
      ImportSource: 'modify',
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::CloudFront::OriginAccessControl': {
    page: 'aws-resource-cloudfront-originaccesscontrol',
    new: 'create',
    properties: {
      OriginAccessControlConfig: {
        members: {
          Description: 'modify',
          Name: 'modify',
          OriginAccessControlOriginType: 'disrupt',
          // Not signed, an origin lets CloudFront in only if it lets in all.
          SigningBehavior: ['disrupt', { order: ['never', 'no-override', 'always'], less: 'weaken' }],
          SigningProtocol: 'disrupt',
        },
      },
    },
  },
  'AWS::CloudFront::OriginRequestPolicy': {
    page: 'aws-resource-cloudfront-originrequestpolicy',
    new: 'create',
    properties: {
      // What origins are told; credentials may be among it.
      OriginRequestPolicyConfig: {
        members: {
          Comment: 'modify',
          CookiesConfig: 'disrupt',
          HeadersConfig: 'disrupt',
          Name: 'modify',
          QueryStringsConfig: 'disrupt',
        },
      },
    },
  },
  'AWS::CloudFront::PublicKey': {
    page: 'aws-resource-cloudfront-publickey',
    new: 'create',
    properties: {
      PublicKeyConfig: {
        members: { CallerReference: 'disrupt', Comment: 'modify', EncodedKey: { standing: 'expose' }, Name: 'modify' },
      },
    },
  },
  'AWS::CloudFront::ResponseHeadersPolicy': {
    page: 'aws-resource-cloudfront-responseheaderspolicy',
    new: 'create',
    properties: {
      ResponseHeadersPolicyConfig: {
        members: {
          Comment: 'modify',
          // Web pages of other origins may read the answers.
          CorsConfig: { standing: 'expose' },
          CustomHeadersConfig: { settled: 'weaken' },
          Name: 'modify',
          RemoveHeadersConfig: 'disrupt',
          SecurityHeadersConfig: {
            members: {
              ContentSecurityPolicy: { settled: 'weaken' },
              ContentTypeOptions: { settled: 'weaken' },
              FrameOptions: { settled: 'weaken' },
              ReferrerPolicy: { settled: 'weaken' },
              StrictTransportSecurity: {
                members: {
                  AccessControlMaxAgeSec: 'retains',
                  IncludeSubdomains: 'protects',
                  Override: 'protects',
                  Preload: 'protects',
                },
              },
              XSSProtection: { settled: 'weaken' },
            },
          },
          ServerTimingHeadersConfig: 'modify',
        },
      },
    },
  },
  'AWS::CloudFront::VpcOrigin': {
    page: 'aws-resource-cloudfront-vpcorigin',
    new: 'create',
    properties: {
      Tags: 'tags',
      VpcOriginEndpointConfig: {
        members: {
          // What stands in a network is reached by distributions then.
          Arn: 'acts',
          HTTPPort: 'disrupt',
          HTTPSPort: 'disrupt',
          IpAddressType: 'disrupt',
          Name: 'modify',
          OriginProtocolPolicy: { order: ['http-only', 'match-viewer', 'https-only'], less: 'weaken' },
          OriginSSLProtocols: { each: 'modify', added: 'weaken', lost: 'disrupt', reordered: 'modify' },
        },
      },
    },
  },
  'AWS::CloudFront::TrustStore': {
    page: 'aws-resource-cloudfront-truststore',
    new: 'create',
    properties: {
      // Other authorities: other clients are let in.
      CaCertificatesBundleSource: { standing: 'expose' },
      Name: 'replaces',
      Tags: 'tags',
      UseClientCertificateOCSPEndpoint: 'protects',
    },
  },
};
