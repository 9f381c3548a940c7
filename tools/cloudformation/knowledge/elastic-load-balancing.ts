import { ATTRIBUTES, TARGET_ATTRIBUTES } from './elastic-load-balancing/attributes.ts';
import type { Rule, Service } from './language.ts';
import { PLACED_IN, SECURITY_GROUPS, SHAPE } from './shared.ts';

/**
 * Where requests go, and who signs in before. Any other order, step or target is another answer for those who call.
 */
const ACTIONS: Rule = {
  by: '#',
  added: 'disrupt',
  // Signing in may be what is left out.
  lost: 'weaken',
  each: {
    members: {
      AuthenticateCognitoConfig: { settled: 'expose' },
      AuthenticateOidcConfig: { settled: 'expose' },
      FixedResponseConfig: 'disrupt',
      ForwardConfig: {
        members: {
          TargetGroupStickinessConfig: 'disrupt',
          TargetGroups: {
            by: 'TargetGroupArn',
            added: 'disrupt',
            lost: 'disrupt',
            reordered: 'modify',
            each: { members: { TargetGroupArn: 'acts', Weight: 'disrupt' } },
          },
        },
      },
      JwtValidationConfig: { settled: 'expose' },
      Order: 'disrupt',
      RedirectConfig: 'disrupt',
      TargetGroupArn: 'acts',
      Type: 'disrupt',
    },
  },
};

/**
 * Which protocols and ciphers are taken:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const CIPHERS: Rule = {
  order: [
    'ELBSecurityPolicy-TLS-1-0-2015-04',
    'ELBSecurityPolicy-2015-05',
    'ELBSecurityPolicy-2016-08',
    'ELBSecurityPolicy-TLS-1-1-2017-01',
    'ELBSecurityPolicy-TLS-1-2-Ext-2018-06',
    'ELBSecurityPolicy-TLS-1-2-2017-01',
    'ELBSecurityPolicy-FS-1-2-2019-08',
    'ELBSecurityPolicy-FS-1-2-Res-2020-10',
    'ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06',
    'ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06',
    'ELBSecurityPolicy-TLS13-1-2-2021-06',
    'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
    'ELBSecurityPolicy-TLS13-1-3-2021-06',
  ],
  less: 'weaken',
  absent: 'ELBSecurityPolicy-2016-08',
};

/** What a load balancer finds healthy gets requests. */
const CHECK: Rule = 'disrupt';
const healthyCodes = (own: string): Rule => ({ standing: { values: { [own]: CHECK }, otherwise: 'weaken' } });

