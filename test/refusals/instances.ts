import {
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { until } from '../scenes/front-door.ts';
import type { Scene } from '../scenes/whole.ts';
import type { RefusalCase } from './case.ts';

const MISSING = 'i-0123456789abcdef0';

/** A new instance that runs. */
export async function runningInstance({ ec2 }: Scene, input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-0abcdef1234567890', MinCount: 1, MaxCount: 1, ...input }),
  );
  const id = Instances?.[0]?.InstanceId ?? '';
  await until(
    async () => (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0],
    (instance) => instance?.State?.Name === 'running',
  );
  return id;
}

export async function withFlag(scene: Scene, flag: 'DisableApiTermination' | 'DisableApiStop'): Promise<string> {
  const id = await runningInstance(scene);
  await scene.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, [flag]: { Value: true } }));
  return id;
}

export const instanceCases: readonly RefusalCase[] = [
  ...['ec2_start_instances', 'ec2_stop_instances', 'ec2_terminate_instances'].map((tool) => ({
    tool,
    code: 'not_found',
    when: 'there is no such instance',
    args: () => ({ instance_ids: [MISSING] }),
  })),
  {
    tool: 'ec2_start_instances',
    code: 'wrong_state',
    when: 'it runs',
    args: async (scene) => ({ instance_ids: [await runningInstance(scene)] }),
  },
  {
    tool: 'ec2_stop_instances',
    code: 'wrong_state',
    when: 'it is stopped',
    args: async (scene) => {
      const stopped = await scene.ec2.send(
        new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['stopped'] }] }),
      );
      return { instance_ids: [stopped.Reservations?.[0]?.Instances?.[0]?.InstanceId] };
    },
  },
  {
    tool: 'ec2_stop_instances',
    code: 'protected',
    when: 'stop protection is on',
    args: async (scene) => ({ instance_ids: [await withFlag(scene, 'DisableApiStop')] }),
  },
  {
    tool: 'ec2_terminate_instances',
    code: 'protected',
    when: 'termination protection is on',
    args: async (scene) => ({ instance_ids: [await withFlag(scene, 'DisableApiTermination')] }),
  },
  {
    tool: 'ec2_terminate_instances',
    code: 'wrong_state',
    when: 'it is terminated',
    args: async (scene) => {
      const id = await runningInstance(scene);

      await scene.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      return { instance_ids: [id] };
    },
  },
  {
    tool: 'ec2_terminate_instances',
    code: 'invalid_input',
    when: 'more volumes go with it than snapshots are taken of',
    args: async (scene) => {
      const BlockDeviceMappings = Array.from({ length: 21 }, (_, at) => ({
        DeviceName: `/dev/sd${String.fromCharCode(102 + Math.floor(at / 9))}${1 + (at % 9)}`,
        Ebs: { VolumeSize: 1, DeleteOnTermination: true },
      }));
      return { instance_ids: [await runningInstance(scene, { BlockDeviceMappings })], snapshot_first: true };
    },
  },
];
