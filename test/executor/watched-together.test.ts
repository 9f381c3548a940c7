import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { slotsOf } from '../../src/executor/slots.ts';
import { type CloudRequest, startCloud } from '../scenes/cloud.ts';
import { REASON, until } from '../scenes/front-door.ts';
import { instanceIds, NOTHING_HELD, setScene } from '../scenes/whole.ts';

const EACH = 20;
/** Longer than the test takes: none of them ends. */
const STEP_MS = 10 * 60_000;
const AWS = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' } };
const LISTINGS = ['DescribeVolumes', 'DescribeSnapshots', 'DescribeInstances'] as const;

/** What a listing is of: the values that its one filter has. */
function valuesIn({ parameters }: CloudRequest): readonly string[] {
  const [filter] = (parameters.Filters ?? []) as { readonly Values: readonly string[] }[];
  return filter?.Values ?? [];
}

test('sixty things of EC2 that are watched cost one listing of each kind at a time, and twenty stacks one each', async () => {
  const many = Array.from({ length: EACH }, (_, n) => n);
  const queue = { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
  const seed = {
    instances: many.map(() => ({})),
    volumes: [...many, ...many].map(() => ({})),
    stacks: many.map((n) => ({ name: `slow-${n}`, template: queue })),
  };
  await using scene = await setScene(seed, { config: NOTHING_HELD, latencyMs: STEP_MS });
  const { agent, cloud } = scene;
  const ask = (tool: string, args: object) => void agent.call(tool, { ...args, reason: REASON }).catch(() => undefined);
  const instances = await instanceIds(scene);
  const free = new DescribeVolumesCommand({ Filters: [{ Name: 'status', Values: ['available'] }] });
  const { Volumes: volumes = [] } = await scene.ec2.send(free);
  await scene.executing();
  for (const n of many) {
    ask('ec2_stop_instances', { instance_ids: [instances[n]] });
    ask('ec2_delete_volume', { volume_id: volumes[n]?.VolumeId });
    ask('ec2_create_snapshot', { volume_id: volumes[n + EACH]?.VolumeId });
    ask('cloudformation_delete_stack', { stack_name: `slow-${n}` });
  }
  for (const action of ['StopInstances', 'DeleteVolume', 'CreateSnapshot', 'DeleteStack'])
    await cloud.arrived(action, EACH);

  // Three in a row, of all of them each, with none of one thing alone in between.
  const sizes = (all: readonly CloudRequest[], of: string) =>
    all.filter(({ action }) => action === of).map((one) => valuesIn(one).length);
  const seen = await until(
    async () => await cloud.requests(),
    (all) =>
      LISTINGS.every((of) =>
        sizes(all, of)
          .slice(-3)
          .every((size) => size === EACH),
      ),
    120_000,
  );
  expect(scene.rows("SELECT id FROM ticket WHERE state = 'executing'")).toHaveLength(4 * EACH);
  // Of each stack its own events, and it: AWS lists those of one stack at a time.
  const looks = (of: string) => seen.filter(({ action, parameters }) => action === of && parameters.StackName);
  const stacks = new Set(looks('DescribeStackEvents').map(({ parameters }) => parameters.StackName));
  expect(stacks.size).toBe(EACH);
}, 240_000);

test('a look is told of what was asked after it came, and one that is gone fails no other', async () => {
  await using cloud = await startCloud({ volumes: [{}, {}] });
  const aws = createAws({ ...AWS, endpoint: cloud.endpoint });
  const slots = slotsOf(2);
  const look = async (...ids: string[]) =>
    await slots.in(async (aside) => {
      const { ec2 } = await aws.watching('eu-west-1', AbortSignal.timeout(60_000), { in: slots.in, aside });
      return (await ec2.everyVolume([{ name: 'volume-id', values: ids }])).map(({ volume_id }) => volume_id);
    });
  const { ec2 } = await aws.readers();
  const [one = '', other = ''] = (await ec2.everyVolume([])).map(({ volume_id }) => volume_id);
  const gone = 'vol-0123456789abcdef0';
  const before = (await cloud.requests('DescribeVolumes')).length;
  const listings = async () => (await cloud.requests('DescribeVolumes')).slice(before).map((asked) => valuesIn(asked));

  expect(await Promise.all([look(one), look(gone), look(other), look(one, other)])).toEqual([
    [one],
    [],
    [other],
    [one, other],
  ]);
  expect(await listings()).toEqual([[one, gone, other]]);

  await cloud.fault({ action: 'DescribeVolumes', mode: 'hold_before' });
  const asked = look(one);
  await cloud.arrived('DescribeVolumes', before + 2);
  const later = look(one);
  await cloud.release('DescribeVolumes');
  expect(await Promise.all([asked, later])).toEqual([[one], [one]]);
  expect(await listings()).toEqual([[one, gone, other], [one], [one]]);

  await cloud.fault({ action: 'DescribeVolumes', mode: 'error_before', status: 403, code: 'UnauthorizedOperation' });
  const failed = await Promise.allSettled([look(one), look(other)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await look(one)).toEqual([one]);
});

test('more than a filter may hold are asked for in parts, and a pattern by itself', async () => {
  await using cloud = await startCloud({ volumes: [{}] });
  const aws = createAws({ ...AWS, endpoint: cloud.endpoint });
  const slots = slotsOf(1);
  const look = async (value: string) =>
    await slots.in(async (aside) => {
      const { ec2 } = await aws.watching('eu-west-1', AbortSignal.timeout(60_000), { in: slots.in, aside });
      return (await ec2.everyVolume([{ name: 'volume-id', values: [value] }])).length;
    });
  const ids = Array.from({ length: 450 }, (_, n) => `vol-${n.toString(16).padStart(17, '0')}`);
  const found = await Promise.all([...ids.map(look), look('vol-*')]);
  expect(found.filter((count) => count > 0)).toEqual([1]);
  const sizes = (await cloud.requests('DescribeVolumes')).map((asked) => valuesIn(asked).length);
  expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 50, 200, 200]);
});
