import type { Rule, Service } from './language.ts';

/** How long resolvers keep an answer, a wrong one too. An alias has none of its own. */
const TTL: Rule = { number: 'delays', absent: 'fits' };

/** Of a zone that was there: who answers for names below, gets the mail, is shown as owner. */
const HANDS_OVER: Rule = {
  values: { CAA: 'expose', DS: 'expose', MX: 'expose', NS: 'expose', TXT: 'expose' },
  otherwise: 'disrupt',
};

export const ROUTE53: Service = {
  'AWS::Route53::CidrCollection': {
    page: 'aws-resource-route53-cidrcollection',
    new: 'create',
    properties: {
      Locations: {
        by: 'LocationName',
        added: 'modify',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { CidrList: { settled: 'disrupt' }, LocationName: 'modify' } },
      },
      Name: 'replaces',
    },
  },
  'AWS::Route53::DNSSEC': {
    page: 'aws-resource-route53-dnssec',
    new: 'create',
    properties: {
      HostedZoneId: ['replaces', 'acts', 'affects'],
    },
  },
  'AWS::Route53::HealthCheck': {
    page: 'aws-resource-route53-healthcheck',
    new: 'create',
    properties: {
      // What is found unhealthy gets no requests any more; what is found healthy does.
      HealthCheckConfig: {
        members: {
          AlarmIdentifier: 'disrupt',
          ChildHealthChecks: 'disrupt',
          EnableSNI: 'disrupt',
          FailureThreshold: [
            { number: 'limits', absent: 3 },
            { number: 'delays', absent: 3 },
          ],
          FullyQualifiedDomainName: 'disrupt',
          HealthThreshold: 'disrupt',
          IPAddress: 'disrupt',
          InsufficientDataHealthStatus: 'disrupt',
          Inverted: 'disrupt',
          MeasureLatency: 'modify',
          Port: 'disrupt',
          Regions: 'weaken',
          RequestInterval: 'disrupt',
          ResourcePath: 'disrupt',
          RoutingControlArn: 'disrupt',
          SearchString: 'disrupt',
          Type: 'disrupt',
        },
      },
      HealthCheckTags: 'tags',
    },
  },
  'AWS::Route53::HostedZone': {
    page: 'aws-resource-route53-hostedzone',
    new: 'create',
    // Its name servers: a new zone of the same name has others, which nobody asks.
    holds: 'data',
    properties: {
      HostedZoneConfig: 'modify',
      HostedZoneFeatures: { members: { EnableAcceleratedRecovery: 'protects' } },
      HostedZoneTags: 'tags',
      Name: 'replaces',
      QueryLoggingConfig: { members: { CloudWatchLogsLogGroupArn: ['writes-to', { settled: 'weaken' }] } },
      // In these networks its names are the ones that hold, and are told.
      VPCs: {
        by: 'VPCId',
        added: 'expose',
        lost: 'disrupt',
        reordered: 'modify',
        each: { members: { VPCId: ['acts', 'affects'], VPCRegion: 'disrupt' } },
      },
    },
  },
  'AWS::Route53::KeySigningKey': {
    page: 'aws-resource-route53-keysigningkey',
    new: 'create',
    properties: {
      HostedZoneId: ['replaces', 'acts'],
      KeyManagementServiceArn: 'replaces',
      Name: 'replaces',
      Status: { order: ['INACTIVE', 'ACTIVE'], less: 'weaken' },
    },
  },
  'AWS::Route53::RecordSet': {
    page: 'aws-resource-route53-recordset',
    new: 'create',
    properties: {
      AliasTarget: 'disrupt',
      CidrRoutingConfig: 'disrupt',
      Comment: 'modify',
      Failover: 'disrupt',
      GeoLocation: 'disrupt',
      HealthCheckId: ['disrupt', { ends: 'weaken' }],
      HostedZoneId: ['replaces', 'acts'],
      HostedZoneName: ['replaces', 'acts'],
      MultiValueAnswer: 'disrupt',
      Name: 'replaces',
      Region: 'disrupt',
      // Where those who ask for the name are led.
      ResourceRecords: { unordered: { standing: 'expose' } },
      SetIdentifier: 'disrupt',
      TTL,
      Type: { among: ['HostedZoneId'], otherwise: HANDS_OVER },
      Weight: 'disrupt',
    },
  },
  'AWS::Route53::RecordSetGroup': {
    page: 'aws-resource-route53-recordsetgroup',
    new: 'create',
    properties: {
      Comment: 'modify',
      HostedZoneId: ['replaces', 'acts'],
      HostedZoneName: ['replaces', 'acts'],
      RecordSets: {
        added: 'modify',
        // A record that differs is one less, and one more.
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            AliasTarget: 'modify',
            CidrRoutingConfig: 'modify',
            Failover: 'modify',
            GeoLocation: 'modify',
            GeoProximityLocation: 'modify',
            HealthCheckId: 'modify',
            HostedZoneId: 'acts',
            HostedZoneName: 'acts',
            MultiValueAnswer: 'modify',
            Name: 'modify',
            Region: 'modify',
            ResourceRecords: 'modify',
            SetIdentifier: 'modify',
            TTL: 'modify',
            Type: { among: ['HostedZoneId'], otherwise: HANDS_OVER },
            Weight: 'modify',
          },
        },
      },
    },
  },
  'AWS::Route53::TrafficPolicy': {
    page: 'aws-resource-route53-trafficpolicy',
    new: 'create',
    properties: {
      Comment: 'modify',
      Document: 'replaces',
      Name: 'replaces',
    },
  },
  'AWS::Route53::TrafficPolicyInstance': {
    page: 'aws-resource-route53-trafficpolicyinstance',
    new: 'create',
    properties: {
      HostedZoneId: ['replaces', 'acts'],
      Name: 'replaces',
      TTL,
      TrafficPolicyId: 'disrupt',
      TrafficPolicyVersion: 'disrupt',
    },
  },
};

export const ROUTE53_RECOVERY_CONTROL: Service = {
  'AWS::Route53RecoveryControl::Cluster': {
    page: 'aws-resource-route53recoverycontrol-cluster',
    new: 'create',
    properties: {
      Name: 'replaces',
      NetworkType: 'disrupt',
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::Route53RecoveryControl::ControlPanel': {
    page: 'aws-resource-route53recoverycontrol-controlpanel',
    new: 'create',
    properties: {
      ClusterArn: ['replaces', 'acts'],
      Name: 'modify',
      Tags: ['replaces', 'tags'],
    },
  },
  'AWS::Route53RecoveryControl::RoutingControl': {
    page: 'aws-resource-route53recoverycontrol-routingcontrol',
    new: 'create',
    properties: {
      ClusterArn: ['replaces', 'acts'],
      ControlPanelArn: ['replaces', 'acts'],
      Name: 'modify',
    },
  },
  'AWS::Route53RecoveryControl::SafetyRule': {
    page: 'aws-resource-route53recoverycontrol-safetyrule',
    new: 'create',
    properties: {
      AssertionRule: 'weaken',
      ControlPanelArn: ['replaces', 'acts'],
      GatingRule: 'weaken',
      Name: 'modify',
      RuleConfig: 'replaces',
      Tags: ['replaces', 'tags'],
    },
  },
};
