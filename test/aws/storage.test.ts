import { afterEach, describe, expect, test } from 'vitest';
import { wasRefused } from '../../src/aws/request/errors.ts';
import type { StorageReader, StorageWriter } from '../../tools/ports/ec2-storage.ts';
import { type Endpoint, ec2ErrorXml, http, identity, startEndpoint } from '../scenes/endpoints.ts';
import { testAws } from '../scenes/tools.ts';

const [VOLUME, SNAPSHOT, IMAGE] = ['vol-00000000000000001', 'snap-00000000000000001', 'ami-00000000000000001'];
const INSTANCE = 'i-00000000000000001';

const WRITES: Record<string, (ec2: StorageWriter) => Promise<void>> = {
  CreateVolume: (ec2) =>
    ec2.createVolume({ availability_zone: 'eu-west-1a', size: 1, volume_type: 'gp3', tags: {}, token: 't' }),
  AttachVolume: (ec2) => ec2.attachVolume({ volume_id: VOLUME, instance_id: INSTANCE, device: '/dev/sdf' }),
  DetachVolume: (ec2) => ec2.detachVolume({ volume_id: VOLUME, instance_id: INSTANCE }),
  DeleteVolume: (ec2) => ec2.deleteVolume(VOLUME),
  CreateSnapshot: (ec2) => ec2.createSnapshot({ volume_id: VOLUME, tags: {} }),
  DeleteSnapshot: (ec2) => ec2.deleteSnapshot(SNAPSHOT),
  CreateImage: (ec2) => ec2.createImage({ instance_id: INSTANCE, name: 'n', no_reboot: true, tags: {} }),
  DeregisterImage: (ec2) => ec2.deregisterImage(IMAGE),
};

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

async function failing(action: string, answer: string | undefined): Promise<unknown> {
  server = await startEndpoint(() => answer);
  const { ec2 } = await testAws(server.endpoint).writers();
  return await WRITES[action]?.(ec2).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each(Object.keys(WRITES))('%s', (action) => {
  test.each([
    ['a dropped connection', undefined],
    ['a server error', http(500, ec2ErrorXml('InternalError', 'oops'))],
    ['an HTML page with status 200', http(200, '<html><body>Sign in</body></html>', 'text/html')],
    ['an answer that is cut off', http(200, `<${action}Response><`)],
  ])('goes out once on %s, and what became of it is unclear', async (_, answer) => {
    const error = await failing(action, answer);
    expect(server?.actions).toEqual([action]);
    expect(error).toMatchObject({ code: 'aws_unreachable' });
    expect(wasRefused(error)).toBe(false);
  });

  test("AWS's own no is certain", async () => {
    const error = await failing(action, http(400, ec2ErrorXml('OperationNotPermitted', 'not so')));
    expect(error).toMatchObject({ code: 'aws_rejected', awsCode: 'OperationNotPermitted' });
    expect(wasRefused(error)).toBe(true);
  });
});

test('an id of another kind is not sent at all', async () => {
  server = await startEndpoint(() => undefined);
  const { ec2 } = await testAws(server.endpoint).writers();
  for (const write of [
    ec2.deleteVolume(SNAPSHOT),
    ec2.deleteSnapshot(''),
    ec2.deregisterImage(VOLUME),
    ec2.detachVolume({ volume_id: VOLUME, instance_id: '' }),
  ]) {
    await expect(write).rejects.toMatchObject({ code: 'internal' });
  }
  expect(server.actions).toEqual([]);
});

const READS: readonly [string, (ec2: StorageReader) => Promise<unknown>][] = [
  ['DescribeVolumes', (ec2) => ec2.everyVolume([])],
  ['DescribeSnapshots', (ec2) => ec2.everyOwnSnapshot([])],
  ['DescribeImages', (ec2) => ec2.everyOwnImage([])],
  ['DescribeLaunchTemplateVersions', (ec2) => ec2.launchTemplateVersions()],
  ['DescribeSnapshotAttribute', (ec2) => ec2.snapshotSharedWith(SNAPSHOT)],
];

async function readerOf(answer: (page: number) => string): Promise<StorageReader> {
  let pages = 0;
  server = await startEndpoint((action) => {
    if (action === 'GetCallerIdentity') return identity();
    pages += 1;
    return answer(pages);
  });
  return (await testAws(server.endpoint).readers()).ec2;
}

test.each(READS)('%s that is answered by a page of a proxy is an error', async (_, read) => {
  const ec2 = await readerOf(() => http(200, '<html><body>Sign in</body></html>', 'text/html'));
  await expect(read(ec2)).rejects.toMatchObject({ code: 'aws_unreachable' });
});

test('a plan sees all pages, and what looks like a credential in none', async () => {
  const volume = (id: string, next: string) =>
    http(
      200,
      `<DescribeVolumesResponse><volumeSet><item><volumeId>${id}</volumeId><tagSet><item><key>db_password</key><value>hunter2</value></item><item><key>note</key><value>key AKIAABCDEFGHIJKLMNOP</value></item></tagSet></item></volumeSet>${next}</DescribeVolumesResponse>`,
    );
  const ec2 = await readerOf((page) =>
    page === 1 ? volume('vol-1', '<nextToken>more</nextToken>') : volume('vol-2', ''),
  );
  const volumes = await ec2.everyVolume([]);
  expect(volumes.map(({ volume_id }) => volume_id)).toEqual(['vol-1', 'vol-2']);
  expect(volumes[0]?.tags).toEqual({ db_password: '[hidden:secret]', note: 'key AKIA[hidden:secret]' });
});

test('an endpoint that does not know an operation gives a clear error', async () => {
  const ec2 = await readerOf(() => http(400, ec2ErrorXml('InvalidAction', 'The action is not valid')));
  await expect(ec2.launchTemplateVersions()).rejects.toMatchObject({ code: 'aws_rejected', awsCode: 'InvalidAction' });
});
