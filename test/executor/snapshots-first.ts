import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { until } from '../scenes/front-door.ts';
import { makers } from '../scenes/storage.ts';
import { instanceState, type Scene } from '../scenes/whole.ts';

/** A deletion before which snapshots are taken: one call, and several requests. */
export interface Stepped {
  readonly name: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** Its requests, in their order. */
  readonly actions: readonly string[];
}

export const STEPPED: readonly Pick<Stepped, 'name' | 'tool' | 'actions'>[] = [
  {
    name: 'ec2_delete_volume, after a snapshot',
    tool: 'ec2_delete_volume',
    actions: ['CreateSnapshot', 'DeleteVolume'],
  },
  {
    name: 'ec2_terminate_instances, after two snapshots of one moment',
    tool: 'ec2_terminate_instances',
    actions: ['CreateSnapshots', 'TerminateInstances'],
  },
];

/** With things of their own. */
export async function snapshotsFirst(scene: Scene): Promise<readonly Stepped[]> {
  const volume = await makers(scene.ec2).volume();
  const { Instances: [made] = [] } = await scene.ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 30, DeleteOnTermination: true } }],
    }),
  );
  const instance = made?.InstanceId ?? '';
  await until(
    () => instanceState(scene, instance),
    (state) => state === 'running',
  );
  const named = [{ volume_id: volume }, { instance_ids: [instance] }];
  return STEPPED.map((one, at) => ({ ...one, args: { ...named[at], snapshot_first: true } }));
}
