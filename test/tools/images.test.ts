import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STACK, type StorageScene, storageScene } from '../scenes/storage.ts';
import { effects, propose, read } from '../scenes/tools.ts';

let scene: StorageScene;
beforeAll(async () => {
  scene = await storageScene();
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const create = (instance_id: string, name: string, more: object = {}) =>
  propose(scene.aws, 'ec2_create_image', { instance_id, name, ...more });
const deregister = (image_id: string) => propose(scene.aws, 'ec2_deregister_image', { image_id });

test('an image of a running instance reboots it, unless it is told not to; then its files may be inconsistent', async () => {
  const instance = await scene.instance();
  const image = ['create AWS::EC2::Image', 'create AWS::EC2::Snapshot'];
  const rebooting = await create(instance, 'with-reboot');
  expect(effects(rebooting)).toEqual(['disrupt AWS::EC2::Instance', ...image]);
  expect(rebooting.summary).toContain('which reboots');
  const live = await create(instance, 'without-reboot', { no_reboot: true });
  expect(effects(live)).toEqual(image);
  expect(live.impact[0]?.detail).toContain('may be inconsistent');
  await scene.ec2.send(new sdk.StopInstancesCommand({ InstanceIds: [instance] }));
  const stopped = await rebooting.again();
  expect(effects(stopped)).toEqual(image);
  expect(stopped.impact[0]?.detail).not.toContain('inconsistent');
  expect(stopped.guard).not.toEqual(rebooting.guard);
});

test('what is approved is what is sent, and the image is found by its tag', async () => {
  const instance = await scene.instance();
  for (const no_reboot of [true, false]) {
    const made = await create(instance, `sent ${no_reboot}`, { no_reboot, tags: { env: 'dev' } });
    expect(await made.observe()).toMatchObject({ state: 'unknown' });
    await made.execute();
    const sent = (await scene.cloud.requests('CreateImage')).at(-1);
    expect(sent?.parameters.NoReboot).toBe(no_reboot);
    const outcome = await made.outcome();
    expect(outcome).toMatchObject({ state: 'succeeded', resources: [{ outcome: 'succeeded' }] });
    const { images } = await read(scene.aws, 'ec2_describe_images', { name: `sent ${no_reboot}` });
    expect(outcome.resources[0]?.resource).toBe(`arn:aws:ec2:eu-west-1::image/${images[0].image_id}`);
    expect(images).toMatchObject([{ tags: { env: 'dev' }, snapshot_ids: [expect.stringMatching(/^snap-/)] }]);
  }
});

test('a second image of the same name is refused, and so is one of what is gone', async () => {
  const instance = await scene.instance();
  await scene.image(instance, 'taken');
  await expect(create(instance, 'taken')).rejects.toMatchObject({ code: 'wrong_state' });
  await scene.ec2.send(new sdk.TerminateInstancesCommand({ InstanceIds: [instance] }));
  // It never runs again: waiting would be in vain.
  const ended = { code: 'wrong_state', recovery: 'name another instance' };
  await expect(create(instance, 'free')).rejects.toMatchObject(ended);
  await expect(create('i-00000000000000001', 'free')).rejects.toMatchObject({ code: 'not_found' });
});

test('deregistering says who uses the image, what stays, and who loses it', async () => {
  const source = await scene.instance();
  const image = await scene.image(source, 'fleet', { [STACK]: 'golden' });
  const { images } = await read(scene.aws, 'ec2_describe_images', { image_ids: [image] });
  const unused = await deregister(image);
  const launched = await scene.instance({ ImageId: image });
  expect((await unused.again()).guard).not.toEqual(unused.guard);
  const ended = await scene.instance({ ImageId: image });
  await scene.ec2.send(new sdk.TerminateInstancesCommand({ InstanceIds: [ended] }));
  const before = await deregister(image);
  expect(effects(before)).toEqual(['delete AWS::EC2::Image']);

  const LaunchPermission = { Add: [{ UserId: '210987654321' }] };
  await scene.ec2.send(new sdk.ModifyImageAttributeCommand({ ImageId: image, LaunchPermission }));
  const shared = await before.again();
  expect(shared.guard).not.toEqual(before.guard);
  const template = async (LaunchTemplateName: string, ImageId: string) =>
    await scene.ec2.send(new sdk.CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { ImageId } }));
  const made = await template('web', image);
  await template('unrelated', 'ami-0abcdef1234567890');
  await template('by-parameter', 'resolve:ssm:/golden/ami');
  const proposal = await deregister(image);
  expect(proposal.guard).not.toEqual(shared.guard);
  expect(effects(proposal)).toEqual(['delete AWS::EC2::Image', 'disrupt AWS::EC2::LaunchTemplate']);
  expect(proposal.impact[1]).toMatchObject({
    resource: made.LaunchTemplate?.LaunchTemplateId,
    detail: expect.stringContaining('can launch no instance any more by version 1'),
  });
  const detail = proposal.impact[0]?.detail ?? '';
  for (const said of [
    'named by 1 launch template;',
    `1 instance was launched from it (${launched}): they go on`,
    'shared with 210987654321',
    `stays: ${images[0].snapshot_ids[0]}`,
    'belongs to stack golden',
    'nor is what 1 launch template name through a parameter',
  ]) {
    expect(detail).toContain(said);
  }
  expect(proposal.impact[0]?.recoverable).toBe(false);
  expect(await proposal.observe()).toMatchObject({ state: 'unknown' });
  await proposal.execute();
  expect(await proposal.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(deregister(image)).rejects.toMatchObject({ code: 'not_found' });
  const { snapshots } = await read(scene.aws, 'ec2_describe_snapshots', { snapshot_ids: images[0].snapshot_ids });
  expect(snapshots).toHaveLength(1);
});

test('a protected image, and one of AWS Backup, is refused; so is one of others', async () => {
  const instance = await scene.instance();
  const held = await scene.image(instance, 'held');
  await scene.ec2.send(new sdk.EnableImageDeregistrationProtectionCommand({ ImageId: held }));
  await expect(deregister(held)).rejects.toMatchObject({ code: 'protected' });
  const point = await scene.image(instance, 'point', { 'aws:backup:source-resource': 'x' });
  await expect(deregister(point)).rejects.toMatchObject({ code: 'protected' });
  const theirs = { code: 'not_found', message: expect.stringContaining('belongs to account') };
  await expect(deregister('ami-0abcdef1234567890')).rejects.toMatchObject(theirs);
});

test('an image is waited for until it is available; deregistered, but listed for a while, it counts as gone', async () => {
  await using slow = await storageScene({ held: true });
  const instance = await slow.instance();
  const made = (name: string) => propose(slow.aws, 'ec2_create_image', { instance_id: instance, name });
  await expect(made('early')).rejects.toMatchObject({
    code: 'wrong_state',
    message: expect.stringContaining('pending'),
    recovery: expect.stringMatching(/^wait/),
  });
  slow.pass();
  const proposal = await made('slow');
  await proposal.execute();
  expect(await proposal.observe()).toMatchObject({ state: 'pending' });
  slow.pass();
  const { resources } = await proposal.outcome();
  const image_id = resources[0]?.resource.split('/')[1];
  const remove = await propose(slow.aws, 'ec2_deregister_image', { image_id });
  await remove.execute();
  expect(await remove.outcome()).toMatchObject({ state: 'succeeded' });
  await expect(remove.again()).rejects.toMatchObject({ code: 'wrong_state' });
});

test('the account sees its own images, and those of others when it asks for them', async () => {
  const { images } = await read(scene.aws, 'ec2_describe_images', { owners: ['amazon'], name: 'al2023*' });
  expect(images).toMatchObject([{ owner_alias: 'amazon', public: true }]);
  const own = await read(scene.aws, 'ec2_describe_images');
  expect(own.images.every((image: { owner_id: string }) => image.owner_id === '123456789012')).toBe(true);
  const both = read(scene.aws, 'ec2_describe_images', { image_ids: ['ami-0abcdef1234567890'], name: 'x' });
  await expect(both).rejects.toMatchObject({ code: 'invalid_input' });
  const missing = read(scene.aws, 'ec2_describe_images', { image_ids: ['ami-00000000000000001'] });
  await expect(missing).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('ami-0000') });
});
