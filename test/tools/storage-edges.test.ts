import { afterEach, expect, test } from 'vitest';
import { type Endpoint, http, identity, startEndpoint } from '../scenes/endpoints.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

/*
 * What AWS can say and neither the sandbox nor moto does, said at the wire.
 */
const [VOLUME, INSTANCE, OTHER] = ['vol-00000000000000001', 'i-00000000000000001', 'i-00000000000000002'];
const SNAPSHOT = 'snap-00000000000000001';

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

async function cloudThatSays(answers: Record<string, string>) {
  server = await startEndpoint((action) =>
    action === 'GetCallerIdentity'
      ? identity()
      : http(200, `<${action}Response>${answers[action] ?? ''}</${action}Response>`),
  );
  return testAws(server.endpoint);
}

const attachment = (instance: string, state: string, device = '/dev/sdf') =>
  `<item>${instance ? `<instanceId>${instance}</instanceId>` : ''}<device>${device}</device><status>${state}</status></item>`;
const volumes = (...attachments: string[]) =>
  `<volumeSet><item><volumeId>${VOLUME}</volumeId><size>8</size><volumeType>io2</volumeType><status>in-use</status><attachmentSet>${attachments.join('')}</attachmentSet></item></volumeSet>`;
const instances = (more = '<rootDeviceName>/dev/xvda</rootDeviceName>') =>
  `<reservationSet><item><instancesSet><item><instanceId>${INSTANCE}</instanceId><instanceState><name>running</name></instanceState>${more}</item></instancesSet></item></reservationSet>`;
const snapshots = (volume: string, state: string) =>
  `<snapshotSet><item><snapshotId>${SNAPSHOT}</snapshotId><volumeId>${volume}</volumeId><volumeSize>8</volumeSize><status>${state}</status><statusMessage>no key</statusMessage><ownerId>123456789012</ownerId></item></snapshotSet>`;

const detach = { volume_id: VOLUME };

test('a volume that the instance still uses stays where it is, and that is said', async () => {
  const answers = { DescribeVolumes: volumes(attachment(INSTANCE, 'attached')), DescribeInstances: instances() };
  const proposal = await propose(await cloudThatSays(answers), 'ec2_detach_volume', detach);
  answers.DescribeVolumes = volumes(attachment(INSTANCE, 'busy'));
  expect(await proposal.observe()).toMatchObject({ state: 'unknown', detail: expect.stringContaining('unmount it') });
  await expect(proposal.again()).rejects.toMatchObject({ code: 'wrong_state' });
});

test.each([
  ['several instances', volumes(attachment(INSTANCE, 'attached'), attachment(OTHER, 'attached'))],
  ['something that is no instance', volumes(attachment('', 'attached'))],
  ['what AWS does not call the root, but is named like one', volumes(attachment(INSTANCE, 'attached', '/dev/sda1'))],
])('a volume of %s is not detached', async (_, DescribeVolumes) => {
  const aws = await cloudThatSays({ DescribeVolumes, DescribeInstances: instances('') });
  await expect(propose(aws, 'ec2_detach_volume', detach)).rejects.toMatchObject({ code: 'wrong_state' });
});

test('attachments come in one order, whatever AWS gives', async () => {
  const two = [attachment(OTHER, 'attached'), attachment(INSTANCE, 'attached')];
  const aws = await cloudThatSays({ DescribeVolumes: volumes(...two) });
  const said = await read(aws, 'ec2_describe_volumes');
  expect(said.volumes[0].attachments.map((one: { instance_id: string }) => one.instance_id)).toEqual([INSTANCE, OTHER]);
});

test.each([
  ['vol-ffffffff', 'completed', /^a copy of another snapshot: .* may be all that holds its data/],
  [VOLUME, 'error', /^a failed snapshot of .* holds nothing/],
])('deleting a snapshot of %s that is %s', async (volume, state, said) => {
  const empty = {
    DescribeVolumes: '<volumeSet/>',
    DescribeImages: '<imagesSet/>',
    DescribeLaunchTemplateVersions: '<launchTemplateVersionSet/>',
    DescribeSnapshotAttribute: `<snapshotId>${SNAPSHOT}</snapshotId><createVolumePermission/>`,
  };
  const aws = await cloudThatSays({ ...empty, DescribeSnapshots: snapshots(volume, state) });
  const { impact } = await propose(aws, 'ec2_delete_snapshot', { snapshot_id: SNAPSHOT });
  expect(impact[0]?.detail).toMatch(said);
});

test('a snapshot that AWS could not make is a failure, with the reason', async () => {
  const answers = {
    DescribeVolumes: volumes(attachment(INSTANCE, 'attached')),
    DescribeSnapshots: snapshots(VOLUME, 'error'),
  };
  const proposal = await propose(await cloudThatSays(answers), 'ec2_create_snapshot', { volume_id: VOLUME });
  expect(await proposal.observe()).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('no key'),
    resources: [{ outcome: 'failed' }],
  });
});

test('no image is made of an instance whose root is on an instance store', async () => {
  const store = '<rootDeviceType>instance-store</rootDeviceType>';
  const aws = await cloudThatSays({ DescribeInstances: instances(store) });
  const proposal = propose(aws, 'ec2_create_image', { instance_id: INSTANCE, name: 'golden' });
  await expect(proposal).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining('store') });
});
