import * as sdk from '@aws-sdk/client-ec2';
import { type Kind, numbered, type Opened, OTHERS, REGIONS, type Subject, type There } from '../kind.ts';

/*
 * Instances that were terminated with their root and two more volumes, and come back, part by part: the instance, then
 * each volume and its place. Each in a region of its own: two new volumes in one zone count as about the same.
 */

const DEVICES = ['/dev/sdf', '/dev/sdg'];
const PARTS = 1 + 2 * DEVICES.length;

const isNamed = (name: string, tags: readonly sdk.Tag[] = []) =>
  tags.some(({ Key, Value }) => Key === 'Name' && Value === name);
const regionOf = (n: number) => REGIONS[n] ?? '';

async function at<T>({ cloud }: There, n: number, work: (ec2: sdk.EC2Client) => Promise<T>): Promise<T> {
  const ec2 = new sdk.EC2Client({ ...OTHERS, endpoint: cloud.endpoint, region: regionOf(n) });
  try {
    return await work(ec2);
  } finally {
    ec2.destroy();
  }
}

const named = (ResourceType: 'instance' | 'volume', Value: string) => ({
  ...{ ResourceType, Tags: [{ Key: 'Name', Value }] },
});

async function launched(there: There, name: string, n: number): Promise<Subject> {
  return await at(there, n, async (ec2) => {
    const { Instances: [one] = [] } = await ec2.send(
      new sdk.RunInstancesCommand({
        ...{ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
        BlockDeviceMappings: DEVICES.map((DeviceName) => ({
          ...{ DeviceName, Ebs: { VolumeSize: 8, DeleteOnTermination: true } },
        })),
        TagSpecifications: [named('instance', name)],
      }),
    );
    await there.pass();
    const filter = { Filters: [{ Name: 'attachment.instance-id', Values: [one?.InstanceId ?? ''] }] };
    const { Volumes = [] } = await ec2.send(new sdk.DescribeVolumesCommand(filter));
    for (const { VolumeId = '', Attachments: [place] = [] } of Volumes) {
      const Tags = [{ Key: 'Name', Value: `${name}-${place?.Device}` }];
      await ec2.send(new sdk.CreateTagsCommand({ Resources: [VolumeId], Tags }));
      await ec2.send(new sdk.CreateSnapshotCommand({ VolumeId }));
    }
    const args = { instance_ids: [one?.InstanceId ?? ''], region: regionOf(n) };
    return { mark: name, tool: 'ec2_terminate_instances', actions: ['TerminateInstances'], args };
  });
}

/** What a part makes, by which it is known at AWS. */
function subjectOf(name: string, tool: string, args: Readonly<Record<string, unknown>>): Subject {
  switch (tool) {
    case 'ec2_run_instances':
      return { mark: `${name}"`, tool, args, actions: ['RunInstances'] };
    case 'ec2_create_volume':
      return { mark: (args.tags as Record<string, string>).Name ?? '', tool, args, actions: ['CreateVolume'] };
    default:
      return { mark: String(args.volume_id), tool, args, actions: ['AttachVolume'] };
  }
}

async function countOf(there: There, { mark, tool, args }: Subject): Promise<number> {
  return await at(there, REGIONS.indexOf(String(args.region)), async (ec2) => {
    if (tool === 'ec2_run_instances') {
      const { Reservations = [] } = await ec2.send(new sdk.DescribeInstancesCommand({}));
      const all = Reservations.flatMap(({ Instances = [] }) => Instances);
      return all.filter(({ Tags, State }) => State?.Name !== 'terminated' && isNamed(mark.slice(0, -1), Tags)).length;
    }
    const { Volumes = [] } = await ec2.send(new sdk.DescribeVolumesCommand({}));
    if (tool === 'ec2_create_volume') return Volumes.filter(({ Tags }) => isNamed(mark, Tags)).length;
    return Volumes.filter(({ VolumeId, Attachments: [place] = [] }) => VolumeId === mark && place?.State === 'attached')
      .length;
  });
}

const restored: Kind = {
  name: 'ticket_restore, of instances with three volumes',
  tool: 'ec2_run_instances',
  actions: ['RunInstances', 'CreateVolume', 'AttachVolume'],
  seed: () => ({}),
  prepare: async (there, count) =>
    await Promise.all(numbered('machine', Math.ceil(count / PARTS)).map((name, n) => launched(there, name, n))),
  async ask({ asking, stateOf, carriedOut }, subjects) {
    const gone: { readonly name: string; readonly ticket: string; last: string; next: number }[] = [];
    for (const { mark, tool = '', args } of subjects) {
      const { id } = await asking.ask(`ended-${mark}`, tool, args);
      gone.push({ name: mark, ticket: id, last: id, next: 1 });
    }
    await carriedOut();
    let agents = 0;
    return async () => {
      // What follows one of which nobody knows is held, and a part may need what an earlier one makes.
      const one = gone.find(({ next, last }) => next <= PARTS && stateOf(last) === 'succeeded');
      if (!one) return undefined;
      const ticket = await asking.restore(`agent-${agents++}`, one.ticket, one.next);
      one.next += 1;
      one.last = ticket.id;
      const { tool, region, arguments: given } = JSON.parse(ticket.plan?.bytes ?? '{}');
      return { ticket, subject: subjectOf(one.name, tool, { ...given, region }) } satisfies Opened;
    };
  },
  happened: async (there, subjects) => await Promise.all(subjects.map((subject) => countOf(there, subject))),
};

export const RESTORED: readonly Kind[] = [restored];
