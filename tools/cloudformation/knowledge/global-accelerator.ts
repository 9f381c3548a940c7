import type { Rule, Service } from './language.ts';
import { SHAPE } from './shared.ts';

/** What is found healthy gets requests. */
const CHECK: Rule = 'disrupt';

export const GLOBAL_ACCELERATOR: Service = {
  'AWS::GlobalAccelerator::Accelerator': {
    page: 'aws-resource-globalaccelerator-accelerator',
    new: 'create',
    // Its addresses, which others were told of.
    holds: 'data',
    properties: {
      Enabled: 'runs-by-default',
      FlowLogsEnabled: 'protects',
      FlowLogsS3Bucket: ['writes-to', { settled: 'weaken' }],
      FlowLogsS3Prefix: SHAPE,
      IpAddressType: { standing: 'expose' },
      IpAddresses: 'disrupt',
      Name: 'modify',
      Tags: 'tags',
    },
  },
  'AWS::GlobalAccelerator::EndpointGroup': {
    page: 'aws-resource-globalaccelerator-endpointgroup',
    // What is in it is reached from the internet.
    new: 'expose',
    properties: {
      EndpointConfigurations: {
        by: 'EndpointId',
        added: 'expose',
        lost: 'disrupt',
        reordered: 'modify',
        each: {
          members: {
            AttachmentArn: 'modify',
            ClientIPPreservationEnabled: 'disrupt',
            EndpointId: 'acts',
            Weight: 'disrupt',
          },
        },
      },
      EndpointGroupRegion: 'replaces',
      HealthCheckIntervalSeconds: { number: 'delays', absent: 30 },
      HealthCheckPath: CHECK,
      HealthCheckPort: CHECK,
      HealthCheckProtocol: CHECK,
      ListenerArn: ['replaces', 'acts'],
      PortOverrides: { standing: 'expose' },
      ThresholdCount: 'modify',
      TrafficDialPercentage: { number: 'capacity', absent: 100 },
    },
  },
  'AWS::GlobalAccelerator::Listener': {
    page: 'aws-resource-globalaccelerator-listener',
    new: 'expose',
    properties: {
      AcceleratorArn: ['replaces', 'acts'],
      ClientAffinity: { leaves: 'SOURCE_IP', is: 'disrupt' },
      PortRanges: { each: 'expose', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      Protocol: 'disrupt',
    },
  },
  'AWS::GlobalAccelerator::CrossAccountAttachment': {
    page: 'aws-resource-globalaccelerator-crossaccountattachment',
    // Other accounts may lead the internet to what is here.
    new: 'expose',
    properties: {
      Name: 'modify',
      Principals: { each: 'expose', added: 'expose', lost: 'disrupt', reordered: 'modify' },
      Resources: {
        by: '#',
        added: 'expose',
        lost: 'disrupt',
        each: { members: { Cidr: 'expose', EndpointId: 'acts', Region: 'modify' } },
      },
      Tags: 'tags',
    },
  },
};
