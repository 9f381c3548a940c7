import {
  type Instance as AwsInstance,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import type { Instance, InstanceReader } from '../../../tools/ports/ec2-instances.ts';
import { every } from '../../../tools/ports/pages.ts';
import { called } from '../request/call.ts';
import { notAws } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { tagsOf } from '../tags.ts';
import { statusReader } from './instance-status.ts';
import { surroundingsReader } from './instance-surroundings.ts';
import { KINDS } from './kinds.ts';
import { launchReader } from './launch-reader.ts';
import { launchedReader } from './launched-reader.ts';
import { byId, FULL_PAGE, paged } from './reading.ts';

const OPERATION = 'DescribeInstances';

export function instanceReader(client: EC2Client): InstanceReader {
  const describe = async (input: DescribeInstancesCommandInput) => {
    const { Reservations, NextToken } = await called(client.send(new DescribeInstancesCommand(input)), OPERATION);
    const { items, ...rest } = listed(OPERATION, Reservations, NextToken, ({ Instances = [] }) => Instances);
    return { items: items.flat().map(instanceOf), ...rest };
  };
  const flag = async (id: string, Attribute: 'disableApiTermination' | 'disableApiStop') => {
    const sent = client.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute }));
    const answer = await called(sent, 'DescribeInstanceAttribute');
    const { Value } = (Attribute === 'disableApiStop' ? answer.DisableApiStop : answer.DisableApiTermination) ?? {};
    if (Value === undefined) throw notAws('DescribeInstanceAttribute', 200, `an answer without ${Attribute}`);
    return Value;
  };
  return {
    ...statusReader(client),
    ...surroundingsReader(client),
    ...launchReader(client),
    ...launchedReader(client),

    instancesById: (ids) => byId(KINDS.i, ids, 'instance_id', (InstanceIds) => describe({ InstanceIds })),

    instances: (query) => describe(paged(query)),

    everyInstance: (filters) => every(OPERATION, (cursor) => describe(paged({ filters, cursor, limit: FULL_PAGE }))),

    async protection(id) {
      const [disable_api_termination, disable_api_stop] = await Promise.all([
        flag(id, 'disableApiTermination'),
        flag(id, 'disableApiStop'),
      ]);
      return { disable_api_termination, disable_api_stop };
    },
  };
}

function instanceOf(instance: AwsInstance): Instance {
  if (!instance.InstanceId) throw notAws('DescribeInstances', 200, 'an instance without id');
  const optional = <K extends string>(key: K, value: string | undefined) =>
    (value ? { [key]: hideCredentials(value) } : {}) as { [P in K]?: string };
  return {
    instance_id: instance.InstanceId,
    instance_type: instance.InstanceType ?? 'unknown',
    state: instance.State?.Name ?? 'unknown',
    ...optional('state_transition_reason', instance.StateTransitionReason),
    ...optional('state_reason', instance.StateReason?.Message),
    ...optional('image_id', instance.ImageId),
    ...optional('launch_time', instance.LaunchTime?.toISOString()),
    ...optional('availability_zone', instance.Placement?.AvailabilityZone),
    ...optional('private_ip_address', instance.PrivateIpAddress),
    ...optional('public_ip_address', instance.PublicIpAddress),
    ...optional('vpc_id', instance.VpcId),
    ...optional('subnet_id', instance.SubnetId),
    ...optional('iam_instance_profile', instance.IamInstanceProfile?.Arn),
    security_groups: (instance.SecurityGroups ?? []).map(({ GroupId = '', GroupName = '' }) => ({
      id: GroupId,
      name: GroupName,
    })),
    root_device_type: instance.RootDeviceType ?? 'unknown',
    ...optional('instance_lifecycle', instance.InstanceLifecycle),
    block_devices: (instance.BlockDeviceMappings ?? []).flatMap(({ DeviceName = '', Ebs }) =>
      Ebs?.VolumeId
        ? [{ device_name: DeviceName, volume_id: Ebs.VolumeId, delete_on_termination: Ebs.DeleteOnTermination ?? true }]
        : [],
    ),
    more_interfaces: (instance.NetworkInterfaces ?? []).flatMap(({ NetworkInterfaceId, Attachment }) =>
      NetworkInterfaceId && Attachment?.DeviceIndex !== 0
        ? [{ id: NetworkInterfaceId, delete_on_termination: Attachment?.DeleteOnTermination ?? true }]
        : [],
    ),
    tags: tagsOf(instance.Tags),
    hardware: {
      ...optional('architecture', instance.Architecture),
      ...optional('virtualization_type', instance.VirtualizationType),
      ...optional('hypervisor', instance.Hypervisor),
      ...(instance.EnaSupport === undefined ? {} : { ena: instance.EnaSupport }),
      hibernation: instance.HibernationOptions?.Configured ?? false,
    },
    ...optional('spot_request_id', instance.SpotInstanceRequestId),
    ...optional('client_token', instance.ClientToken),
  };
}
