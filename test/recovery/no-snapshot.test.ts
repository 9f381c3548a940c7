import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateSnapshotCommand, DescribeVolumesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, KEY_IN_PRODUCTION, makePlace, type Place, REASON, TAKES_KEY } from '../scenes/front-door.ts';
import { type Gateway, startGateway } from '../scenes/gateway.ts';
import { agentHere, enroll } from '../scenes/here.ts';

/*
 * The policy that docs/recovery.md shows, which nothing without a way back gets past: the only copy of something does
 * not, alone or along with what comes back.
 */

const PAGE = readFileSync(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
const [, POLICY = ''] = /```cedar\n(.*?)```/s.exec(PAGE) ?? [];

let cloud: Cloud;
let gateway: Gateway;
let place: Place;
let agent: Agent;
let ec2: EC2Client;
/** The volume whose snapshots are archived. */
let archived: string | undefined;

beforeAll(async () => {
  cloud = await startCloud(
    {
      instances: [{ tags: { Name: 'bare' } }, { tags: { Name: 'saved' } }],
      volumes: [{}, { snapshots: 1 }, {}],
    },
    { latencyMs: 0 },
  );
  gateway = await startGateway(cloud.endpoint, {
    DescribeSnapshots: async (forward, parameters) => {
      const { body, ...answer } = await forward();
      const isArchived = archived !== undefined && [...parameters.values()].includes(archived);
      return {
        ...answer,
        body: isArchived ? body.replaceAll('>standard</storageTier>', '>archive</storageTier>') : body,
      };
    },
  });
  place = makePlace({ endpoint: gateway.endpoint, config: TAKES_KEY });
  writeFileSync(join(place.home, 'policy.cedar'), `${KEY_IN_PRODUCTION}\n${POLICY}`);
  await enroll(place, 'ann');
  agent = await agentHere(place, { operator: 'otto' });
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  ec2 = new EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
});
afterAll(async () => {
  ec2.destroy();
  await agent.close();
  await place[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

/** What becomes of it: held for a person, or refused by which policy. */
async function met(tool: string, args: Record<string, unknown>): Promise<string> {
  const { outcome, refusal } = await agent.call(tool, { ...args, reason: REASON });
  if (outcome === 'pending_approval') return 'held';
  expect(refusal?.message).toContain('nothing-without-a-way-back');
  return refusal.code;
}

async function shown(tool: string, args: Record<string, unknown>): Promise<string> {
  const { ticket } = await agent.call(tool, { ...args, reason: REASON });
  return (await place.cli(['tickets', 'show', ticket.id])).stdout.replace(/\s+/g, ' ');
}

async function disks() {
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
  return Volumes.map(({ VolumeId = '', Attachments: [at] = [] }) => ({ id: VolumeId, of: at?.InstanceId }));
}

const snapshotOf = async (VolumeId: string | undefined) => await ec2.send(new CreateSnapshotCommand({ VolumeId }));

test('a volume needs a snapshot that a volume can be made of', async () => {
  const [bare, kept, old] = (await disks()).filter(({ of }) => of === undefined).map(({ id }) => id);
  expect(await met('ec2_delete_volume', { volume_id: bare })).toBe('policy_forbids');
  expect(await met('ec2_delete_volume', { volume_id: kept })).toBe('held');
  await snapshotOf(old);
  archived = old;
  expect(await met('ec2_delete_volume', { volume_id: old })).toBe('policy_forbids');
  const text = await shown('ec2_delete_volume', { volume_id: old });
  expect(text).toContain('no: nothing of it is kept');
  expect(text).toContain('there is no snapshot of it that a volume can be made of');
});

test('of an instance each disk that goes along needs one, its root too, also beside another that has them', async () => {
  const { instances } = await agent.call('ec2_describe_instances');
  const idOf = (name: string) =>
    instances.find(({ tags }: { tags: Record<string, string> }) => tags.Name === name)?.instance_id;
  const rootOf = async (id: string) => (await disks()).find(({ of }) => of === id)?.id;
  const [bare, saved] = [idOf('bare'), idOf('saved')];
  expect(await met('ec2_terminate_instances', { instance_ids: [bare] })).toBe('policy_forbids');
  const text = await shown('ec2_terminate_instances', { instance_ids: [bare] });
  expect(text).toContain('no: nothing of it is kept');
  expect(text).toContain('deleted with it; there is no snapshot of it that a volume can be made of');
  await snapshotOf(await rootOf(saved));
  expect(await met('ec2_terminate_instances', { instance_ids: [saved] })).toBe('held');
  expect(await met('ec2_terminate_instances', { instance_ids: [bare, saved] })).toBe('policy_forbids');
  const { Instances: [stays] = [] } = await ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, DeleteOnTermination: false } }],
    }),
  );
  expect(await met('ec2_terminate_instances', { instance_ids: [stays?.InstanceId] })).toBe('held');
});
