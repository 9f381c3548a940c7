import { expect, test } from 'vitest';
import { storageScene } from '../scenes/storage.ts';
import { propose } from '../scenes/tools.ts';

/* What AWS Backup has of what is to be deleted is named before anyone decides. */

const SOURCE = 'aws:backup:source-resource';
const arn = (kind: string, id: string) => ({ [SOURCE]: `arn:aws:ec2:eu-west-1:123456789012:${kind}/${id}` });

test('a volume: how many recovery points there are, and the newest; other snapshots are none', async () => {
  await using scene = await storageScene();
  const volume = await scene.volume();
  const remove = () => propose(scene.aws, 'ec2_delete_volume', { volume_id: volume });
  await scene.snapshot(volume);
  expect((await remove()).impact[0]?.detail).not.toContain('AWS Backup');
  const first = await scene.snapshot(volume, arn('volume', volume));
  expect((await remove()).impact[0]?.detail).toMatch(
    new RegExp(`; AWS Backup has a recovery point of it, ${first} of 20[^,]*, which nobody has tried here`),
  );
  const second = await scene.snapshot(volume, arn('volume', volume));
  await scene.snapshot(volume);
  expect((await remove()).impact[0]?.detail).toMatch(
    new RegExp(`; AWS Backup has 2 recovery points of it, the newest ${second} of 20`),
  );
});

test('instances and their disks: each by its own', async () => {
  await using scene = await storageScene();
  const [one, other] = [await scene.instance(), await scene.instance()];
  const point = await scene.image(one, 'point', arn('instance', one));
  // An id that only ends like that one, and an image of people's own.
  await scene.image(other, 'like', { [SOURCE]: `arn:aws:ec2:eu-west-1:123456789012:instance/x${one}` });
  await scene.image(other, 'own');
  const root = await scene.rootOf(other);
  const disk = await scene.snapshot(root, arn('volume', root));
  const { impact } = await propose(scene.aws, 'ec2_terminate_instances', { instance_ids: [one, other] });
  const of = (id: string) => impact.filter(({ resource }) => resource.endsWith(id)).map(({ detail }) => detail);
  expect(of(one)).toEqual([expect.stringContaining(`AWS Backup has a recovery point of it, ${point} of 20`)]);
  expect(of(other)).toEqual([expect.not.stringContaining('AWS Backup')]);
  expect(of(root)).toEqual([expect.stringContaining(`AWS Backup has a recovery point of it, ${disk} of 20`)]);
});

test('where snapshots are taken first a new one of AWS Backup is nothing that the plan rests on', async () => {
  await using scene = await storageScene();
  const volume = await scene.volume();
  const first = await propose(scene.aws, 'ec2_delete_volume', { volume_id: volume, snapshot_first: true });
  await scene.snapshot(volume, arn('volume', volume));
  const again = await first.again();
  expect([again.impact, again.guard]).toEqual([first.impact, first.guard]);
});
