import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Target } from '../../src/kernel/target.ts';
import { defineChangeTool } from '../define.ts';
import { CreationTags, Reason, Region, SnapshotId, wholeNumber } from '../fields.ts';
import type { Snapshot } from '../ports/ec2-storage.ts';
import { wrongState } from '../refusing.ts';
import { placeOf } from '../session/permits.ts';
import { ec2Arn } from './network/target.ts';
import { anyOf, keysOfDisks, taggingIn } from './permits.ts';
import { waitOr } from './storage/guard.ts';
import { observeMade } from './storage/observe.ts';
import { snapshotTarget, volumeArn } from './storage/target.ts';
import { VolumeType, wrongPerformance, Zone } from './storage/volume-input.ts';
import { madeBy, StoredTags, TAG_NOTE, tagsWithTicket } from './tags/ticket-tag.ts';

export default defineChangeTool({
  name: 'ec2_create_volume',
  title: 'Create a volume',
  description: 'Create an EBS volume, empty (size) or from a snapshot. May need approval (ticket).',
  toolset: 'ec2',
  // With a tag in the request, ec2:CreateTags is needed too.
  action: 'ec2:CreateVolume',
  reads: ['ec2:DescribeSnapshots', 'ec2:DescribeVolumes'],
  evidence: 'a tag with its token',
  effects: ['create', 'expose'],
  refusals: {
    not_found: 'there is no such snapshot',
    wrong_state: 'the snapshot is not completed',
    invalid_input: 'the zone is not of the region, or the size is less than that of the snapshot',
  },
  input: z
    .strictObject({
      availability_zone: Zone,
      size: wholeNumber(1, 65_536).optional().describe('GiB'),
      snapshot_id: SnapshotId.optional(),
      volume_type: VolumeType.default('gp3'),
      iops: wholeNumber(100, 256_000).optional(),
      throughput: wholeNumber(125, 2_000).optional().describe('MiB/s'),
      encrypted: z.boolean().optional(),
      tags: CreationTags.optional(),
      region: Region.optional(),
      reason: Reason,
    })
    .refine(({ size, snapshot_id }) => size !== undefined || snapshot_id !== undefined, 'give size or snapshot_id')
    .superRefine((asked, context) => {
      const message = wrongPerformance(asked);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  log: {
    availability_zone: 'shown',
    size: 'shown',
    snapshot_id: 'shown',
    volume_type: 'shown',
    iops: 'shown',
    throughput: 'shown',
    encrypted: 'shown',
    tags: 'shown',
    region: 'shown',
    reason: 'shown',
  },

  stored: z.strictObject({
    availability_zone: z.string(),
    volume_type: VolumeType,
    size: z.number().exactOptional(),
    snapshot_id: z.string().exactOptional(),
    iops: z.number().exactOptional(),
    throughput: z.number().exactOptional(),
    encrypted: z.boolean().exactOptional(),
    tags: StoredTags.exactOptional(),
  }),
  record: ({ availability_zone, size, snapshot_id, volume_type, iops, throughput, encrypted, tags }) => ({
    availability_zone,
    volume_type,
    ...(size === undefined ? {} : { size }),
    ...(snapshot_id === undefined ? {} : { snapshot_id }),
    ...(iops === undefined ? {} : { iops }),
    ...(throughput === undefined ? {} : { throughput }),
    ...(encrypted === undefined ? {} : { encrypted }),
    ...(tags === undefined ? {} : { tags }),
  }),

  async plan({ availability_zone, size, snapshot_id, volume_type, encrypted }, { ec2, caller }) {
    if (!availability_zone.startsWith(caller.region)) {
      throw new HoldshortError(
        'invalid_input',
        `zone ${availability_zone} is not of region ${caller.region}`,
        'give `region`, or a zone of this region',
      );
    }
    const [snapshot] = snapshot_id === undefined ? [] : await ec2.snapshotsById([snapshot_id]);
    if (snapshot) refuseSnapshot(snapshot, size);
    const what = `a volume of ${size ?? snapshot?.size_gib} GiB ${volume_type} in ${availability_zone}`;
    const from = snapshot ? `, with the data of ${snapshot.snapshot_id}` : ', empty';
    const encryption =
      encrypted === true || snapshot?.encrypted ? 'encrypted' : "encrypted if that is the account's default";
    return {
      summary: `create ${what}${from}`,
      // What is made isn't there yet: environments are told by the snapshot that it comes from, otherwise by region and
      // account.
      targets: [snapshot ? snapshotTarget(snapshot, caller) : zoneTarget(availability_zone)],
      impact: [
        {
          resource: `new volume in ${availability_zone}`,
          type: 'AWS::EC2::Volume',
          // As in a template: the attacker makes a volume of production's snapshot, and reads what is in it.
          effect: snapshot ? 'expose' : 'create',
          detail: `${what}${from}${snapshot ? ', for whoever may use it' : ''}; ${encryption}; costs storage until it is deleted${TAG_NOTE}`,
          recoverable: true,
        },
      ],
      guard: snapshot
        ? {
            [snapshot.snapshot_id]: {
              state: snapshot.state,
              size_gib: snapshot.size_gib,
              encrypted: snapshot.encrypted,
              tags: { ...snapshot.tags },
            },
          }
        : {},
    };
  },

  permits(plan) {
    const place = placeOf(plan);
    const made = ['volume'];
    const resources = [
      ...(plan.arguments.snapshot_id === undefined ? [] : [plan.arguments.snapshot_id]).map((id) => ec2Arn(id, place)),
      ...made.map((kind) => anyOf(kind, place)),
    ];
    return {
      permissions: [
        { actions: ['ec2:CreateVolume'], resources },
        taggingIn('CreateVolume', made, place),
        ...keysOfDisks(place),
      ],
    };
  },

  async execute({ ticket, arguments: { tags, ...volume } }, { ec2 }, attempt) {
    await ec2.createVolume({ ...volume, tags: tagsWithTicket(tags, ticket, attempt), token: attempt.token });
  },

  async observe({ arguments: { availability_zone, snapshot_id } }, { ec2, caller }, attempt) {
    // DescribeVolumes tells no client tokens, so the tag is asked for; zone and snapshot are a volume's for good.
    const tagged = await ec2.everyVolume(madeBy(attempt));
    const made = tagged.filter(
      (volume) => volume.availability_zone === availability_zone && (volume.snapshot_id || undefined) === snapshot_id,
    );
    return observeMade(
      made.map(({ volume_id, state, create_time }) => ({
        resource: volumeArn(volume_id, caller),
        id: volume_id,
        state,
        made_at: create_time,
      })),
      { noun: 'volume', under_way: ['creating'], done: ['available', 'in-use'] },
      attempt,
    );
  },
});

function refuseSnapshot({ snapshot_id, state, size_gib }: Snapshot, size: number | undefined): void {
  if (state !== 'completed')
    throw wrongState(`${snapshot_id} is ${state}`, waitOr(state, 'completed', 'name another snapshot'));
  if (size === undefined || size >= size_gib) return;
  throw new HoldshortError(
    'invalid_input',
    `size ${size} GiB is less than the ${size_gib} GiB of ${snapshot_id}`,
    'leave size out, or give at least that',
  );
}

function zoneTarget(zone: string): Target {
  return { id: `new volume in ${zone}`, type: 'AWS::EC2::Volume', name: zone, tags: {} };
}
