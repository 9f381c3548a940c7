import {
  type Instance as AwsInstance,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  type EC2Client,
  type InstanceNetworkInterface,
} from '@aws-sdk/client-ec2';
import type { InstanceReader, LaunchedWith } from '../../../tools/ports/ec2-instances.ts';
import { called } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import { KINDS } from './kinds.ts';
import { type Beside, settingsBeside } from './other-settings.ts';
import { byId } from './reading.ts';

const words = (text: string) => new Set(text.trim().split(/\s+/));

/**
 * What follows from image, type, subnet and the moment, or is told elsewhere; of the rest, what it is where nobody
 * chose. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
 */
const OF_INSTANCES: Beside = {
  known: words(`InstanceId ImageId State StateReason StateTransitionReason PrivateDnsName PublicDnsName KeyName
    AmiLaunchIndex ProductCodes InstanceType LaunchTime SubnetId VpcId PrivateIpAddress PublicIpAddress Architecture
    BlockDeviceMappings ClientToken EnaSupport Hypervisor IamInstanceProfile InstanceLifecycle NetworkInterfaces
    RootDeviceName RootDeviceType SecurityGroups SpotInstanceRequestId SriovNetSupport Tags VirtualizationType BootMode
    CurrentInstanceBootMode PlatformDetails Platform UsageOperation UsageOperationUpdateTime TpmSupport`),
  usual: {
    SourceDestCheck: 'true',
    'Placement.Tenancy': 'default',
    'Monitoring.State': 'disabled',
    'CpuOptions.AmdSevSnp': 'disabled',
    'CpuOptions.NestedVirtualization': 'disabled',
    // Where its subnet gives another, a new one has that.
    'PrivateDnsNameOptions.HostnameType': 'ip-name',
    'CapacityReservationSpecification.CapacityReservationPreference': 'open',
    'MaintenanceOptions.AutoRecovery': 'default',
    'MaintenanceOptions.RebootMigration': 'default',
    'NetworkPerformanceOptions.BandwidthWeighting': 'default',
    'MetadataOptions.State': 'applied',
    // This a launch is asked for.
    'MetadataOptions.HttpTokens': 'required',
    // Not its hop limit, of 1 or more: an image that demands version 2 launches with 2, an account with what it sets.
    'MetadataOptions.HttpEndpoint': 'enabled',
    'MetadataOptions.HttpProtocolIpv6': 'disabled',
    'MetadataOptions.InstanceMetadataTags': 'disabled',
  },
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterface.html */
const OF_INTERFACES: Beside = {
  known: words(`Association Groups MacAddress NetworkInterfaceId OwnerId PrivateDnsName PrivateIpAddress
    Status SubnetId VpcId`),
  usual: {
    SourceDestCheck: 'true',
    InterfaceType: 'interface',
    'Attachment.DeleteOnTermination': 'true',
    'Attachment.NetworkCardIndex': '0',
  },
};

/** What instances were made with, as far as AWS tells it. */
export function launchedReader(client: EC2Client): Pick<InstanceReader, 'launchedWith'> {
  const described = async (InstanceIds: string[]) => {
    const sent = client.send(new DescribeInstancesCommand({ InstanceIds }));
    const { Reservations } = await called(sent, 'DescribeInstances');
    const { items } = listed('DescribeInstances', Reservations, undefined, ({ Instances = [] }) => Instances);
    return { items: items.flat().map((instance) => ({ instance_id: instance.InstanceId ?? '', instance })) };
  };
  const attribute = async (InstanceId: string, Attribute: 'userData' | 'instanceInitiatedShutdownBehavior') =>
    await called(
      client.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute })),
      'DescribeInstanceAttribute',
    );
  return {
    async launchedWith(ids) {
      const found: LaunchedWith[] = [];
      // One instance after the other, for EC2's request limits.
      for (const { instance_id, instance } of await byId(KINDS.i, ids, 'instance_id', described)) {
        const { CoreCount: cores, ThreadsPerCore: threads_per_core } = instance.CpuOptions ?? {};
        const [{ UserData }, { InstanceInitiatedShutdownBehavior: how }] = await Promise.all([
          attribute(instance_id, 'userData'),
          attribute(instance_id, 'instanceInitiatedShutdownBehavior'),
        ]);
        found.push({
          instance_id,
          ...(instance.KeyName ? { key_name: instance.KeyName } : {}),
          ...(instance.RootDeviceName ? { root_device: instance.RootDeviceName } : {}),
          http_tokens_required: instance.MetadataOptions?.HttpTokens === 'required',
          user_data_bytes: Buffer.from(UserData?.Value ?? '', 'base64').length,
          on_shutdown: how?.Value ?? 'stop',
          ...(cores !== undefined && threads_per_core !== undefined ? { cpu: { cores, threads_per_core } } : {}),
          others: othersOf(instance),
        });
      }
      return found;
    },
  };
}

function othersOf({ NetworkInterfaces = [], Placement, CpuOptions, ...instance }: AwsInstance): readonly string[] {
  const { CoreCount: _cores, ThreadsPerCore: _threads, ...cpu } = CpuOptions ?? {};
  const { AvailabilityZone: _zone, AvailabilityZoneId: _id, ...placement } = Placement ?? {};
  const first = NetworkInterfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
  return [
    ...settingsBeside({ ...instance, Placement: placement, CpuOptions: cpu }, OF_INSTANCES),
    ...(first ? settingsBeside(chosenOf(first), OF_INTERFACES) : []).map((one) => `network interface's ${one}`),
  ];
}

function chosenOf({ PrivateIpAddresses = [], Attachment, ...rest }: InstanceNetworkInterface) {
  const { AttachTime: _at, AttachmentId: _id, DeviceIndex: _index, Status: _status, ...attachment } = Attachment ?? {};
  const addresses = PrivateIpAddresses.filter(({ Primary }) => Primary !== true);
  return { ...rest, PrivateIpAddresses: addresses, Attachment: attachment };
}
