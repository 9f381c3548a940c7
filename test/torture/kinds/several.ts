import * as sdk from '@aws-sdk/client-ec2';
import { type Kind, SNAPSHOT_MS, type Subject, type There, times } from '../kind.ts';
import { instancesIn } from './instances.ts';

/* Instances with several volumes that go along with them, which are terminated after snapshots of all were taken. */

const DISKS = ['/dev/sdf', '/dev/sdg'].map((DeviceName) => ({
  ...{ DeviceName, Ebs: { VolumeSize: 8, DeleteOnTermination: true } },
}));

/** Their root, and two more. */
async function machines(there: There, count: number): Promise<readonly sdk.Instance[]> {
  const launch = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: count, MaxCount: count };
  await there.ec2.send(
    new sdk.RunInstancesCommand({ ...launch, BlockDeviceMappings: DISKS } as sdk.RunInstancesRequest),
  );
  await there.pass();
  return await instancesIn(there);
}

function volumesOf({ BlockDeviceMappings = [] }: sdk.Instance): readonly string[] {
  return BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId ?? '');
}

const terminates = (together: readonly sdk.Instance[]): Subject => {
  // As the plan has them: its first request is about the first of them.
  const ids = together.map(({ InstanceId = '' }) => InstanceId).sort();
  const [mark = ''] = ids;
  return {
    ...{ mark, marks: [...ids, mark], volumes: together.flatMap(volumesOf) },
    args: { instance_ids: ids, snapshot_first: true },
  };
};

/** @param inOne how many one ticket is about */
function afterSnapshots(name: string, inOne: number): Kind {
  return {
    name: `ec2_terminate_instances, ${name}`,
    tool: 'ec2_terminate_instances',
    latencyMs: SNAPSHOT_MS,
    actions: [...Array.from({ length: inOne }, () => 'CreateSnapshots'), 'TerminateInstances'],
    seed: () => ({}),
    async prepare(there, count) {
      const all = await machines(there, count * inOne);
      return Array.from({ length: count }, (_, n) => terminates(all.slice(n * inOne, (n + 1) * inOne)));
    },
    async happened(there, subjects) {
      const gone = new Set(
        (await instancesIn(there)).flatMap(({ InstanceId = '', State }) =>
          State?.Name === 'terminated' ? [InstanceId] : [],
        ),
      );
      return subjects.map(({ marks = [] }) => {
        const so = new Set(marks.map((id) => gone.has(id)));
        if (so.size > 1) throw new Error(`of ${marks.join(', ')} some are terminated`);
        return times(so.has(true));
      });
    },
  };
}

export const SEVERAL: readonly Kind[] = [
  afterSnapshots('after snapshots of three volumes', 1),
  afterSnapshots('two of them after snapshots of three volumes each', 2),
];