export const ELASTIC_LOAD_BALANCING: Service = {
  'AWS::ElasticLoadBalancing::LoadBalancer': {
    page: 'aws-resource-elasticloadbalancing-loadbalancer',
    new: 'create',
    properties: {
      AccessLoggingPolicy: {
        members: {
          EmitInterval: { number: 'delays', absent: 60 },
          Enabled: 'protects',
          S3BucketName: ['acts', 'writes-to', { settled: 'weaken' }],
          S3BucketPrefix: SHAPE,
        },
      },
      AppCookieStickinessPolicy: 'disrupt',
      AvailabilityZones: PLACED_IN,
      ConnectionDrainingPolicy: { members: { Enabled: 'runs', Timeout: { number: 'limits', absent: 300 } } },
      ConnectionSettings: { members: { IdleTimeout: { number: 'limits', absent: 60 } } },
      CrossZone: 'runs',
      HealthCheck: CHECK,
      Instances: 'acts',
      LBCookieStickinessPolicy: 'disrupt',
      // A listener whose document differs is made again, and doesn't answer meanwhile.
      Listeners: {
        by: 'LoadBalancerPort',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            InstancePort: { settled: 'disrupt' },
            InstanceProtocol: { settled: 'weaken' },
            LoadBalancerPort: 'modify',
            PolicyNames: { settled: 'weaken' },
            Protocol: { settled: 'weaken' },
            SSLCertificateId: ['uses', { settled: 'disrupt' }],
          },
        },
      },
      LoadBalancerName: 'replaces',
      // Ciphers, and which servers are trusted.
      Policies: 'weaken',
      // An address of the internet's, in a new network too: its targets are reached by it.
      Scheme: ['replaces', { values: { internal: 'modify' }, otherwise: 'expose', absent: 'internet-facing' }],
      SecurityGroups: SECURITY_GROUPS,
      Subnets: PLACED_IN,
      Tags: 'tags',
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    page: 'aws-resource-elasticloadbalancingv2-listener',
    new: 'create',
    properties: {
      AlpnPolicy: 'disrupt',
      Certificates: ['uses', 'disrupt'],
      DefaultActions: ACTIONS,
      // Headers that are sent to those who call, such as Strict-Transport-Security, and time-outs.
      ListenerAttributes: { unordered: { standing: 'weaken' } },
      LoadBalancerArn: ['replaces', 'acts'],
      MutualAuthentication: {
        members: {
          AdvertiseTrustStoreCaNames: { order: ['off', 'on'], less: 'disrupt', absent: 'off' },
          IgnoreClientCertificateExpiry: { standing: 'opens' },
          Mode: { standing: { order: ['off', 'passthrough', 'verify'], less: 'expose', absent: 'off' } },
          TrustStoreArn: ['uses', { settled: 'expose' }],
        },
      },
      Port: 'disrupt',
      // From HTTPS to HTTP, for instance.
      Protocol: 'weaken',
      SslPolicy: CIPHERS,
      Tags: 'tags',
    },
  },
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': {
    page: 'aws-resource-elasticloadbalancingv2-listenercertificate',
    new: 'create',
    properties: {
      Certificates: ['uses', 'disrupt'],
      ListenerArn: ['replaces', 'acts'],
    },
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    page: 'aws-resource-elasticloadbalancingv2-listenerrule',
    new: 'create',
    properties: {
      Actions: ACTIONS,
      // Who is sent there: one condition less, and it is more than before.
      Conditions: {
        by: 'Field',
        added: 'disrupt',
        lost: 'expose',
        reordered: 'modify',
        each: {
          members: {
            Field: 'disrupt',
            HostHeaderConfig: 'disrupt',
            // A header may be what only a distribution in front knows.
            HttpHeaderConfig: { settled: 'expose' },
            HttpRequestMethodConfig: 'disrupt',
            PathPatternConfig: 'disrupt',
            QueryStringConfig: 'disrupt',
            RegexValues: 'disrupt',
            SourceIpConfig: { settled: 'expose' },
            Values: 'disrupt',
          },
        },
      },
      ListenerArn: ['replaces', 'acts', 'affects'],
      // It may be asked before one that asks who it is, or after one that doesn't.
      Priority: { standing: 'expose' },
      Tags: 'tags',
      Transforms: 'disrupt',
    },
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    page: 'aws-resource-elasticloadbalancingv2-loadbalancer',
    new: 'create',
    properties: {
      EnableCapacityReservationProvisionStabilize: 'modify',
      EnablePrefixForIpv6SourceNat: 'disrupt',
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: {
        values: { on: 'modify', off: 'expose' },
        otherwise: 'expose',
        absent: 'on',
      },
      // From IPv4 only to both, it is reached from more; back, from fewer.
      IpAddressType: { standing: 'expose' },
      Ipv4IpamPoolId: 'disrupt',
      LoadBalancerAttributes: ATTRIBUTES,
      MinimumLoadBalancerCapacity: { members: { CapacityUnits: { number: 'capacity', absent: 0 } } },
      Name: 'replaces',
      // An address of the internet's, in a new network too: its targets are reached by it.
      Scheme: ['replaces', { values: { internal: 'modify' }, otherwise: 'expose', absent: 'internet-facing' }],
      SecurityGroups: SECURITY_GROUPS,
      SubnetMappings: [
        {
          by: 'SubnetId',
          added: 'modify',
          lost: 'disrupt',
          reordered: 'modify',
          each: {
            members: {
              AllocationId: 'acts',
              IPv6Address: { settled: 'disrupt' },
              PrivateIPv4Address: { settled: 'disrupt' },
              SourceNatIpv6Prefix: { settled: 'disrupt' },
              SubnetId: 'uses',
            },
          },
        },
      ],
      Subnets: PLACED_IN,
      Tags: 'tags',
      Type: 'replaces',
    },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    page: 'aws-resource-elasticloadbalancingv2-targetgroup',
    new: 'create',
    properties: {
      HealthCheckEnabled: 'protects-by-default',
      HealthCheckIntervalSeconds: { number: 'delays', absent: 30 },
      HealthCheckPath: CHECK,
      HealthCheckPort: CHECK,
      HealthCheckProtocol: CHECK,
      HealthCheckTimeoutSeconds: { number: 'limits', absent: 10 },
      HealthyThresholdCount: 'modify',
      IpAddressType: 'replaces',
      Matcher: { members: { GrpcCode: healthyCodes('12'), HttpCode: healthyCodes('200') } },
      Name: 'replaces',
      Port: 'replaces',
      Protocol: 'replaces',
      ProtocolVersion: 'replaces',
      Tags: 'tags',
      TargetControlPort: 'disrupt',
      TargetGroupAttributes: TARGET_ATTRIBUTES,
      TargetType: 'replaces',
      Targets: {
        added: 'disrupt',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { AvailabilityZone: 'modify', Id: 'acts', Port: 'modify', QuicServerId: 'modify' } },
      },
      UnhealthyThresholdCount: { number: 'limits', absent: 2 },
      VpcId: 'replaces',
    },
  },
  'AWS::ElasticLoadBalancingV2::TrustStore': {
    page: 'aws-resource-elasticloadbalancingv2-truststore',
    new: 'create',
    properties: {
      // Other authorities: other clients are let in.
      CaCertificatesBundleS3Bucket: { standing: 'expose' },
      CaCertificatesBundleS3Key: { standing: 'expose' },
      CaCertificatesBundleS3ObjectVersion: { standing: 'expose' },
      Name: 'replaces',
      Tags: 'tags',
    },
  },
  'AWS::ElasticLoadBalancingV2::TrustStoreRevocation': {
    page: 'aws-resource-elasticloadbalancingv2-truststorerevocation',
    new: 'create',
    properties: {
      RevocationContents: 'replaces',
      TrustStoreArn: ['replaces', 'acts'],
    },
  },
};
