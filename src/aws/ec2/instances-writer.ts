import {
  type BlockDeviceMapping,
  type EC2Client,
  type InstanceStateChange,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import type { InstanceWriter, StateChange } from '../../../tools/ports/ec2-instances.ts';
import type { LaunchDisk, LaunchRequest } from '../../../tools/ports/ec2-launch.ts';
import { called } from '../request/call.ts';
import { AwsError, notAws } from '../request/errors.ts';

/** Each method sends one request, once: the client must have been made with one attempt. */
export function instanceWriter(client: EC2Client): InstanceWriter {
  return {
    async startInstances(ids) {
      const sent = client.send(new StartInstancesCommand({ InstanceIds: named(ids) }));
      return changes('StartInstances', (await called(sent, 'StartInstances')).StartingInstances);
    },
    async stopInstances({ ids, force, hibernate }) {
      const input = {
        InstanceIds: named(ids),
        ...(force ? { Force: true } : {}),
        ...(hibernate ? { Hibernate: true } : {}),
      };
      const sent = client.send(new StopInstancesCommand(input));
      return changes('StopInstances', (await called(sent, 'StopInstances')).StoppingInstances);
    },
    async terminateInstances(ids) {
      const sent = client.send(new TerminateInstancesCommand({ InstanceIds: named(ids) }));
      return changes('TerminateInstances', (await called(sent, 'TerminateInstances')).TerminatingInstances);
    },
    async rebootInstances(ids) {
      await called(client.send(new RebootInstancesCommand({ InstanceIds: named(ids) })), 'RebootInstances');
    },
    async modifyInstance(id, change) {
      const [InstanceId] = named([id]);
      const input =
        'instance_type' in change
          ? { InstanceId, InstanceType: { Value: change.instance_type } }
          : { InstanceId, DisableApiTermination: { Value: change.disable_api_termination } };
      await called(client.send(new ModifyInstanceAttributeCommand(input)), 'ModifyInstanceAttribute');
    },
    async runInstances(request) {
      const answer = await called(client.send(new RunInstancesCommand(launchOf(request))), 'RunInstances');
      if (!answer.Instances) throw notAws('RunInstances', 200, 'an answer without instances');
    },
  };
}

function named(ids: readonly string[]): string[] {
  if (ids.length > 0 && ids.every((id) => /^i-[0-9a-f]{8,17}$/.test(id))) return [...ids];
  throw new AwsError('internal', 'nothing was sent: instance ids are needed', 'report this as a bug', {
    certainty: 'refused',
  });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
function launchOf(request: LaunchRequest): RunInstancesCommandInput {
  const { count, subnet_id, security_group_ids, associate_public_ip_address: isPublic } = request;
  const profile = request.iam_instance_profile;
  const tags = Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value }));
  const network = {
    ...(subnet_id === undefined ? {} : { SubnetId: subnet_id }),
    ...(security_group_ids === undefined
      ? {}
      : { [isPublic === undefined ? 'SecurityGroupIds' : 'Groups']: [...security_group_ids] }),
  };
  return {
    ClientToken: request.token,
    MinCount: count,
    MaxCount: count,
    ImageId: request.image_id,
    InstanceType: request.instance_type as NonNullable<RunInstancesCommandInput['InstanceType']>,
    // A public address is said of an interface, and then everything else of the network is, too.
    ...(isPublic === undefined
      ? network
      : { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: isPublic, ...network }] }),
    ...(request.key_name === undefined ? {} : { KeyName: request.key_name }),
    ...(profile === undefined
      ? {}
      : { IamInstanceProfile: profile.startsWith('arn:') ? { Arn: profile } : { Name: profile } }),
    ...(request.launch_template === undefined
      ? {}
      : {
          LaunchTemplate: { LaunchTemplateId: request.launch_template.id, Version: request.launch_template.version },
        }),
    ...(request.block_devices === undefined ? {} : { BlockDeviceMappings: request.block_devices.map(mappingOf) }),
    ...(request.http_tokens === undefined ? {} : { MetadataOptions: { HttpTokens: request.http_tokens } }),
    ...(request.disable_api_termination === undefined
      ? {}
      : { DisableApiTermination: request.disable_api_termination }),
    ...(tags.length === 0
      ? {}
      : {
          TagSpecifications: [
            { ResourceType: 'instance', Tags: tags },
            { ResourceType: 'volume', Tags: tags },
          ],
        }),
  };
}

function mappingOf({ device, none, size, iops, throughput, encrypted, ...disk }: LaunchDisk): BlockDeviceMapping {
  if (none) return { DeviceName: device, NoDevice: '' };
  const { volume_type: type, delete_on_termination: goes } = disk;
  return {
    DeviceName: device,
    Ebs: {
      ...(size === undefined ? {} : { VolumeSize: size }),
      ...(type === undefined ? {} : { VolumeType: type as VolumeType }),
      ...(iops === undefined ? {} : { Iops: iops }),
      ...(throughput === undefined ? {} : { Throughput: throughput }),
      ...(encrypted === undefined ? {} : { Encrypted: encrypted }),
      ...(goes === undefined ? {} : { DeleteOnTermination: goes }),
    },
  };
}

function changes(operation: string, list: readonly InstanceStateChange[] | undefined): readonly StateChange[] {
  if (!list) throw notAws(operation, 200, 'an answer without instances');
  return list.map(({ InstanceId = '', PreviousState, CurrentState }) => ({
    instance_id: InstanceId,
    previous: PreviousState?.Name ?? 'unknown',
    current: CurrentState?.Name ?? 'unknown',
  }));
}
